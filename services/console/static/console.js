// The one script: a filter is asked for as soon as it is chosen. Without it, the button beside it does the same.
for (const field of document.querySelectorAll("[data-submit]")) {
  field.addEventListener("change", () => {
    if (field.value || field.type !== "date") field.form.requestSubmit();
  });
}
document.querySelector("[data-print]")?.addEventListener("click", () => print());
// On a phone the menu begins closed; without scripts it is open, and a press closes it.
if (matchMedia("(max-width: 860px)").matches) document.querySelector("[data-menu]")?.removeAttribute("open");
document.documentElement.dataset.ready = "1";
