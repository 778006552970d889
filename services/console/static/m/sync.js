// Synchronise (同步): send what waits, take what has changed, see what has to be decided. Whatever breaks off goes on where it was.
import { isWhole } from "./canonical.js";
import { agrees, today } from "./day.js";
import { askFairs, sendSignings } from "./fair.js";
import { mark, nextBatch, settle, waiting } from "./queue.js";
import { call, forget, Refused } from "./server.js";

const SYNC = "/registry/v1/sync";
const ROWS = 200;

export class ClockOff extends Error {
  constructor(node) {
    super(node);
    this.node = node;
  }
}

export class Damaged extends Error {}

/** One at a time, whatever tabs there are; `told` is called whenever there is something to see, with how much of what waited has been sent. What became of what was sent; null: another one is at it. */
export async function synchronise(copy, told) {
  return navigator.locks.request("xieli-m-sync", { ifAvailable: true }, async (lock) => {
    if (!lock) return null;
    await copy.reread();
    // Each contact asks for fresh rights, and so hears at once when there are none any more.
    forget();
    const became = await push(copy, told);
    await pull(copy, told);
    await askConflicts(copy);
    await askFairs(copy);
    return became;
  });
}

/** In portions, each answered before the next one leaves. How many arrived, were refused, or wait for a decision. */
async function push(copy, told) {
  const later = new Set(), became = { sent: 0, refused: 0, conflict: 0 }, of = waiting(copy).length;
  let done = 0;
  for (let batch = nextBatch(copy, later); batch.length; batch = nextBatch(copy, later)) {
    await mark(copy, batch);
    const answers = await send(copy, batch);
    (await settle(copy, batch, answers)).forEach((id) => later.add(id));
    for (const { state } of answers) if (state !== "later") became[state in became ? state : "sent"] += 1;
    done += batch.length;
    told({ done, of });
  }
  return became;
}

async function send(copy, batch) {
  if (batch[0].mutation.kind === "sign") return sendSignings(copy, batch);
  const sent = { today: today(), mutations: batch.map((entry) => entry.mutation) };
  try {
    return (await call(copy, SYNC, sent)).data.answers;
  } catch (error) {
    if (error instanceof Refused && error.is("clock-off")) throw new ClockOff(error.problem.today);
    throw error;
  }
}

async function pull(copy, told) {
  let more = true, anew = false;
  while (more) {
    const page = await ask(copy, anew);
    if (!page) {
      await copy.startAnew();
      anew = true;
      continue;
    }
    if (!(await isWhole(page))) throw new Damaged();
    await copy.storePage(page);
    more = page.more;
    told();
  }
  if (!agrees(copy.cursor.today)) throw new ClockOff(copy.cursor.today);
}

/** The next page; null where the node says to begin anew (410), which it says once. */
async function ask(copy, anew) {
  const { after } = copy.cursor;
  try {
    return (await call(copy, `${SYNC}?limit=${ROWS}${after ? `&after=${after}` : ""}`)).data;
  } catch (error) {
    if (anew || !(error instanceof Refused) || error.status !== 410) throw error;
    return null;
  }
}

async function askConflicts(copy) {
  const found = [];
  let after = null;
  do {
    const { data } = await call(copy, `${SYNC}/conflicts${after ? `?after=${after}` : ""}`);
    found.push(...data.items);
    after = data.next;
  } while (after);
  await copy.keep("conflicts", found);
}

/** What holds from now on; needs the network, since somebody else may have decided, or written, meanwhile: then it is seen again first. */
export async function decide(copy, conflict, decision) {
  const address = `${SYNC}/conflicts/${conflict.id}`;
  const { data, etag } = await call(copy, address);
  const decided = data.state === "open" && data.version === conflict.version;
  if (decided) await call(copy, `${address}/decision`, decision, { "If-Match": etag });
  await askConflicts(copy);
  return decided;
}
