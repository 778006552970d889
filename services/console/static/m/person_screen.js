// One person (一人): what the phone knows, what waits of them, and what can be done.
import { app, run, trouble, note } from "./app.js";
import { isDue, standing } from "./list_screen.js";
import { today } from "./day.js";
import { held } from "./fair.js";
import { button, facts, h, link, tag } from "./dom.js";
import * as overlay from "./overlay.js";
import { add, counted } from "./queue.js";
import { heading, pendingTag, wishLines } from "./telling.js";
import { _, name } from "./say.js";
import { call } from "./server.js";

export function person(copy, id) {
  const row = overlay.person(copy, id);
  if (!row) return h("p", { class: "empty" }, _("本机没有此人：可能已不在范围内。"));
  const disputed = copy.conflicts.filter((each) => each.person === id);
  return [
    h("h1", {}, row.name, h("small", {}, heading(row))),
    h("p", {}, isDue(row) && !row.isNew ? tag(_("本季未访"), "busy") : null, " ", row.left ? tag(_("减员待发送"), "bad") : null, " ", row.pending.length || disputed.length ? link(counted(row.pending, disputed), "queue") : null),
    row.left ? null : doing(copy, row),
    h("section", { class: "sheet" }, facts(known(row))),
    row.wish ? h("section", { class: "sheet" }, h("h2", {}, _("求职意愿")), facts(wishLines(row.wish))) : null,
    row.isNew ? null : revealing(copy, row),
    household(copy, row),
  ];
}

const isToday = ({ mutation }) => mutation.kind === "visit" && mutation.found === "no_change" && mutation.on === today();

/** One press: what was said before still holds; pressed again it says nothing new. */
function doing(copy, row) {
  const unchanged = async () => {
    await add(copy, { kind: "visit", person: row.id, on: today(), found: "no_change" }, row.id);
    app.draw();
    note({ tone: "good", text: _("已记下：没有变化。") });
    run();
  };
  return h("div", { class: "doing" },
    button(_("无变化"), unchanged, { id: "unchanged", disabled: row.pending.some(isToday) }), link(_("走访"), `visit/${row.id}`, { class: "button" }),
    row.isNew || !held(copy).length ? null : link(_("现场签约"), `sign/${row.id}`, { class: "button", id: "sign" }),
    row.isNew ? null : link(_("情况更正"), `correct/${row.id}`, { class: "button plain" }), link(_("去世、迁出"), `depart/${row.id}`, { class: "button plain" }));
}

const known = (row) => [
  [_("村"), `${row.township} ${row.village}`], [_("电话"), row.phone], [_("民族"), row.ethnic_group], [_("学历"), row.education], [_("在校生状况"), row.pupil],
  [_("劳动技能"), row.ability], [_("健康状况"), (row.health ?? []).join("、")], [_("务工所在地"), row.work_place ? name("work_place", row.work_place) : _("未务工")],
  [_("就业渠道"), row.channel], [_("愿意外出务工"), row.willing === null ? _("尚未走访") : row.willing ? _("愿意外出") : _("不愿外出")], [_("上次走访"), row.visited],
];

function household(copy, row) {
  const others = overlay.household(copy, row.household).filter((each) => each.id !== row.id);
  return h("section", { class: "sheet" }, h("h2", {}, _("同户")),
    h("ul", { class: "people" }, others.map((each) => h("li", {}, link([h("b", {}, each.name), h("span", { class: "about" }, heading(each)), h("span", { class: "tags" }, standing(each), pendingTag(each))], `person/${each.id}`)))),
    others.length ? link(_("全户走访"), `home/${row.household}`, { class: "button", id: "home" }) : null,
    copy.households.has(row.household) ? link(_("本户新增一人"), `enter/${row.household}`, { class: "button plain" }) : null);
}

/** The name itself, for a purpose and on record, while there is a network; it is shown and not kept. */
function revealing(copy, row) {
  const told = h("p", { "aria-live": "polite" });
  const ask = async () => {
    try {
      const body = { purpose: "contact", reference: _("走访") };
      const { data } = await call(copy, `/registry/v1/labourers/${row.id}/reveal`, body);
      told.textContent = [data.name, data.phone, data.household_phone].filter(Boolean).join(" · ");
    } catch (error) {
      told.textContent = trouble(error).text;
    }
  };
  return h("p", {}, button(_("显示姓名和电话（联网，留记录）"), ask, { class: "plain" }), told);
}
