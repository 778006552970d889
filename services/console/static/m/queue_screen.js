// What waits (待办): entries to be sent, refused ones with the register's words, and what has to be decided.
import { go, run, status } from "./app.js";
import { button, facts, h, link, tag } from "./dom.js";
import * as overlay from "./overlay.js";
import { amend, mayWithdraw, withdraw } from "./queue.js";
import { told, titleOf } from "./telling.js";
import { _, half, name } from "./say.js";
import { correct, depart, enter, visit } from "./writing_screens.js";

const EDIT = { visit, correct, depart, enter };

const MOST = 200;

export function queue(copy) {
  const people = overlay.people(copy), called = (id) => people.get(id)?.name ?? _("已不在本机");
  // What was refused has to be looked at: it stands before what is still to be sent.
  const entries = [...copy.queue].sort((one, other) => (other.state === "refused") - (one.state === "refused"));
  return [
    h("h1", {}, _("待办")),
    h("section", { class: "sheet" }, h("h2", {}, _("需决定"), h("small", {}, copy.conflicts.length)), listed(copy.conflicts.map((each) => [called(each.person), h("span", { class: "about" }, each.fields.map(({ field }) => name("fact", field)).join("、")), `conflict/${each.id}`]), _("没有要决定的。"))),
    h("section", { class: "sheet" }, h("h2", {}, _("待发送"), h("small", {}, copy.queue.length)), listed(entries.slice(0, MOST).map((each) => [called(each.about), [h("span", { class: "about" }, `${titleOf(each.mutation)} ${each.mutation.on}`), stateOf(each)], `entry/${each.id}`]), _("都已发送。")), entries.length > MOST ? h("p", { class: "hint" }, _("只列出前 {most} 项，共 {n} 项。", { most: MOST, n: entries.length })) : null),
  ];
}

function listed(rows, none) {
  if (!rows.length) return h("p", { class: "hint" }, none);
  return h("ul", { class: "people" }, rows.map(([who, what, where]) => h("li", {}, link([h("b", {}, who), what], where))));
}

const whose = (copy, id) => overlay.person(copy, id)?.name ?? _("已不在本机");

export const stateOf = (entry) => (entry.state === "refused" ? tag(_("未记入"), "bad") : entry.tried ? tag(_("可能已送达"), "busy") : tag(_("待发送"), "busy"));

export function entry(copy, id) {
  const one = copy.queue.find((each) => each.id === id);
  if (!one) return [h("h1", {}, _("待办")), h("p", { class: "empty" }, _("这一项已经发送。"))];
  return [
    h("h1", {}, titleOf(one.mutation), h("small", {}, whose(copy, one.about))), h("p", {}, stateOf(one)), refusal(copy, one),
    h("section", { class: "sheet" }, facts(told(one.mutation))), doing(copy, one),
  ];
}

/** The form in which it was written. */
export function edit(copy, id) {
  const one = copy.queue.find((each) => each.id === id);
  return one && mayWithdraw(one) && EDIT[one.mutation.kind] ? EDIT[one.mutation.kind](copy, one.about, one) : entry(copy, id);
}

function doing(copy, one) {
  if (!mayWithdraw(one)) return h("p", { class: "hint" }, _("可能已送达：同步以后才知道，在此之前不能撤回。"));
  const back = async () => {
    if (!confirm(_("撤回以后这一项就没有了，确定吗？"))) return;
    await withdraw(copy, one);
    status();
    go("queue");
  };
  // The answer of a signing is kept under its id: another one is written anew.
  const edits = EDIT[one.mutation.kind] ? link(_("修改"), `edit/${one.id}`, { class: "button", id: "edit" }) : null;
  return h("p", { class: "buttons" }, edits, button(_("撤回"), back, { class: "plain", id: "withdraw" }));
}

/** Why it was not taken, in the register's own words; of somebody alike, who that is. */
function refusal(copy, one) {
  if (!one.problem) return null;
  const { title, detail, errors = [], candidates = [], elsewhere = 0 } = one.problem;
  const other = async () => {
    const labourer = { ...one.mutation.labourer, different_from: candidates.map((each) => each.id), ...(elsewhere ? { confirmed: true } : {}) };
    await amend(copy, one, { ...one.mutation, labourer });
    go("queue");
    run();
  };
  const alike = candidates.length || elsewhere;
  return h("div", { class: "notice bad", role: "alert" }, h("b", {}, half(title)), h("p", {}, half(detail)),
    h("ul", {}, errors.map((each) => h("li", {}, half(each.message)))), h("ul", {}, candidates.map((each) => h("li", {}, [each.name, each.sex, each.age_band, each.village, each.kinship].join(" · ")))),
    alike ? button(_("不是同一人，再发送"), other, { id: "different" }) : null);
}
