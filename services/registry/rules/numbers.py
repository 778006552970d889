"""Identity and phone numbers (身份证号、电话): what a number says, and what is wrong with it."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from libs.common.sheets.model import CellValue
from libs.common.sheets.text import make_date, read_digits

Sex = Literal["男", "女"]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# What seventeen zeros come to as characters.
_ZEROS = ord("0") * sum(_WEIGHTS)
_WHOLE, _OLD = re.compile(r"[0-9]{17}[0-9X]"), re.compile(r"[0-9]{15}")
_SCIENTIFIC = re.compile(r"\d{1,3}(?:\.\d+)?E\+?\d+|\d{16,}\.0+")
_PHONE = re.compile(r"1[3-9]\d{9}")
# Whole numbers beyond this are no longer exact in a spreadsheet.
_EXACT = 10**15
LONGEST_LIFE = 120


@dataclass(frozen=True)
class IdNumber:
    """An identity number as read. `number` is the sound 18-digit form or None; `problem` the code of what is wrong."""

    number: str | None = None
    problem: str | None = None
    old: bool = False

    @cached_property
    def birth(self) -> date | None:
        return (
            make_date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14])) if self.number else None
        )

    def of_somebody_alive(self, on: date) -> IdNumber:
        """The same, with a problem where nobody can bear it on that day: not born yet, or 120 years before."""
        birth = self.birth
        if birth is None or (on.year - LONGEST_LIFE <= birth.year and birth <= on):
            return self
        return replace(self, number=None, problem="id_birth_invalid")

    @cached_property
    def sex(self) -> Sex | None:
        """The 17th digit: odd is male."""
        return ("男" if int(self.number[16]) % 2 else "女") if self.number else None


def check_character(first17: str) -> str:
    """The 18th character of GB 11643 from the other 17."""
    return _CHECKS[(sum(map(operator.mul, _WEIGHTS, first17.encode("ascii"))) - _ZEROS) % 11]


def lengthen(number15: str) -> str:
    """15 digits to 18: 19 before the year, check digit computed."""
    first17 = number15[:6] + "19" + number15[6:]
    return first17 + check_character(first17)


def has_lost_digits(value: CellValue) -> bool:
    """A number that is a name (identity, household, person) and was kept as a number, or as 4.33E+15: its last digits are gone."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return abs(value) >= _EXACT
    return bool(_SCIENTIFIC.fullmatch(read_digits(value)))


def read_id_number(value: CellValue) -> IdNumber:
    """Read one cell of 证件号码."""
    if has_lost_digits(value):
        return IdNumber(problem="id_lost_digits")
    text = read_digits(value)
    if not text:
        return IdNumber(problem="id_missing")
    if len(text) == 15:
        return _judge_old(text)
    return _judge(text) if len(text) == 18 else IdNumber(problem="id_length")


def _judge(text: str) -> IdNumber:
    if not _WHOLE.fullmatch(text) or check_character(text[:17]) != text[17]:
        return IdNumber(problem="id_check_digit")
    found = IdNumber(text)
    return found if found.birth else IdNumber(problem="id_birth_invalid")


def _judge_old(text: str) -> IdNumber:
    if not _OLD.fullmatch(text):
        return IdNumber(problem="id_check_digit")
    full = IdNumber(lengthen(text), old=True)
    return full if full.birth else IdNumber(problem="id_birth_invalid")


def is_phone(text: str) -> bool:
    """11 digits beginning 13-19: the form, not the operator's range."""
    return bool(_PHONE.fullmatch(text))


def find_phone(text: str) -> str | None:
    """The one mobile number within a remark, hyphens and a country code apart."""
    found = set(re.findall(r"(?<!\d)(?:\+?86|0086)?(1[3-9]\d{9})(?!\d)", re.sub(r"[-‐-―−]", "", text)))
    return found.pop() if len(found) == 1 else None
