"""What is put right without a word (只改形式): spaces, widths, guard marks, dates in every notation offices write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache, wraps
from typing import TypeVar

from libs.common.sheets.characters import simplified
from libs.common.sheets.lookalikes import meant
from libs.common.sheets.model import CellValue
from libs.common.sheets.numerals import DIGITS, NUMERAL, read_numeral

_SPACE = r" \t\r\n\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
SPACES = re.compile(f"[{_SPACE}]+")
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# How xlsx spells a control character; some readers hand the spelling over.
_ESCAPED = re.compile("_x00([01][0-9A-Fa-f]|7[Ff])_")
_GUARDS = "'`‘’′＇"
_DOTS = str.maketrans(dict.fromkeys("·•‧∙⋅・･●᛫⸱．.", "·"))
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－ー", "-"))
_RANGES = str.maketrans(dict.fromkeys("—–―‐‑‒─━−﹣~〜∼～〰", "-"))
_DASH_WORD = re.compile(r"(?<=[\d岁元])一(?=\d)")  # 一 typed for —
_TO = re.compile(rf"(?<=[\d元岁kw月年时天日{NUMERAL}])\s*[至到]\s*(?=[\d{NUMERAL}])")
# Most cells: nothing to put right, and a tenth of the time.
_CLEAN = re.compile("[0-9A-Za-z\u4e00-\u9fff]*")
_CAPITALS, _EIGHT_DIGITS = re.compile("[0-9A-Z]*"), re.compile("[0-9]{8}")
_FULL_STOPS = str.maketrans("。\\_", "...")
_EXCEL_EPOCH = date(1899, 12, 30)
# How many short texts of a kind are remembered: more than the lists and villages of a county.
_REMEMBERED, _SHORT = 4096, 40
Of = TypeVar("Of")


def plain(value: CellValue) -> str:
    """The cell as text, characters as they are meant; a whole number without its `.0`."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = meant(value)
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def tidy(value: CellValue) -> str:
    """NFKC; no invisible or control characters; guard marks and outer spaces gone, inner runs of space one blank."""
    if isinstance(value, str) and _CLEAN.fullmatch(value):
        return value
    text = plain(value)
    if _CLEAN.fullmatch(text):
        return text
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    text = SPACES.sub(" ", CONTROL.sub("", INVISIBLE.sub("", text))).strip(" ")
    return text.strip(_GUARDS).strip(" ")


def remembered(read: Callable[[CellValue], Of]) -> Callable[[CellValue], Of]:
    """For columns whose cells say the same few words again and again; never for what names somebody."""
    known = lru_cache(_REMEMBERED)(read)

    @wraps(read)
    def read_again(value: CellValue) -> Of:
        return known(value) if type(value) is str and len(value) <= _SHORT else read(value)

    return read_again


def compact(value: CellValue) -> str:
    """Tidied, without any space."""
    return tidy(value).replace(" ", "")


@remembered
def word(value: CellValue) -> str:
    """How a value is looked up in a list: compact, simplified characters, one kind of hyphen."""
    return simplified(compact(value)).translate(_HYPHENS)


def tidy_name(value: CellValue) -> str:
    """A person's name as it goes in: no spaces, one kind of middle dot; characters of the name itself stay."""
    return compact(value).translate(_DOTS)


def has_control_characters(value: CellValue) -> bool:
    """Control characters other than tab and line break, NUL included."""
    return bool(CONTROL.search(plain(value)))


def read_digits(value: CellValue) -> str:
    """A number that is a name (identity, phone): compact, capital letters, no guard marks (4331… of ="4331…")."""
    if isinstance(value, str) and _CAPITALS.fullmatch(value):
        return value
    return re.sub('^="?', "", compact(value)).strip('"“”').upper()


def dashed(text: str) -> str:
    """Every mark or word for a range (—, ~, 至, 到) as a hyphen."""
    return re.sub(r"\s*-[\s-]*", "-", _TO.sub("-", _DASH_WORD.sub("-", text.translate(_RANGES))))


_DAY = re.compile(
    r"^(\d{4})(?:年|[-/.、,\s])(\d{1,2})(?:月|[-/.、,\s])(\d{1,2})(?:日|号)?"
    r"(?:[T\s]*(?:上午|下午)?\d{1,2}[:时点].*)?$"
)
_NUMERALS = "〇零○一二三四五六七八九"
_WEEKDAY = re.compile(r"[(]?(?:周|星期|礼拜)[一二三四五六日天][)]?$")


def read_date(value: CellValue) -> date | None:
    """20050301, 2005-03-01, 2005/3/1, 2005.3.1, 2005年3月1日, an Excel date, 8 digits or an Excel day as a number."""
    if isinstance(value, date):
        return make_date(value.year, value.month, value.day)
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str) and _EIGHT_DIGITS.fullmatch(value):
        return make_date(int(value[:4]), int(value[4:6]), int(value[6:]))
    text = _WEEKDAY.sub("", simplified(tidy(value)).translate(_HYPHENS).translate(_FULL_STOPS).strip("."))
    if isinstance(value, float) and not value.is_integer():
        text = text.split(".")[0]
    # A space may stand for a separator (2017 3 1) or, more often, be a slip within the date (2017- 03-01).
    return _read_day_text(text) or _read_day_text(re.sub(r" (?!\d{1,2}[:时点])", "", text))


def _read_day_text(text: str) -> date | None:
    if re.fullmatch(r"\d{8}(\.0+)?", text):
        return make_date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _excel_day(int(text[:5]))
    found = _DAY.match(text)
    if found:
        return make_date(*(int(part) for part in found.groups()))
    return _read_chinese_day(text)


def _read_chinese_day(text: str) -> date | None:
    """二〇一七年三月十五日, 2017年三月十五日: as some offices write the date of a visit."""
    found = re.fullmatch(
        rf"([\d{_NUMERALS}]{{4}})年([\d{_NUMERALS}十]{{1,3}})月([\d{_NUMERALS}十]{{1,3}})[日号]?", text
    )
    if not found:
        return None
    year = "".join(str(DIGITS.get(sign, sign)) for sign in found[1])
    month, day = (int(part) if part.isdecimal() else read_numeral(part) or 0 for part in (found[2], found[3]))
    return make_date(int(year), month, day)


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None when the calendar or the century has no such day."""
    try:
        return date(year, month, day) if 1850 <= year <= 2200 else None
    except ValueError:
        return None


def _excel_day(number: int) -> date | None:
    """An Excel day number of the 1900 system; below 10000 (1927) it is more likely a year or a slip."""
    return _EXCEL_EPOCH + timedelta(days=number) if 10000 <= number <= 73050 else None
