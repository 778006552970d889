// The node (节点) behind the app: the same addresses as everybody's, with minutes of the cadre's own rights.
export class Away extends Error {}
export class SignIn extends Error {}
export class Wiped extends Error {}
export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.title ?? String(status));
    Object.assign(this, { status, problem: problem ?? {} });
  }
  is(kind) {
    return this.problem.type === `urn:xieli:problem:${kind}`;
  }
}

const EARLY = 30_000;
let token = { text: "", until: 0 };

async function ask(address, given = {}) {
  const made = { cache: "no-store", redirect: "manual", ...given };
  return fetch(address, made).catch((error) => {
    throw new Away(String(error));
  });
}

const json = (body, headers = {}) => ({ method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } });

/** Who is signed in at this browser: a login or null. */
export async function who() {
  const answer = await ask("/m/who");
  if (!answer.ok) throw new Away(String(answer.status));
  return (await answer.json()).login;
}

/** The browser's session becomes this phone's: {word, login, regions}. */
export async function adopt() {
  const answer = await ask("/m/phone", { method: "POST" });
  if (answer.status === 201) return answer.json();
  if (answer.status >= 500) throw new Away(String(answer.status));
  throw answer.status === 403 ? new Refused(403) : new SignIn();
}

/** Minutes of rights. A phone whose own session is over takes the one that this person has just begun in the browser. */
async function renew(copy) {
  let answer = await ask("/m/token", json({ word: copy.profile.word }));
  if (answer.status === 401) {
    if ((await who()) !== copy.profile.login) throw new SignIn();
    await copy.keep("profile", { ...copy.profile, ...(await adopt()) });
    answer = await ask("/m/token", json({ word: copy.profile.word }));
  }
  if (answer.status === 403) throw new Wiped();
  if (answer.status === 401) throw new SignIn();
  if (!answer.ok) throw new Away(String(answer.status));
  const told = await answer.json();
  token = { text: told.token, until: Date.now() + told.seconds * 1000 - EARLY };
}

/** One question in the cadre's name: {data, etag}. A token that the node has taken back is renewed once. */
export async function call(copy, address, body, headers = {}) {
  for (const last of [false, true]) {
    if (Date.now() > token.until) await renew(copy);
    const given = body === undefined ? {} : json(body);
    const answer = await ask(address, { ...given, headers: { ...given.headers, ...headers, Authorization: `Bearer ${token.text}` } });
    if (answer.status === 401 && !last) forget();
    else return read(answer);
  }
}

async function read(answer) {
  if (answer.status >= 500 || answer.status === 429) throw new Away(String(answer.status));
  const data = await answer.json().catch(() => null);
  if (answer.status === 401) throw new SignIn();
  if (!answer.ok) throw new Refused(answer.status, data);
  return { data, etag: answer.headers.get("ETag") };
}

export function forget() {
  token = { text: "", until: 0 };
}
