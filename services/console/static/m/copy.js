// The copy (副本) of the cadre's villages and what waits to be sent: sealed on the phone, open in memory while it is unlocked.
import * as db from "./db.js";

const ANEW = { after: null, epoch: 1, whole: true, today: null, synced: null };

export class Copy {
  /** people, households: id -> row. queue: entries in their order. profile: {login, word, node}. */
  constructor(vault) {
    Object.assign(this, { vault, people: new Map(), households: new Map(), places: [], queue: [], conflicts: [], fairs: [], profile: null });
    this.cursor = ANEW;
  }

  static async open(vault) {
    const copy = new Copy(vault);
    for (const record of await db.list("state")) copy[record.id] = await vault.open("state", record);
    const rows = await db.list("rows");
    const opened = await Promise.all(rows.map((record) => vault.open("rows", record)));
    opened.forEach(({ kind, row }, at) => copy.#of(kind).set(rows[at].id, row));
    await copy.reread();
    return copy;
  }

  #of(kind) {
    return kind === "person" ? this.people : this.households;
  }

  /** The queue as it lies there: another tab may have sent some of it. */
  async reread() {
    const records = (await db.list("queue")).sort((one, other) => one.order - other.order);
    this.queue = await Promise.all(records.map((record) => this.vault.open("queue", record)));
  }

  /** One of profile, cursor, places, conflicts, fairs. */
  async keep(name, value) {
    await db.write([["state", "put", await this.vault.seal("state", name, value)]]);
    this[name] = value;
  }

  /** A page with its cursor in one step, or not at all. What was there before a new beginning stays until the last page has come. */
  async storePage(page) {
    const { epoch, whole } = this.cursor;
    const over = whole && !page.more;
    const cursor = { after: page.next, epoch, whole: whole && page.more, today: page.today, synced: new Date().toISOString() };
    const rows = [...page.people.map((row) => ["person", row]), ...page.households.map((row) => ["household", row])];
    const gone = [...page.gone, ...(over ? await this.#before(epoch, rows) : [])];
    const places = page.places ?? this.places;
    await db.write([
      ...(await Promise.all(rows.map(async ([kind, row]) => ["rows", "put", await this.#row(kind, row, epoch)]))),
      ...gone.map((id) => ["rows", "delete", id]),
      ["state", "put", await this.vault.seal("state", "cursor", cursor)],
      ["state", "put", await this.vault.seal("state", "places", places)],
    ]);
    for (const id of gone) [this.people, this.households].forEach((kept) => kept.delete(id));
    for (const [kind, row] of rows) this.#of(kind).set(row.id, row);
    Object.assign(this, { cursor, places });
  }

  async #row(kind, row, epoch) {
    return { ...(await this.vault.seal("rows", row.id, { kind, row })), epoch };
  }

  /** Rows of an older beginning that did not come again. */
  async #before(epoch, rows) {
    const came = new Set(rows.map(([, row]) => row.id));
    return (await db.list("rows")).filter((record) => record.epoch < epoch && !came.has(record.id)).map((record) => record.id);
  }

  /** From the beginning (410); what waits to be sent stays. */
  async startAnew() {
    await this.keep("cursor", { ...ANEW, epoch: this.cursor.epoch + 1, synced: this.cursor.synced });
  }

  /** Entries written and entries taken out, in one step. */
  async changeQueue(put, taken = []) {
    const sealed = await Promise.all(put.map(async (entry) => ({ ...(await this.vault.seal("queue", entry.id, entry)), order: entry.order })));
    await db.write([...sealed.map((record) => ["queue", "put", record]), ...taken.map((id) => ["queue", "delete", id])]);
    const kept = new Map(this.queue.map((entry) => [entry.id, entry]));
    put.forEach((entry) => kept.set(entry.id, entry));
    taken.forEach((id) => kept.delete(id));
    this.queue = [...kept.values()].sort((one, other) => one.order - other.order);
  }
}
