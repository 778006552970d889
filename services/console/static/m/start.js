// Coming in (进入): sign in once with a network and choose a PIN; after that the PIN alone, network or not.
import { app, open } from "./app.js";
import { Copy } from "./copy.js";
import { button, h } from "./dom.js";
import { _ } from "./say.js";
import { adopt, Away, Refused, who } from "./server.js";
import { complaint, newPinFields, pinField, wiped, wrongPin } from "./pin.js";
import { create, exists, unlock } from "./vault.js";

export async function start(main, said = "") {
  if (!isSecureContext) return door(main, _("协力 · 驻村干部"), bad(_("手机端需要 https 地址。")));
  if (await exists()) return askPin(main, said);
  const login = await who().catch((error) => {
    if (error instanceof Away) return undefined;
    throw error;
  });
  if (login) choosePin(main, login);
  else signIn(main, said, login === undefined);
}

function door(main, title, ...inside) {
  main.replaceChildren(h("section", { class: "door" }, h("h1", {}, title), ...inside));
}

const bad = (text) => (text ? h("p", { class: "notice bad", role: "alert" }, text) : null);

function signIn(main, said, away) {
  door(main, _("协力 · 驻村干部"), bad(said), away ? bad(_("第一次使用需要网络。")) : null,
    h("p", { class: "hint" }, _("联网登录一次，设一个 PIN，以后没有网络也能用。")),
    h("p", {}, h("a", { class: "button", href: "/sign-in?next=/m/" }, _("登录"))));
}

function choosePin(main, login, said = "") {
  const send = async (event) => {
    event.preventDefault();
    const { elements } = event.target;
    const wrong = complaint(elements);
    if (wrong) return choosePin(main, login, wrong);
    event.submitter.disabled = true;
    await settleIn(main, login, elements.pin.value);
  };
  door(main, _("设置 PIN"), bad(said),
    h("p", { class: "hint" }, _("已登录为 {login}。本机资料用 PIN 加密；忘了 PIN 只能清除本机、重新登录，没有发送的会丢失。", { login })),
    h("form", { onsubmit: send }, newPinFields(), h("button", {}, _("开始使用"))));
}

/** The word of the phone's session is on it only from when it can be sealed. */
async function settleIn(main, login, pin) {
  const profile = await adopt().catch((error) => error);
  if (profile instanceof Refused) return signIn(main, _("手机端只给驻村干部使用。"));
  if (profile instanceof Error) return start(main);
  const copy = new Copy(await create(pin));
  await copy.keep("profile", profile);
  open(copy);
}

function askPin(main, said) {
  const send = async (event) => {
    event.preventDefault();
    event.submitter.disabled = true;
    const { vault, left } = await unlock(event.target.elements.pin.value);
    if (vault) return open(await Copy.open(vault));
    await (left ? askPin(main, wrongPin(left)) : start(main, wiped()));
  };
  const field = pinField("pin", "PIN", "current-password");
  door(main, _("输入 PIN"), bad(said), h("form", { onsubmit: send }, field, h("button", {}, _("打开"))),
    h("p", {}, button(_("忘了 PIN：清除本机"), forgotten, { class: "plain" })));
  field.querySelector("input").focus();
}

async function forgotten() {
  const { wipe } = await import("./app.js");
  if (confirm(_("本机的资料和没有发送的内容都会清除，确定吗？"))) await wipe(_("本机资料已清除。"));
}

app.locked = (said) => start(document.querySelector("#content"), said);
