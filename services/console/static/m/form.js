// A form (表单) from the same fields as the office's pages: drawn, filled in, and read as the operation's body.
import { h } from "./dom.js";
import { _, half, placeName, placeOf } from "./say.js";

const BETWEEN = /[\s,，、;；]+/;
// What a visit says of the wish stands folded: most visits find nothing of it.
const ASIDE = "wish.";
const FLAGS = { true: true, false: false };
const member = (from, path) => path.split(".").reduce((value, part) => value?.[part], from);

function put(body, path, value) {
  const parts = path.split(".");
  const last = parts.pop();
  parts.reduce((inner, part) => (inner[part] ??= {}), body)[last] = value;
}

function texts(field, value) {
  if (value === null || value === undefined || field.kind === "sealed") return [];
  if (!Array.isArray(value)) return [String(value)].filter(Boolean);
  const words = field.kind === "places" ? value.map(placeName) : value.map(String);
  return field.kind === "many" ? words : words.length ? [words.join("、")] : [];
}

function valueOf(field, told) {
  if (field.kind === "many") return told;
  const [text] = told;
  if (field.kind === "places") return told.flatMap((each) => each.split(BETWEEN)).filter(Boolean).map(placeOf);
  if (text === undefined) return field.kind === "text" ? "" : null;
  if (field.kind === "flag") return FLAGS[text] ?? text;
  return field.kind === "number" && /^-?\d+$/.test(text) ? Number(text) : text;
}

const same = (one, other) => JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());

export class Form {
  /** `before`: what stands there; with `changes` only what differs from it is said. `choices`: options of fields that suggest. */
  constructor(fields, { before = {}, filled = before, changes = false, choices = {}, errors = [] } = {}) {
    Object.assign(this, { fields: fields.filter((field) => field.kind !== "hidden"), before, changes, choices });
    this.errors = errors;
    const draw = (field) => this.#draw(field, texts(field, member(filled, field.name)));
    const aside = this.fields.filter((field) => field.name.startsWith(ASIDE));
    this.node = h("div", { class: "form" }, this.fields.filter((field) => !aside.includes(field)).map(draw),
      aside.length ? h("details", { open: aside.some((field) => member(filled, field.name) !== undefined) }, h("summary", {}, _("求职意愿")), h("div", { class: "form" }, aside.map(draw))) : null);
  }

  #draw(field, told) {
    const wrong = this.errors.find(({ pointer }) => `${pointer}/`.startsWith(`/${field.name.replaceAll(".", "/")}/`));
    const id = `f-${field.name}`;
    const listed = this.choices[field.suggest]?.map((each) => [each, each]) ?? (field.kind === "flag" ? FLAG() : field.options);
    const options = listed.length ? withTold(listed, told) : listed;
    const many = field.kind === "many";
    return h("div", { class: wrong ? "field refused" : "field" },
      many ? null : h("label", { for: id }, field.label, field.needed ? h("span", { class: "needed" }, ` ${_("必填")}`) : null),
      many ? ticks(field, told) : options.length ? choose(field, id, options, told[0]) : type(field, id, told[0]),
      wrong ? h("p", { class: "wrong", role: "alert" }, half(wrong.message)) : null,
      field.hint ? h("p", { class: "hint" }, field.hint) : null);
  }

  input(name) {
    return this.node.querySelector(`[name="${name}"]`);
  }

  #texts(field) {
    const found = [...this.node.querySelectorAll(`[name="${field.name}"]`)];
    const told = field.kind === "many" ? found.filter((each) => each.checked) : found;
    return told.map((each) => each.value.trim()).filter(Boolean);
  }

  body() {
    const body = {};
    for (const field of this.fields) {
      const told = this.#texts(field);
      const differs = field.kind === "sealed" ? told.length : !same(told, texts(field, member(this.before, field.name)));
      if (this.changes ? differs : told.length) put(body, field.name, valueOf(field, told));
    }
    return body;
  }

  /** The fields that are needed and blank. */
  missing() {
    return this.fields.filter((field) => field.needed && !this.#texts(field).length);
  }
}

const FLAG = () => [["true", _("是")], ["false", _("否")]];

/** What stands there may be chosen too: a form that cannot show it would take it away. */
const withTold = (options, told) => [...options, ...told.filter((each) => options.every(([value]) => value !== each)).map((each) => [each, each])];

function choose(field, id, options, told = "") {
  // Where there is nothing to choose between, nobody has to choose.
  const all = field.needed && options.length === 1 ? options : [["", "—"], ...options];
  const drawn = all.map(([value, label]) => h("option", { value, selected: value === told }, label));
  return h("select", { id, name: field.name }, drawn);
}

function ticks(field, told) {
  const tick = ([value, label]) => h("label", { class: "tick" }, h("input", { type: "checkbox", name: field.name, value, checked: told.includes(value) }), label);
  return h("fieldset", {}, h("legend", {}, field.label), field.options.map(tick));
}

function type(field, id, told = "") {
  const kinds = { day: { type: "date" }, number: { inputmode: "numeric" } };
  return h("input", { id, name: field.name, value: told, autocomplete: "off", maxlength: 200, ...kinds[field.kind] });
}

/** Where a refusal of a mutation points to, as the fields of its form are named. */
export function errorsOf(problem) {
  return (problem?.errors ?? []).map((each) => ({ ...each, pointer: each.pointer.replace(/^\/mutations\/\d+/, "").replace(/^\/(facts|labourer)(?=\/)/, "") }));
}
