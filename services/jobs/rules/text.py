"""Sheet text made comparable: one width, one kind of space, simplified characters, figures instead of numeral words."""

from __future__ import annotations

import re

from libs.common.sheets import CellValue
from libs.common.sheets.characters import simplified
from libs.common.sheets.numerals import NUMERAL
from libs.common.sheets.text import CONTROL, INVISIBLE, SPACES, tidy
from libs.common.sheets.text import plain as raw

_DASHES = str.maketrans(dict.fromkeys("—–―‐‑‒─━−﹣~〜∼～〰", "-"))
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
