"""Administrative divisions (行政区划, GB/T 2260): code to name and parent, and places found in free text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from libs.common.codes import data

_SUFFIX = re.compile(
    r"(?:维吾尔|土家族苗族|布依族苗族|苗族侗族|壮族|回族|苗族|侗族|瑶族)?(?:特别行政区|自治区|自治州|自治县|省|市|县|区)$"
)


_PROVINCE_MARKS = r"\s*[(\[（【\-—–:：]+\s*"


@dataclass(frozen=True)
class Division:
    """One division: its six-digit code, Chinese and English name, and the code of the division above."""

    code: str
    name: str
    english: str
    poor: bool = False

    @property
    def short(self) -> str:
        """深圳市 is 深圳, 湘西土家族苗族自治州 is 湘西; a name of one character stays whole."""
        short = _SUFFIX.sub("", self.name)
        return short if len(short) > 1 else self.name

    @property
    def parent(self) -> str | None:
        return parent_of(self.code)

    @property
    def is_province(self) -> bool:
        return self.code.endswith("0000")


@cache
def divisions() -> dict[str, Division]:
    rows = data.read("divisions")["divisions"]
    return {row["code"]: Division(row["code"], row["name"], row["en"], row.get("poor", False)) for row in rows}


def parent_of(code: str) -> str | None:
    """433124 lies in 433100, that in 430000, that in none."""
    if code.endswith("0000"):
        return None
    return code[:2] + "0000" if code.endswith("00") else code[:4] + "00"


def lies_in(code: str, prefix: str) -> bool:
    """Whether a division lies in another; `44` and `440000` both mean the province."""
    return code.startswith(prefix.rstrip("0") if len(prefix) == 6 and prefix.endswith("00") else prefix)


def find(name: str) -> Division | None:
    """The division of that full or short name; of several (吉林) the smallest code, that is the greater one."""
    return _by_name().get(name)


@cache
def _by_name() -> dict[str, Division]:
    named: dict[str, Division] = {}
    for division in divisions().values():
        named.setdefault(division.name, division)
        named.setdefault(division.short, division)
    return named


@dataclass(frozen=True)
class Mention:
    """A place named in a text: where it stands and its six-digit code."""

    start: int
    end: int
    code: str


@cache
def _names() -> tuple[dict[str, str], re.Pattern[str]]:
    """Every name in free text and its code; cities win over provinces and counties of the same name."""
    names: dict[str, str] = {}
    ordered = sorted(divisions().values(), key=lambda division: (division.code[4:] != "00", division.is_province))
    for division in ordered:
        for name in (division.name, division.short, division.short + "州" * division.name.endswith("自治州")):
            names.setdefault(name, division.code)
    for code, districts in data.read("divisions")["districts"].items():
        for district in districts:
            names.setdefault(district, code)
    return names, re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))


def join_provinces(text: str) -> str:
    """广东（深圳、东莞） and 广东-深圳 without the mark between a province and its own city."""
    found = _all_mentions(text)
    for upper, lower in reversed(list(pairwise(found))):
        between = text[upper.end : lower.start]
        if upper.code.endswith("0000") and lies_in(lower.code, upper.code) and re.fullmatch(_PROVINCE_MARKS, between):
            text = text[: upper.end] + text[lower.start :]
    return text


def _all_mentions(text: str) -> list[Mention]:
    names, pattern = _names()
    return [Mention(match.start(), match.end(), names[match[0]]) for match in pattern.finditer(text)]


def mentions(text: str) -> Iterator[Mention]:
    """The places named in a text, in its order; a province before one of its own cities is part of the city's name."""
    found = _all_mentions(text)
    for position, mention in enumerate(found):
        following = found[position + 1] if position + 1 < len(found) else None
        if following and _is_prefix(mention, following, text):
            continue
        previous = found[position - 1] if position else None
        if previous and mention.code == previous.code and not _between(previous, mention, text):
            continue
        yield mention


def _is_prefix(upper: Mention, lower: Mention, text: str) -> bool:
    inside = lower.code != upper.code and lies_in(lower.code, upper.code)
    return inside and not _between(upper, lower, text)


def _between(first: Mention, second: Mention, text: str) -> str:
    """What separates two names, apart from a word that only joins them."""
    return text[first.end : second.start].strip("省市州县区的")
