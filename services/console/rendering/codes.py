"""Names of codes (代码名称), each by its kind: `open` is one thing of a run and another of a claim."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO, NamedTuple

from libs.common.codes.countries import countries
from libs.common.codes.divisions import divisions
from libs.common.codes.occupations import groups
from services.console.rendering.words import CATALOGUES, translations


class CodeName(NamedTuple):
    """A code's Chinese name, and the colour class of its tag: good, busy, bad or plain."""

    chinese: str
    tone: str = "plain"


@cache
def codes() -> dict[str, dict[str, CodeName]]:
    """Kind of code -> code -> its name."""
    return _parse((CATALOGUES / "codes.json").read_bytes())


def _parse(document: bytes) -> dict[str, dict[str, CodeName]]:
    kinds: dict[str, dict[str, list[str]]] = json.loads(document)
    return {kind: {code: CodeName(*named) for code, named in members.items()} for kind, members in kinds.items()}


def codes_of(kind: str) -> tuple[str, ...]:
    """All codes of a kind, in the order of the file."""
    return tuple(codes()[kind])


def name_code(language: str, kind: str, code: object) -> str:
    """The name of a code of this kind; one that we do not know is shown as it is."""
    if code is None or code == "":
        return "—"
    known = codes()[kind].get(str(code))
    if known is None:
        named = {"occupation": occupation, "country": country}.get(kind)
        return (named(language, code) if named else "") or str(code)
    return translations(language).pgettext(kind, known.chinese)


def tone(kind: str, code: object) -> str:
    """The colour class of a code's tag."""
    known = codes()[kind].get(str(code))
    return known.tone if known else "plain"


def place(language: str, code: object) -> str:
    """The name of a division or node (433124, n433124); one that is not in the code set is shown as it is."""
    division = divisions().get(str(code or "").removeprefix("n"))
    if division is None:
        return str(code or "—")
    return division.english if language == "en" else division.name


def occupation(language: str, code: object) -> str:
    """The name of a group of occupations (职业中类); nothing where the code set has none."""
    group = groups().get(str(code))
    if group is None:
        return ""
    return group.english if language == "en" else group.name


def country(language: str, code: object) -> str:
    """The name of a country or region; nothing where the code set has none."""
    return countries("en" if language == "en" else "zh").get(str(code), "")


def extract(file: BinaryIO, *_: object, **__: object) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """For Babel: every name, with its kind as the context (msgctxt)."""
    for kind, members in _parse(file.read()).items():
        for named in members.values():
            yield 0, "pgettext", (kind, named.chinese), []
