"""What the cadre's app (手机端) is made of: its modules, words and forms under one digest, so that a shell is of one version or another."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from dataclasses import asdict, dataclass
from functools import cache

from libs.common.codes.divisions import Division, divisions, find
from services.console.rendering import HERE
from services.console.rendering.codes import codes, codes_of, name_code, place
from services.console.rendering.words import LANGUAGES, SOURCE, catalogue, translations
from services.console.rules.forms import Field, Form

STATIC = HERE / "static"
_APP = STATIC / "m"
WORKER = "sw.js"
_KINDS = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"}
_KINDS[".png"] = "image/png"


@dataclass(frozen=True)
class ShellFile:
    """One file as it is served."""

    content: bytes
    kind: str

    @property
    def integrity(self) -> str:
        return "sha256-" + b64encode(hashlib.sha256(self.content).digest()).decode()


@dataclass(frozen=True)
class Shell:
    """The app of one version: the version is the digest of all its files."""

    files: dict[str, ShellFile]

    @property
    def version(self) -> str:
        told = json.dumps({name: file.integrity for name, file in sorted(self.files.items())})
        return hashlib.sha256(told.encode() + (_APP / WORKER).read_bytes()).hexdigest()[:12]

    def address(self, name: str) -> str:
        return f"/m/app/{self.version}/{name}"

    def worker(self) -> bytes:
        """The service worker of this version, which keeps exactly these files and believes no other content."""
        files = {self.address(name): file.integrity for name, file in self.files.items()}
        told = f"const VERSION = {json.dumps(self.version)};\nconst FILES = {json.dumps(files)};\n"
        return told.encode() + (_APP / WORKER).read_bytes()


@cache
def shell(forms: tuple[tuple[str, Form], ...]) -> Shell:
    """Everything that the app needs where there is no network."""
    files = {path.name: _file(path.name, path.read_bytes()) for path in sorted(_APP.iterdir()) if path.name != WORKER}
    files["console.css"] = _file("console.css", (STATIC / "console.css").read_bytes())
    files["seal.svg"] = _file("seal.svg", (STATIC / "seal.svg").read_bytes())
    for language in LANGUAGES:
        told = json.dumps(_spoken(language, dict(forms)), ensure_ascii=False, separators=(",", ":"))
        files[f"words-{language}.json"] = _file("words.json", told.encode())
    return Shell(files)


def _file(name: str, content: bytes) -> ShellFile:
    return ShellFile(content, _KINDS[name[name.rindex(".") :]])


def _spoken(language: str, forms: dict[str, Form]) -> dict[str, object]:
    """Sentences of the modules, names of codes, fields of the forms and places, in one language."""
    return {
        "words": _sentences(language),
        "codes": {
            kind: {code: name_code(language, kind, code) for code in members} for kind, members in codes().items()
        },
        "forms": {name: [_field(language, each) for each in form.fields] for name, form in forms.items()},
        "places": {name: code for each in divisions().values() for name, code in _place(each)},
        "divisions": {_wished(each): place(language, each.code) for each in divisions().values()},
    }


def _sentences(language: str) -> dict[str, str]:
    """What the modules say, where the source is not what is shown."""
    if language == SOURCE:
        return {}
    return {
        str(message.id): str(message.string)
        for message in catalogue(language)
        if message.id and any("/static/m/" in place for place, _ in message.locations)
    }


def _field(language: str, field: Field) -> dict[str, object]:
    """A form's field, with what may be chosen by name."""
    say = translations(language).gettext
    options = field.options or (codes_of(field.codes) if field.codes else ())
    named = [[each, name_code(language, field.codes, each) if field.codes else each] for each in options]
    words = {"label": say(field.label), "hint": say(field.hint) if field.hint else ""}
    return {**asdict(field), **words, "options": named}


def _place(division: Division) -> list[tuple[str, str]]:
    """What may be typed for it, where the same words do not mean a greater one."""
    return [(name, _wished(division)) for name in (division.name, division.short) if find(name) == division]


def _wished(division: Division) -> str:
    """Provinces by two digits, as wishes have them."""
    return division.code[:2] if division.is_province else division.code
