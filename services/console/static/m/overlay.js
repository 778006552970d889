// The people as the cadre knows them by now: the copy with what waits to be sent laid over it.
// What a visit must have found for the round to be settled by it; nobody at home settles nobody.
const SETTLES = ["no_change", "changed"];
const SHOWN = ["township", "village", "kinship", "education", "pupil", "ability", "health", "ethnic_group", "work_place", "channel"];

/** Everybody, those newly entered among them. `pending`: what waits of them; `left`: they are to go. */
export function people(copy) {
  const rows = new Map([...copy.people].map(([id, row]) => [id, { ...row, pending: [], left: false }]));
  for (const entry of copy.queue) {
    if (entry.mutation.kind === "enter" && !rows.has(entry.id)) rows.set(entry.id, entered(copy, entry.mutation));
    const row = rows.get(entry.about);
    if (row) lay(row, entry);
  }
  return rows;
}

export const person = (copy, id) => people(copy).get(id);

/** Who lives there, the head first. */
export function household(copy, home) {
  const here = [...people(copy).values()].filter((row) => row.household === home);
  return here.sort((one, other) => (other.kinship === "户主") - (one.kinship === "户主"));
}

function lay(row, entry) {
  const { kind, on, facts, wish, found } = entry.mutation;
  row.pending.push(entry);
  // What the register has refused does not hold, however it was meant.
  if (entry.state === "refused") return;
  if (kind === "depart") row.left = true;
  if (kind === "visit" && SETTLES.includes(found)) Object.assign(row, { visited: on, round_open: false });
  if (kind === "visit" && wish) Object.assign(row, { willing: wish.willing, wish: { ...row.wish, ...wish } });
  if (kind === "correct") for (const name of SHOWN) if (name in facts) row[name] = facts[name];
  if (kind === "correct" && "work_place" in facts) row.employed = facts.work_place !== null;
}

/** Somebody whom the register does not know yet, with the name that was typed. */
function entered(copy, { id, labourer }) {
  const home = copy.households.get(labourer.household) ?? labourer;
  const shown = Object.fromEntries(SHOWN.map((name) => [name, labourer[name] ?? ""]));
  return {
    ...shown, id, name: labourer.name, number: "", sex: "", age_band: "", household: labourer.household ?? labourer.household_no,
    township: home.township, village: home.village, health: labourer.health ?? [], work_place: labourer.work_place ?? null,
    employed: Boolean(labourer.work_place), willing: null, visited: null, wish: null, version: 0, groups: [], pending: [], left: false, isNew: true,
  };
}
