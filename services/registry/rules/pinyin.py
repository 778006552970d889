"""How names sound (拼音): each character with its readings, without tones; `lü` is lv, as it is typed."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import Style, pinyin

# A surname may have the rarer one: 单 is shan, 曾 is zeng, 仇 is qiu. Within a name a third one is hardly ever meant.
OF_SURNAME, WITHIN = 3, 2
_SYLLABLES = re.compile(r"[a-z]+|.")


def readings(name: str) -> list[tuple[str, ...]]:
    """The readings of each character of a name; letters that stand together are one syllable, read as written."""
    found = [sounds for part in _SYLLABLES.findall(name) if (sounds := _readings(part))]
    return [sounds[: WITHIN if at else OF_SURNAME] for at, sounds in enumerate(found)]


@lru_cache(maxsize=16_384)
def _readings(part: str) -> tuple[str, ...]:
    if part.isascii():
        return (part,) if part.isalpha() else ()
    found = pinyin(part, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(found[0]) if found else ()
