// A fair on the phone (招聘会): what stands there is kept for the hall without a network; what is signed leaves by matching's own door.
import { before, today } from "./day.js";
import { Away, call, Refused } from "./server.js";

const FAIRS = "/matching/v1/fairs";
// So long after a fair its desk is still heard; and as many as one page of a list has.
const LATE = 7;
const ROWS = 200;

/** Fairs of the last days and those that lie ahead, with their posts. Where matching does not answer, what is kept stays. */
export async function askFairs(copy) {
  try {
    const { data } = await call(copy, `${FAIRS}?since=${before(today(), LATE)}&limit=${ROWS}`);
    const held = data.items.filter(({ state }) => state === "open" || state === "held");
    const fairs = await Promise.all(held.map((fair) => withPosts(copy, fair)));
    await copy.keep("fairs", fairs);
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Away)) throw error;
  }
}

async function withPosts(copy, { id, title, day }) {
  const { data } = await call(copy, `${FAIRS}/${id}/vacancies?limit=${ROWS}`);
  return { id, title, day, posts: data.items.map((post) => ({ id: post.vacancy, words: `${post.employer_name} · ${post.title}` })) };
}

/** Those whose day has come. */
export const held = (copy) => copy.fairs.filter(({ day }) => day <= today());

/** A batch of one fair's; each under its own id, so that what may have arrived already counts once. */
export async function sendSignings(copy, batch) {
  const entries = batch.map(({ id, mutation: { person, vacancy, consent, on } }) => ({ entry: id, person, vacancy, consent, on }));
  try {
    const { data } = await call(copy, `${FAIRS}/${batch[0].mutation.fair}/signings`, { entries });
    return data.items.map(({ problem }) => ({ state: problem ? "refused" : "applied", problem }));
  } catch (error) {
    if (error instanceof Refused) return batch.map(() => ({ state: "refused", problem: error.problem }));
    // What else waits does not wait for matching.
    if (error instanceof Away) return batch.map(() => ({ state: "later" }));
    throw error;
  }
}
