// A conflict (冲突): what the phone said and what stands there, side by side, and the decision.
import { app, go, note, run, trouble } from "./app.js";
import { button, h } from "./dom.js";
import { Form } from "./form.js";
import * as overlay from "./overlay.js";
import { decide } from "./sync.js";
import { fieldWords } from "./telling.js";
import { _, fields, name } from "./say.js";

export function conflict(copy, id) {
  const one = copy.conflicts.find((each) => each.id === id);
  if (!one) return [h("h1", {}, _("需决定")), h("p", { class: "empty" }, _("已经决定了。"))];
  const row = overlay.person(copy, one.person);
  return [
    h("h1", {}, row?.name ?? _("已不在本机"), h("small", {}, _("同一项有两种说法"))),
    h("p", { class: "hint" }, _("{who} 在手机上 {on} 填的，和登记里后来写的不同。哪个对？没有采用的留在变更记录里。", { who: one.said_by, on: one.on })),
    h("section", { class: "sheet" }, sides(one)),
    h("p", { class: "buttons" }, button(_("以手机为准"), () => settle(copy, one, { decision: "mine" }), { id: "mine" }), button(_("保留现有"), () => settle(copy, one, { decision: "theirs" }), { id: "theirs" })),
    another(copy, one),
  ];
}

function sides(one) {
  const line = ({ field, mine, theirs }) => h("tr", {}, h("th", { scope: "row" }, name("fact", field)), h("td", { class: "mine" }, fieldWords(field, mine)), h("td", { class: "theirs" }, fieldWords(field, theirs)));
  return h("table", { class: "sides" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, _("项目")), h("th", { scope: "col" }, _("手机填的")), h("th", { scope: "col" }, _("登记现值")))), h("tbody", {}, one.fields.map(line)));
}

/** Neither of them: another value. */
function another(copy, one) {
  const contested = new Set(one.fields.map(({ field }) => field));
  const form = new Form(fields("correct").filter((field) => contested.has(field.name)).map((field) => ({ ...field, suggest: "" })));
  const send = (event) => {
    event.preventDefault();
    const facts = form.body();
    event.target.removeAttribute("data-typed");
    if (Object.keys(facts).length) settle(copy, one, { decision: "value", facts });
  };
  return h("details", { class: "sheet" }, h("summary", {}, _("另填")), h("form", { onsubmit: send, novalidate: true }, form.node, h("p", { class: "buttons" }, h("button", {}, _("以此为准")))));
}

async function settle(copy, one, decision) {
  try {
    const done = await decide(copy, one, decision);
    go("queue");
    await run();
    note(done ? { tone: "good", text: _("已决定。") } : { tone: "busy", text: _("此项刚有变动，请再看一次。") });
  } catch (error) {
    note(trouble(error));
    app.draw();
  }
}
