// My villages (我的村): everybody by village and household, found by what the phone knows of them.
import { app, note, trouble } from "./app.js";
import { quarter, today, within } from "./day.js";
import { button, h, link, tag } from "./dom.js";
import { people } from "./overlay.js";
import { pendingTag } from "./telling.js";
import { _, name } from "./say.js";
import { call } from "./server.js";

const MOST = 200;
// `found`: whom the register has found by the whole name, which does not lie on the phone.
const asked = { words: "", only: "", village: "", found: null };
const FULL_NAME = /^\p{Script=Han}{2,4}$/u;

export function list(copy) {
  const found = h("div", { id: "found" });
  const show = () => found.replaceChildren(...villages(copy));
  show();
  return [h("h1", {}, _("我的村"), h("small", {}, when(copy))), filters(copy, show), found];
}

const when = ({ cursor }) => (cursor.synced ? _("{n} 同步", { n: new Date(cursor.synced).toLocaleString() }) : _("还没有同步过"));

function filters(copy, show) {
  const typed = (key) => (event) => {
    Object.assign(asked, { [key]: event.target.value, found: null });
    show();
  };
  const places = [...new Set(copy.places.map(({ village }) => village))].sort();
  const option = (key) => ([value, label]) => h("option", { value, selected: asked[key] === value }, label);
  return h("div", { class: "filters", role: "search" },
    h("input", { type: "search", id: "words", value: asked.words, "aria-label": _("找人"), placeholder: _("姓、性别、年龄段、关系"), oninput: typed("words") }),
    h("select", { id: "village", "aria-label": _("村"), onchange: typed("village") }, [["", _("所有的村")], ...places.map((each) => [each, each])].map(option("village"))),
    h("select", { id: "only", "aria-label": _("只看"), onchange: typed("only") }, ONLY().map(option("only"))));
}

const ONLY = () => [["", _("全部")], ["due", _("本季未访")], ["labourer", _("劳动力")], ["unwilling", _("不愿外出")], ["pending", _("待发送")]];

/** A round waits for a visit; where none is open, the quarter does. */
export const isDue = (row) => row.round_open || !within(row.visited, quarter(today()));

export const standing = (row) => (row.isNew ? tag(_("新增")) : isDue(row) ? tag(_("本季未访"), "busy") : tag(_("已访"), "good"));

const KEEPS = { "": () => true, due: isDue, labourer: (row) => row.labourer, unwilling: (row) => row.willing === false, pending: (row) => row.pending.length > 0 };

function told(row) {
  return [row.name, row.sex, row.age_band, row.kinship, row.village, row.township, row.ethnic_group, row.ability, name("work_place", row.work_place)].join(" ");
}

function matching(copy) {
  const words = asked.words.split(/\s+/).filter(Boolean);
  return [...people(copy).values()].filter((row) =>
    KEEPS[asked.only](row) && (!asked.village || row.village === asked.village) && (asked.found ? asked.found.has(row.id) : words.every((word) => told(row).includes(word) || mayBe(row, word))));
}

/** Of a name the phone knows the beginning alone: whoever may have this one. */
const mayBe = ({ name: shown }, word) => FULL_NAME.test(word) && shown.endsWith("*") && word.startsWith(shown.replace(/\*+$/, ""));

/** By the whole name, asked of the register: on record, and not kept. */
function byName(copy) {
  if (asked.found || !FULL_NAME.test(asked.words.trim())) return null;
  const ask = async () => {
    try {
      const { data } = await call(copy, "/registry/v1/labourers/searches", { q: asked.words.trim(), limit: MOST });
      asked.found = new Set(data.items.map((row) => row.id));
    } catch (error) {
      note(trouble(error));
    }
    app.draw();
  };
  return h("p", {}, button(_("按全名查（联网，留记录）"), ask, { id: "by-name", class: "plain" }), h("span", { class: "hint" }, " ", _("本机只存姓，下面是可能的人。")));
}

function villages(copy) {
  const rows = matching(copy);
  const shown = rows.sort(byPlace).slice(0, MOST);
  const groups = Map.groupBy ? Map.groupBy(shown, (row) => row.village) : grouped(shown);
  const drawn = [byName(copy), ...[...groups].map(([village, residents]) => h("section", { class: "sheet" }, h("h2", {}, village, h("small", {}, _("{n} 人", { n: residents.length }))), homes(residents)))].filter(Boolean);
  if (!rows.length) drawn.push(h("p", { class: "empty" }, copy.people.size ? _("没有这样的人。") : _("还没有资料：请联网同步。")));
  if (rows.length > MOST) drawn.push(h("p", { class: "hint" }, _("只列出前 {most} 人，共 {n} 人：请选村或找人。", { most: MOST, n: rows.length })));
  return drawn;
}

const KEY = (row) => `${row.village}\u0000${row.household}\u0000${row.kinship === "户主" ? 0 : 1}`;
const byPlace = (one, other) => KEY(one).localeCompare(KEY(other));

function grouped(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.village, [...(groups.get(row.village) ?? []), row]);
  return groups;
}

function homes(rows) {
  let home = null;
  return h("ul", { class: "people" }, rows.map((row) => {
    const first = row.household !== home;
    home = row.household;
    return h("li", { class: first ? "first-of-home" : "" }, link(line(row), `person/${row.id}`, { class: row.left ? "left" : "" }));
  }));
}

function line(row) {
  return [
    h("b", {}, row.name), h("span", { class: "about" }, [row.kinship, row.sex, row.age_band].filter(Boolean).join(" · ")),
    h("span", { class: "tags" }, standing(row), pendingTag(row)),
  ];
}
