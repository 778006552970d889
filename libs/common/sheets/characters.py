"""Traditional characters and their simplified ones (繁体转简体), for words that are looked up, never for a person's name.

One character for one, by OpenCC's table for the mainland (t2s), so that positions in a text stay what they were.
"""

from __future__ import annotations

from functools import cache

from opencc import OpenCC

_FIRST, _LAST = 0x3400, 0x9FFF
# What offices write and the table leaves as it is: older forms of peoples' names, and variants of everyday words.
_VARIANTS = {
    "傜": "瑶",
    "徭": "瑶",
    "獞": "壮",
    "彞": "彝",
    "著": "着",
    "衹": "只",
    "銲": "焊",
    "甦": "苏",
    "姪": "侄",
    "徬": "彷",
    "衞": "卫",
    "礆": "硷",
}
# Real names keep these: 乾州 is a place, 甯 a surname.
_KEPT = "乾甯"


def simplified(text: str) -> str:
    """The text in simplified characters."""
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    """Every character of the table once, converted alone: phrases are not looked at."""
    characters = [chr(code) for code in range(_FIRST, _LAST + 1)]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = {old: new for old, new in zip(characters, converted, strict=True) if old != new}
    return {ord(old): new for old, new in (pairs | _VARIANTS).items() if old not in _KEPT}
