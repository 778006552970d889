// A PIN (口令) as it is typed, chosen and changed.
import { app, note, wipe } from "./app.js";
import { h } from "./dom.js";
import { _ } from "./say.js";
import { change, SHORTEST, TRIES, weakness } from "./vault.js";

export const pinField = (name, label, use) =>
  h("label", {}, label, h("input", { name, type: "password", inputmode: "numeric", autocomplete: use, minlength: SHORTEST, maxlength: 40, required: true }));

export const newPinFields = () => [pinField("pin", _("PIN（至少 6 位，可用字母）"), "new-password"), pinField("again", _("再输一次"), "new-password")];

/** What is wrong with a PIN that somebody chooses; empty when nothing is. */
export function complaint({ pin, again }) {
  if (pin.value !== again.value) return _("两次输入的 PIN 不同。");
  return { short: _("PIN 至少 6 位。"), plain: _("不要用 123456、111111 这样的 PIN。"), "": "" }[weakness(pin.value)];
}

export const wrongPin = (left) => _("PIN 不对，还可以试 {left} 次。", { left });
export const wiped = () => _("{n} 次输错 PIN，本机资料已清除。", { n: TRIES });

/** Another PIN: the old one is asked for, since the phone may lie open in another's hand. */
export function changing() {
  const wrong = h("p", { class: "wrong", role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    const { elements } = event.target;
    wrong.textContent = complaint(elements);
    if (wrong.textContent) return;
    event.submitter.disabled = true;
    const { changed, left } = await change(elements.old.value, elements.pin.value);
    event.submitter.disabled = false;
    if (!changed && !left) return wipe(wiped());
    wrong.textContent = changed ? "" : wrongPin(left);
    if (!changed) return;
    event.target.removeAttribute("data-typed");
    note({ tone: "good", text: _("PIN 已换，以后用新的打开。") });
    app.draw();
  };
  return h("details", { class: "sheet", id: "change-pin" }, h("summary", {}, _("换 PIN")),
    h("form", { onsubmit: send }, pinField("old", _("现在的 PIN"), "current-password"), newPinFields(), wrong, h("p", { class: "buttons" }, h("button", {}, _("换成新的")))));
}
