"""Figures as people write them (数字的各种写法): 3500, ３５００, 3,500, 3.5k, 4千, 3千5, 1万2, 3-4千."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite

from libs.common.sheets.characters import simplified
from libs.common.sheets.model import CellValue
from libs.common.sheets.numerals import DIGITS, NUMERAL
from libs.common.sheets.text import tidy

_UNITS = {"万": 10000, "w": 10000, "千": 1000, "仟": 1000, "k": 1000, "百": 100, "佰": 100}
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIRST = re.compile(f"({_NUMBER})\\s*([万千仟百佰kw]?)")
_RANGE = re.compile(f"\\s*(?:-|~|～|至|到|、|–|—|－)+\\s*(?:{_NUMBER})\\s*([万千仟百佰kw])")
_REST = re.compile(f"\\s*({_NUMBER}|[一二三四五六七八九])\\s*([千仟百佰]?)(?![\\d.])")
_TOO_GREAT = 10**9
# More digits, or numerals, than any number in a sheet has: somebody leaned on the key, and patterns would look at each again.
_ENDLESS = re.compile(f"[0-9]{{16,}}|[{NUMERAL}]{{16,}}")


def read_amount(value: CellValue) -> int | None:
    """The first figure of a cell as a whole number; None when there is no figure (四千左右 and 面议 hold none).

    A number as long as that of a person or a telephone is no amount, and =10+5 that nobody has calculated is none.
    """
    if isinstance(value, bool) or value is None or (isinstance(value, float) and not isfinite(value)):
        return None
    amount = int(value) if isinstance(value, int | float) else _first_amount(_spelled(str(value)))
    return amount if amount is not None and abs(amount) < _TOO_GREAT else None


def without_endless(text: str) -> str:
    """The text without runs of digits or numerals that are no number for their length."""
    return _ENDLESS.sub("…", text)


def _first_amount(text: str) -> int | None:
    found = _FIRST.search(text)
    if not found or text.startswith("="):
        return None  # a formula that nobody has calculated holds figures and no amount
    number, unit = Decimal(found[1].replace(",", "")), found[2]
    if unit:
        return int(number * _UNITS[unit] + _remainder(text[found.end() :], _UNITS[unit]))
    return int(number * _unit_of_range(number, text[found.end() :]))


def _spelled(text: str) -> str:
    """Lower case, simplified, a number broken by a blank joined (4 000, 40 00); 3500 4500 are two."""
    text = without_endless(simplified(tidy(text)).lower().replace("，", ","))
    return re.sub(
        r"(?<![\d.])(?:\d{1,3}(?: \d{3})+|\d{1,2} \d{2,3}|\d{3} \d)(?![\d.])",
        lambda found: found[0].replace(" ", ""),
        text,
    )


def _unit_of_range(number: Decimal, rest: str) -> int:
    """In 3-4千 the thousand belongs to both ends."""
    found = _RANGE.match(rest)
    return _UNITS[found[1]] if found and number < 100 else 1


def _remainder(rest: str, unit: int) -> Decimal:
    """What follows a unit: the 5 of 3千5 is five hundred, 4千5百 says so itself."""
    found = _REST.match(rest)
    if not found:
        return Decimal(0)
    number = Decimal(DIGITS.get(found[1]) or found[1].replace(",", ""))
    if found[2] and _UNITS[found[2]] < unit:
        return number * _UNITS[found[2]]
    return number * unit / 10 if number < 10 else Decimal(0)
