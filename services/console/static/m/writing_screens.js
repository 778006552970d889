// What a cadre writes down (填写): a visit, a signing at a fair, what was found otherwise, a new person, who has died or moved away.
import { app, go, note, run } from "./app.js";
import { today } from "./day.js";
import { h, link } from "./dom.js";
import { held } from "./fair.js";
import { errorsOf, Form } from "./form.js";
import { read } from "./number.js";
import * as overlay from "./overlay.js";
import { add, addAll, amend } from "./queue.js";
import { bodyOf, heading } from "./telling.js";
import { _, fields } from "./say.js";

/** A form's page; `say` makes the mutation of its body, or the words of what is wrong. */
function sheet({ title, about, form, say, whom, entry, hint }) {
  const wrong = h("p", { class: "wrong", role: "alert", id: "wrong" });
  const send = async (event) => {
    event.preventDefault();
    const said = say(form.body());
    const missing = form.missing();
    const complaint = missing.length ? _("请填：{fields}", { fields: missing.map(({ label }) => label).join("、") }) : typeof said === "string" ? said : "";
    wrong.textContent = complaint;
    if (missing.length) form.input(missing[0].name).focus();
    if (complaint) return;
    try {
      await (entry ? amend(app.copy, entry, said) : Array.isArray(said) ? addAll(app.copy, said) : add(app.copy, said, whom));
    } catch (error) {
      wrong.textContent = _("本机存不下，没有记下：{error}", { error });
      return;
    }
    event.target.removeAttribute("data-typed");
    go(entry ? "queue" : whom ? `person/${whom}` : "");
    note({ tone: "good", text: _("已记下。") });
    run();
  };
  return [
    h("h1", {}, title, about ? h("small", {}, about) : null), hint ? h("p", { class: "hint" }, hint) : null,
    h("form", { onsubmit: send, novalidate: true }, form.node, wrong, h("p", { class: "buttons" }, h("button", {}, _("记下")), link(_("不填了"), whom ? `person/${whom}` : ""))),
  ];
}

const early = (on) => (on > today() ? _("日期不能晚于今天（{today}）。", { today: today() }) : "");
const wrongDays = ({ on, next_visit: next }) => (next && next <= on ? _("下次走访须晚于本次。") : early(on));
const gone = () => h("p", { class: "empty" }, _("本机没有此人：可能已不在范围内。"));
const named = (row) => `${row.name} ${heading(row)}`;

/** What is there to begin with, when an entry is put right: what was written, and why it was refused. */
const again = (entry) => (entry ? { filled: bodyOf(entry.mutation), errors: errorsOf(entry.problem) } : {});

export function visit(copy, id, entry) {
  const row = overlay.person(copy, id);
  if (!row) return gone();
  const form = new Form(fields("visit"), { filled: { on: today() }, ...again(entry) });
  const say = (body) => {
    if (body.wish && body.wish.willing === undefined) return _("写了意愿，请说明是否愿意外出务工。");
    return wrongDays(body) || { ...body, kind: "visit", person: entry?.mutation.person ?? row.id };
  };
  return sheet({ title: _("走访"), about: named(row), form, say, whom: row.id, entry });
}

/** 全户走访: the same of everybody who was met; who said a wish is visited by themselves. */
export function visitHome(copy, id) {
  const here = overlay.household(copy, id).filter((row) => !row.left);
  if (!here.length) return gone();
  const met = { name: "people", label: _("见到的人"), kind: "many", needed: true, options: here.map((row) => [row.id, named(row)]) };
  const asked = fields("visit").filter((field) => ["on", "found", "next_visit"].includes(field.name));
  const form = new Form([met, ...asked], { filled: { on: today(), found: "no_change", people: met.options.map(([one]) => one) } });
  const say = ({ people = [], ...body }) => wrongDays(body) || people.map((person) => ({ ...body, kind: "visit", person }));
  return sheet({ title: _("全户走访"), about: here[0].village, form, say, whom: here[0].id });
}

export function correct(copy, id, entry) {
  const row = overlay.person(copy, id);
  if (!row) return gone();
  const base = entry ? entry.mutation.base : row.version;
  const form = new Form(fields("correct"), { before: row, changes: true, choices: choices(copy), ...(entry ? { before: {}, ...again(entry) } : {}) });
  const say = ({ on = today(), ...facts }) => {
    if (!Object.keys(facts).length) return _("没有改动。");
    return wrongNumber(facts.number) || early(on) || { kind: "correct", person: entry?.mutation.person ?? row.id, base, on, facts };
  };
  return sheet({ title: _("情况更正"), about: named(row), form, say, whom: row.id, entry, hint: _("只写改动的；遮盖的内容不填即不变。") });
}

export function depart(copy, id, entry) {
  const row = overlay.person(copy, id);
  if (!row) return gone();
  const form = new Form(fields("depart"), { filled: { on: today() }, ...again(entry) });
  const say = (body) => early(body.on) || { ...body, kind: "depart", person: entry?.mutation.person ?? row.id };
  return sheet({ title: _("减员"), about: named(row), form, say, whom: row.id, entry, hint: _("从这天起不在名单、统计和求职清单中；以前的记录都保留。") });
}

/** 现场签约: for a post of a fair whose day has come, by somebody who has heard the text of the consent and said yes. */
export function sign(copy, id) {
  const row = overlay.person(copy, id);
  if (!row || row.isNew) return gone();
  const posts = new Map(held(copy).flatMap((fair) => fair.posts.map((post) => [`${fair.id}/${post.id}`, { fair, post }])));
  const options = [...posts].map(([key, { fair, post }]) => [key, `${fair.title} · ${post.words}`]);
  const [consent] = fields("sign"), [[version]] = consent.options;
  const form = new Form([
    { name: "post", label: _("签约岗位"), kind: "choice", needed: true, options },
    { ...consent, kind: "many", label: _("本人同意"), options: [[version, consent.label]] },
  ]);
  const say = (body) => {
    if (!body.post || !body.consent) return "";
    const { fair, post } = posts.get(body.post);
    return { kind: "sign", person: row.id, fair: fair.id, vacancy: post.id, consent: version, on: fair.day, words: `${fair.title} · ${post.words}` };
  };
  return sheet({ title: _("现场签约"), about: named(row), form, say, whom: row.id });
}

export function enter(copy, id, entry) {
  const home = entry ? entry.mutation.labourer.household : id || undefined;
  const place = fields("correct").filter(({ suggest }) => suggest).map((field) => ({ ...field, needed: true }));
  const asked = fields("enter").filter(({ name }) => name !== "confirmed" && (name !== "household_no" || !home)).map((field) => (field.name === "household_no" ? { ...field, needed: true, hint: "" } : field));
  const form = new Form(home ? asked : [...asked, ...place], { choices: choices(copy), filled: { ethnic_group: "" }, ...again(entry) });
  const say = ({ on = today(), ...labourer }) => wrongNumber(labourer.number) || early(on) || { kind: "enter", on, labourer: { ...labourer, ...(home ? { household: home } : {}) } };
  watchNumber(form);
  const about = home ? overlay.household(copy, home).map((row) => row.name).join("、") : "";
  return sheet({ title: _("新增人员"), about: about && _("{names} 的户", { names: about }), form, say, whom: null, entry });
}

function choices(copy) {
  const each = (name) => [...new Set(copy.places.map((place) => place[name]))].sort();
  return { townships: each("township"), villages: each("village") };
}

const WRONG = () => ({ length: _("证件号码应为 18 位（旧号码 15 位）。"), check: _("证件号码的校验位不对，请核对。"), birth: _("证件号码里的出生日期不对。") });

function wrongNumber(number) {
  const found = number ? read(number, today()).wrong : "";
  return found ? WRONG()[found] : "";
}

/** While the number is typed: what it says, or what is wrong with it. */
function watchNumber(form) {
  const input = form.input("number");
  const told = h("p", { class: "now", id: "number-says", "aria-live": "polite" });
  input.after(told);
  input.addEventListener("change", () => {
    const { wrong, birth, sex } = read(input.value, today());
    told.textContent = wrong ? WRONG()[wrong] : _("{birth} 生，{sex}", { birth, sex });
  });
}
