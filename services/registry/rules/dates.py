"""When somebody could start (可上岗时间): dates as people say them at the door."""

from __future__ import annotations

import re
from datetime import date

from libs.common.codes.festivals import after_new_year
from libs.common.sheets.model import CellValue
from libs.common.sheets.numerals import read_numeral
from libs.common.sheets.text import make_date, read_date, word

_AT_ONCE = re.compile(r"随时|马上|立即|立刻|即时|即日|现在")
# Not 半年后 or 3年后: that is a span of time.
_AFTER_NEW_YEAR = re.compile(
    r"(?<![\d一二两三四五六七八九十半几多])年(?:过|之|以)?后|(?:春节|元宵节?|正月十五|过年)(?:过|之|以)?后|过[完了](?:大|新)?(?:年|春节|元宵)|年过完|节后"
)
_NUMERAL = "[一二三四五六七八九十]"
_MONTH = re.compile(
    rf"(?:(\d{{4}})年|(明年|今年))?(?:(?<!\d)(\d{{1,2}})|({_NUMERAL}{{1,2}}))月(?:份)?(?:(\d{{1,2}})(?:日|号)?|({_NUMERAL}{{1,3}})(?:日|号))?"
)


def read_available(value: CellValue, visited: date) -> date | None:
    """可上岗时间 said at a visit: a date; None when it says none. Empty and 随时 are the day of the visit."""
    day = read_date(value)
    text = word(value)
    if day or not text:
        return day or visited
    if re.fullmatch(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}", text):
        return None
    for read in (_read_day_within, _read_month, _read_occasion):
        known, found = read(text, visited)
        if known:
            return found
    return None


def _read_day_within(text: str, visited: date) -> tuple[bool, date | None]:
    """A full date with words around it (2017年3月1日以后), or month and day alone as figures (3.15)."""
    found = re.search(r"(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})", text)
    if found:
        return True, make_date(*map(int, found.groups()))
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})", text)
    if found:
        return True, make_date(int(found[1]), int(found[2]), 1)
    found = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})", text)
    return (True, make_date(_year_of(int(found[1]), visited), int(found[1]), int(found[2]))) if found else (False, None)


def _read_month(text: str, visited: date) -> tuple[bool, date | None]:
    """3月, 3月初: the first of it; 3月8日 that day; 中旬 the 11th, 下旬 the 21st, 底 the last day."""
    found = _MONTH.search(text)
    if not found:
        return False, None
    month = int(found[3]) if found[3] else read_numeral(found[4]) or 0
    year = int(found[1]) if found[1] else _year_of(month, visited) + (found[2] == "明年" and visited.month < 9)
    if found[5] or found[6]:
        return True, make_date(year, month, int(found[5]) if found[5] else read_numeral(found[6]) or 0)
    return True, _within_month(text[found.end() :], year, month)


def _within_month(rest: str, year: int, month: int) -> date | None:
    if rest.startswith(("底", "末")):
        return next((day for number in (31, 30, 29, 28) if (day := make_date(year, month, number))), None)
    return make_date(year, month, 11 if rest.startswith("中") else 21 if rest.startswith("下旬") else 1)


def _year_of(month: int, visited: date) -> int:
    """The year of the visit; a month named in autumn that has passed is the next year's."""
    return visited.year + (visited.month >= 9 and month < visited.month)


def _read_occasion(text: str, visited: date) -> tuple[bool, date | None]:
    if _AFTER_NEW_YEAR.search(text):
        return True, after_new_year(visited)
    return (True, visited) if _AT_ONCE.search(text) else (False, None)
