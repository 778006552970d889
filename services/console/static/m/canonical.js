// The checksum of a page: SHA-256 of its JSON in the one canonical form (RFC 8785), whose numbers and texts are those of JSON.stringify.
const CHECKED = ["gone", "households", "people", "places"];

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

export async function isWhole(page) {
  const told = Object.fromEntries(CHECKED.map((name) => [name, page[name]]));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(told)));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex === page.checksum;
}
