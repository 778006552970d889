// Elements without markup in strings: what a person has typed can never become a tag.
export function h(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const tag = (text, tone = "plain") => h("span", { class: `tag ${tone}` }, text);

export const button = (text, press, given = {}) => h("button", { type: "button", onclick: press, ...given }, text);

export const link = (text, where, given = {}) => h("a", { href: `#/${where}`, ...given }, text);

export function facts(pairs) {
  const told = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "facts" }, told.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
}
