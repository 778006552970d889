// The app (手机端): what is open now, the line that says how much waits, and synchronising by itself when the network is back.
import * as db from "./db.js";
import { isBehind, today } from "./day.js";
import { button, h, link } from "./dom.js";
import { counted, PORTION } from "./queue.js";
import { _, half } from "./say.js";
import { Away, forget, Refused, SignIn, Wiped } from "./server.js";
import { ClockOff, Damaged, synchronise } from "./sync.js";

const HIDDEN_FOR = 5 * 60_000;
export const app = { copy: null, busy: false, far: null, note: null, draw: () => {}, locked: () => {} };
let hidden = 0;

/** Unlocked: the screens are open and what waits is sent. */
export function open(copy) {
  app.copy = copy;
  document.querySelector("#content").replaceChildren();
  app.draw();
  note(isBehind(copy.cursor.today) ? clock(copy.cursor.today) : null);
  run();
}

export function lock() {
  app.copy = null;
  forget();
  app.locked();
}

/** Everything off this phone, what waits included. */
export async function wipe(why) {
  app.copy = null;
  forget();
  await db.wipe();
  app.locked(why);
}

/** One round of synchronising; what came in its way is said and nothing is lost. */
export async function run() {
  if (!app.copy || app.busy) return;
  const { copy } = app;
  app.busy = true;
  status();
  try {
    const became = await synchronise(copy, (far = null) => {
      app.far = far;
      app.draw();
    });
    if (became) note(result(became));
  } catch (error) {
    if (error instanceof Wiped) return wipe(_("账号已停用或此手机已注销，本机资料已清除。"));
    note(trouble(error));
  } finally {
    Object.assign(app, { busy: false, far: null });
    if (app.copy) app.draw();
  }
}

/** What became of what was sent: the worst first, each with the way there. */
function result({ sent, refused, conflict }) {
  const more = link(_("去看"), "queue", { class: "button" });
  if (refused) return { tone: "bad", text: _("{n} 项没有记入：请看原因，改好再发。", { n: refused }), more };
  if (conflict) return { tone: "busy", text: _("{n} 项别人也改过，需要您决定。", { n: conflict }), more };
  return sent ? { tone: "good", text: _("已发送 {n} 项。", { n: sent }) } : null;
}

export function trouble(error) {
  if (error instanceof Away) return { tone: "busy", text: _("没有网络，写下的都留在本机，恢复后自动发送。") };
  if (error instanceof SignIn) return { tone: "bad", text: _("登录已过期：请联网重新登录，待发送的都还在。"), more: h("a", { href: "/sign-in?next=/m/", class: "button" }, _("重新登录")) };
  if (error instanceof ClockOff) return clock(error.node);
  if (error instanceof Damaged) return { tone: "bad", text: _("收到的一页校验不符，没有存入；请再同步一次。") };
  if (error instanceof Refused) return { tone: "bad", text: [error.problem.title, error.problem.detail].map(half).filter(Boolean).join(" ") || String(error.status) };
  return { tone: "bad", text: _("本机出错，没有发送的都还在：{error}", { error }) };
}

const clock = (node) => ({ tone: "bad", text: _("手机日期是 {here}，节点日期是 {node}：请校正手机日期。在此之前写下的不会发送。", { here: today(), node }) });

export function note(said) {
  app.note = said;
  status();
}

/** What went well is said on the screen where one arrives, and no further. */
export function arrive() {
  if (app.note?.tone !== "good") return;
  if (app.note.seen) note(null);
  else app.note.seen = true;
}

export function go(where) {
  if (location.hash === `#/${where}`) app.draw();
  else location.hash = `/${where}`;
}

/** How much waits, and what stands in the way; said aloud when it changes. */
export function status() {
  const line = document.querySelector("#status"), words = document.querySelector("#note");
  if (!line || !words) return;
  const { copy } = app;
  line.replaceChildren(...(copy ? [progress(), link(counted(copy.queue, copy.conflicts), "queue"), button(app.busy ? _("同步中") : _("同步"), run, { id: "sync", disabled: app.busy })] : []));
  words.replaceChildren(...(copy && app.note ? [h("p", { class: `notice ${app.note.tone}`, role: "status" }, app.note.text, app.note.more ?? "")] : []));
}

/** Of a queue that takes more than one portion: how far it is. */
function progress() {
  const { far } = app;
  if (!far || far.of <= PORTION) return "";
  const given = { done: far.done.toLocaleString(), of: far.of.toLocaleString() };
  return h("span", { id: "far" }, h("progress", { max: far.of, value: far.done, "aria-hidden": "true" }), " ", _("已发送 {done} / {of}", given), " ");
}

addEventListener("online", () => run());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hidden = Date.now();
  else if (app.copy && Date.now() - hidden > HIDDEN_FOR) lock();
  else run();
});
