// Settings (设置): language, locking, what lies on the phone, and taking it off.
import { app, lock, wipe } from "./app.js";
import { button, facts, h } from "./dom.js";
import { changing } from "./pin.js";
import { counted } from "./queue.js";
import { _, language, LANGUAGES, speak } from "./say.js";

export function settings(copy) {
  const change = async (chosen) => {
    await speak(chosen);
    app.draw();
  };
  const clear = () => confirm(_("本机的资料和没有发送的内容都会清除，确定吗？")) && wipe(_("本机资料已清除。"));
  return [
    h("h1", {}, _("设置")),
    h("section", { class: "sheet" }, facts([
      [_("登录名"), copy.profile.login], [_("范围"), copy.profile.regions.join("、")], [_("本机的人"), copy.people.size], [_("待办"), counted(copy.queue, copy.conflicts)],
      [_("上次同步"), copy.cursor.synced ? new Date(copy.cursor.synced).toLocaleString() : "—"],
    ])),
    h("p", { class: "buttons" }, Object.entries(LANGUAGES).filter(([code]) => code !== language()).map(([code, label]) => button(label, () => change(code), { class: "plain", lang: code }))),
    h("p", { class: "buttons" }, button(_("锁定"), lock, { id: "lock" }), button(_("清除本机"), clear, { class: "plain", id: "wipe" })),
    changing(),
    h("p", { class: "hint" }, _("手机丢了：请告诉运维停用账号或结束这部手机的会话，它下次联网时自行清除。")),
  ];
}
