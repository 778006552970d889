// Words (词语): Chinese is the source, as on every page; another language and the names of codes come with the shell.
const KEY = "xieli-m-language";
const HERE = new URL(".", import.meta.url).pathname;
export const LANGUAGES = { zh: "中文", en: "English" };
let told = { words: {}, codes: {}, forms: {}, places: {}, divisions: {} };

export const language = () => localStorage.getItem(KEY) ?? (document.documentElement.lang.startsWith("en") ? "en" : "zh");

export async function speak(chosen = language()) {
  localStorage.setItem(KEY, chosen);
  told = await (await fetch(`${HERE}words-${chosen}.json`)).json();
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : chosen;
}

/** A sentence, with what is `{named}` in it. */
export function _(sentence, given = {}) {
  return (told.words[sentence] ?? sentence).replace(/\{(\w+)\}/g, (whole, name) => given[name] ?? whole);
}

export const name = (kind, code) => (code === null || code === undefined || code === "" ? "—" : told.codes[kind]?.[code] ?? String(code));
export const fields = (form) => told.forms[form];
export const placeOf = (typed) => told.places[typed] ?? typed;
export const placeName = (code) => told.divisions[code] ?? code;

// A plain capitalised word begins the English: right after Chinese, or else the first one behind it.
const CHINESE = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]";
const ENGLISH = "\\s+([A-Z][a-z]*(?:[\\s,:].*)?)";
const TURNS = [`(.*${CHINESE})${ENGLISH}`, `(.*?${CHINESE}.*?)${ENGLISH}`].map((form) => new RegExp(`^${form}$`, "s"));

/** The half of a service's "中文 English" that is in this language. */
export function half(text = "") {
  const found = TURNS.map((turn) => turn.exec(text)).find(Boolean);
  return found ? found[language() === "zh" ? 1 : 2] : text;
}
