// Which screen an address shows (画面): `#/person/ID`, `#/visit/ID`, `#/queue` …; the list where there is none.
import { app } from "./app.js";
import { conflict } from "./conflict_screen.js";
import { edit, entry, queue } from "./queue_screen.js";
import { h, link } from "./dom.js";
import { list } from "./list_screen.js";
import { person } from "./person_screen.js";
import { _ } from "./say.js";
import { settings } from "./settings_screen.js";
import { correct, depart, enter, sign, visit, visitHome } from "./writing_screens.js";

const SCREENS = { "": list, person, visit, home: visitHome, correct, depart, enter, queue, entry, edit, conflict, settings, sign };

const PLACES = () => [["", _("人员")], ["enter", _("新增")], ["queue", _("待办")], ["settings", _("设置")]];

export function draw(main) {
  const [, name = "", id = ""] = decodeURIComponent(location.hash).split("/");
  const screen = SCREENS[name] ?? list;
  main.replaceChildren(...[screen(app.copy, id)].flat().filter(Boolean), menu(name));
}

function menu(name) {
  const place = ([where, label]) => link(label, where, { "aria-current": where === name ? "page" : undefined });
  return h("nav", { class: "tabs", "aria-label": _("主导航") }, PLACES().map(place));
}
