// What waits to be sent (待发送): mutations with ids of their own, each seen, put right or withdrawn until it has left.
//
// An entry: {id, order, mutation, about, state, tried, problem}. `about` is whom it is of, here; `tried`: it may have arrived already.
import { _ } from "./say.js";

/** So many leave in one request: what breaks off is sent again, and counts once. */
export const PORTION = 50;

const fresh = (copy, mutation, about, place = 0) => ({
  id: mutation.id,
  // Behind whatever was written before, also by a clock that has been put back meanwhile.
  order: Math.max(Date.now(), (copy.queue.at(-1)?.order ?? 0) + 1) + place,
  mutation,
  about,
  state: "waiting",
  tried: false,
  problem: null,
});

/** Written down. What is said of one person twice on one day, and has not left yet, is said once. */
export async function add(copy, said, about) {
  const before = said.kind === "correct" && copy.queue.find((entry) => isOpenCorrection(entry, said));
  if (before) {
    const facts = { ...before.mutation.facts, ...said.facts };
    await copy.changeQueue([{ ...before, mutation: { ...before.mutation, facts }, state: "waiting", problem: null }]);
    return before.id;
  }
  const mutation = { ...said, id: crypto.randomUUID() };
  await copy.changeQueue([fresh(copy, mutation, about ?? mutation.id)]);
  return mutation.id;
}

/** Several people's at once: all of them are written down, or none is. */
export async function addAll(copy, said) {
  await copy.changeQueue(said.map((one, place) => fresh(copy, { ...one, id: crypto.randomUUID() }, one.person, place)));
}

const isOpenCorrection = (entry, said) =>
  entry.mutation.kind === "correct" && entry.mutation.person === said.person && entry.mutation.on === said.on && !entry.tried;

/** Put right under the same id: what was refused was not counted, and what others say of a new person names it. */
export async function amend(copy, entry, said) {
  const mutation = { ...said, id: entry.id };
  await copy.changeQueue([{ ...entry, mutation, state: "waiting", problem: null, tried: false }]);
}

export const mayWithdraw = (entry) => !entry.tried || entry.state === "refused";

/** Taken back, with what was written of a person who is entered by it. */
export async function withdraw(copy, entry) {
  const hang = copy.queue.filter((each) => each.mutation.person === entry.id && mayWithdraw(each));
  await copy.changeQueue([], [entry.id, ...hang.map((each) => each.id)]);
}

export const waiting = (copy) => copy.queue.filter((entry) => entry.state === "waiting");

/** 7 待发送，1 未记入，1 需决定. */
export function counted(entries, conflicts) {
  const wrong = entries.filter((entry) => entry.state === "refused").length;
  const told = [_("{n} 待发送", { n: entries.length - wrong })];
  if (wrong) told.push(_("{n} 未记入", { n: wrong }));
  if (conflicts.length) told.push(_("{n} 需决定", { n: conflicts.length }));
  return told.join(_("，"));
}

// What is signed at a fair leaves by another door than what the register is told.
const door = ({ mutation }) => mutation.fair ?? "";

/** The next to be sent by one door, in their order. A second correction of one person waits for the version that the first one makes. */
export function nextBatch(copy, later) {
  const batch = [];
  const corrected = new Set();
  for (const entry of waiting(copy)) {
    if (later.has(entry.id)) continue;
    const { kind, person } = entry.mutation;
    if (batch.length && door(entry) !== door(batch[0])) break;
    if (batch.length === PORTION || (kind === "correct" && corrected.has(person))) break;
    if (kind === "correct") corrected.add(person);
    batch.push(entry);
  }
  return batch;
}

/** From now on they may have arrived. */
export async function mark(copy, batch) {
  await copy.changeQueue(batch.map((entry) => ({ ...entry, tried: true })));
}

/** What became of each; answers the ids that the node asks to send later. */
export async function settle(copy, batch, answers) {
  const put = new Map(), taken = [], later = [];
  batch.forEach((entry, at) => {
    const { state, problem } = answers[at];
    if (state === "later") later.push(entry.id);
    else if (state === "refused") put.set(entry.id, { ...entry, state, problem, tried: true });
    else taken.push(entry.id);
  });
  batch.forEach((entry, at) => followed(copy, entry, answers[at], new Set(taken)).forEach((each) => put.set(each.id, each)));
  await copy.changeQueue([...put.values()], taken);
  return later;
}

/** What else waits knows by that: the version that this phone has just made, and who the new person is. */
function followed(copy, entry, answer, taken) {
  const { kind, person, base } = entry.mutation;
  const rest = copy.queue.filter((each) => !taken.has(each.id) && each.id !== entry.id);
  if (kind === "enter" && answer.person) return rest.filter((each) => each.about === entry.id).map((each) => ({ ...each, about: answer.person }));
  if (kind !== "correct" || answer.state !== "applied") return [];
  const mine = (each) => each.mutation.kind === "correct" && each.mutation.person === person && each.mutation.base === base && !each.tried;
  return rest.filter(mine).map((each) => ({ ...each, mutation: { ...each.mutation, base: answer.version } }));
}
