// A mutation or a wish in words (说明), by the labels of the forms.
import { tag } from "./dom.js";
import { _, fields, name, placeName } from "./say.js";

export const heading = (row) => [row.kinship, row.sex, row.age_band].filter(Boolean).join(" · ");

function worded(field, value) {
  if (value === true || value === false) return value ? _("是") : _("否");
  if (value === null) return _("无");
  const label = (one) => field.options.find(([code]) => code === one)?.[1] ?? (field.kind === "places" ? placeName(one) : String(one));
  return Array.isArray(value) ? value.map(label).join("、") : label(value);
}

/** [label, value] of each field that says something. */
export function lines(form, body) {
  const found = (field) => field.name.split(".").reduce((value, part) => value?.[part], body);
  return fields(form).filter((field) => found(field) !== undefined).map((field) => [field.label, worded(field, found(field))]);
}

export const wishLines = (wish) => lines("visit", { wish }).filter(([, value]) => value !== "" && value !== _("无"));

/** Of somebody of whom something waits: to be sent, or to be put right. */
export function pendingTag({ pending }) {
  if (pending.some((entry) => entry.state === "refused")) return tag(_("未记入"), "bad");
  return pending.length ? tag(_("待发送"), "busy") : null;
}

const WITHIN = { correct: "facts", enter: "labourer" };

export const titleOf = ({ kind }) => name("mutation", kind);
export const bodyOf = (mutation) => ({ ...mutation, ...mutation[WITHIN[mutation.kind]] });
/** Of what was signed, what it was signed for; it is told in words of the fair. */
export const told = (mutation) => mutation.kind === "sign" ? [[_("签约岗位"), mutation.words]] : lines(mutation.kind, bodyOf(mutation));

/** What stands in a field of a conflict. */
export function fieldWords(field, value) {
  const known = fields("correct").find((each) => each.name === field);
  return value === null || value === "" ? "—" : known ? worded(known, value) : String(value);
}
