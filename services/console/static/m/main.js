// Where the app begins: its words, its worker, and which screen is shown.
import { app, arrive, status } from "./app.js";
import { h } from "./dom.js";
import * as screens from "./screens.js";
import { _, speak } from "./say.js";
import { start } from "./start.js";

const main = document.querySelector("#content");

app.draw = () => {
  status();
  if (!app.copy) return;
  // What somebody is typing is not taken away by a page that arrives.
  if (main.querySelector("form[data-typed]")) return;
  screens.draw(main);
};

addEventListener("hashchange", () => {
  if (!app.copy) return;
  arrive();
  screens.draw(main);
  main.focus();
  scrollTo(0, 0);
});
main.addEventListener("input", (event) => event.target.form?.setAttribute("data-typed", ""));

/** A newer version waits until it is asked in: nobody loses a form that is half filled in. */
function offer(worker) {
  const take = () => worker.postMessage("take over");
  document.querySelector("#update").replaceChildren(h("p", { class: "notice", role: "status" }, _("有新版本。"), h("button", { type: "button", onclick: take }, _("更新"))));
}

async function keepShell() {
  if (!("serviceWorker" in navigator)) return;
  const controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => controlled && location.reload());
  const kept = await navigator.serviceWorker.register("/m/sw.js", { scope: "/m/", updateViaCache: "none" });
  if (kept.waiting) offer(kept.waiting);
  kept.addEventListener("updatefound", () => {
    const { installing } = kept;
    installing.addEventListener("statechange", () => installing.state === "installed" && navigator.serviceWorker.controller && offer(installing));
  });
  // The browser may throw a copy away when the phone is full, unless it is told to keep it.
  await navigator.storage?.persist?.();
}

await speak();
await start(main);
await keepShell();
document.documentElement.dataset.ready = "1";
