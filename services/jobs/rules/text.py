"""Sheet text made comparable: one width, one kind of space, simplified characters, figures instead of numeral words."""

from __future__ import annotations

import re

from libs.common.sheets import CellValue
from libs.common.sheets.characters import simplified
from libs.common.sheets.text import CONTROL, INVISIBLE, SPACES, tidy
from libs.common.sheets.text import plain as raw

_DASHES = str.maketrans(dict.fromkeys("—–―‐‑‒─━−﹣~〜∼～〰", "-"))
_DIGITS = dict(
    zip(
        "零〇一壹二贰两三叁四肆五伍六陆七柒八捌九玖",
        (0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9),
        strict=True,
    )
)
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10000}
NUMERAL = "零〇一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟"
_DASH_WORD = re.compile(r"(?<=[\d岁元])一(?=\d)")  # 一 typed for —
_TO = re.compile(rf"(?<=[\d元岁kw月年时天日{NUMERAL}])\s*[至到]\s*(?=[\d{NUMERAL}])")


def plain(value: CellValue) -> str:
    """A cell as text to be understood: NFKC, invisible characters gone, runs of space one blank, simplified characters."""
    return simplified(tidy(value))


def shown(value: CellValue) -> str:
    """A cell as text to be kept and shown: as the office wrote it, without invisible characters and needless space."""
    return SPACES.sub(" ", CONTROL.sub("", INVISIBLE.sub("", raw(value)))).strip(" ")


def folded(value: CellValue) -> str:
    """A name only to compare with: plain, without any space, in small letters."""
    return plain(value).replace(" ", "").casefold()


def dashed(text: str) -> str:
    """Every mark or word for a range (—, ~, 至, 到) as a hyphen."""
    return re.sub(r"\s*-[\s-]*", "-", _TO.sub("-", _DASH_WORD.sub("-", text.translate(_DASHES))))


def numeral(word: str) -> int:
    """A whole number in Chinese numerals: 十 10, 二十五 25, 三千五 3500, 一万二 12000."""
    total = section = digit = 0
    unit = 1
    for sign in word:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            unit = 1 if sign in "零〇" else unit
            continue
        unit = _UNITS[sign]
        if unit == 10000:
            total, section, digit = (total + section + digit or 1) * unit, 0, 0
        else:
            section, digit = section + (digit or 1) * unit, 0
    # 三千五 means 3500: a last digit counts tenths of the unit before it, unless a zero stands between or that is 十.
    return total + section + digit * (unit // 10 if unit >= 100 else 1)
