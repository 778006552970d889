// The one script. A filter is asked for as soon as it is chosen. Without it, the button beside it does the same.
for (const field of document.querySelectorAll("[data-submit]")) {
  field.addEventListener("change", () => {
    if (field.value || field.type !== "date") field.form.requestSubmit();
  });
}
document.querySelector("[data-print]")?.addEventListener("click", () => print());
// On a phone the menu begins closed; without scripts it is open, and a press closes it.
if (matchMedia("(max-width: 860px)").matches) document.querySelector("[data-menu]")?.removeAttribute("open");
// Before the session ends it is said, and a press goes on without leaving the page; when it has ended, that is said.
const ending = document.querySelector("#ending"), WARNED_BEFORE = 5 * 60_000, LONGEST_TIMER = 2 ** 31 - 1;
if (ending) {
  let timers = [];
  const at = (time, act) => time - Date.now() < LONGEST_TIMER && timers.push(setTimeout(act, time - Date.now()));
  const watch = (ends) => {
    timers.forEach(clearTimeout);
    timers = [];
    at(ends - WARNED_BEFORE, () => { ending.hidden = false; });
    at(ends, () => { ending.hidden = true; document.querySelector("#ended").hidden = false; });
  };
  ending.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(ending.action, { method: "POST", headers: { "HX-Request": "true" } });
    const ends = answer.headers.get("X-Session-Ends");
    if (!ends) return void location.assign(answer.headers.get("HX-Redirect") ?? "/sign-in");
    ending.hidden = true;
    watch(new Date(ends));
  });
  watch(new Date(ending.dataset.ends));
}
document.documentElement.dataset.ready = "1";
