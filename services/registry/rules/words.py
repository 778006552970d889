"""Words of the wishes sheet to codes (词到代码): a word counts wherever it stands in its part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from libs.common.codes.festivals import after_new_year
from libs.common.codes.occupations import find_industry, find_post
from libs.common.sheets.shape import CellValue
from libs.common.sheets.text import make_date, read_chinese_number, read_date, word
from services.registry.rules.parts import says_nothing, split_parts

Words = Mapping[str, tuple[str, ...]]

CERTIFICATES: Words = {
    "forklift": ("叉车",), "welding": ("焊工",), "electrician": ("电工",), "infant_care": ("育婴",), "elderly_care": ("养老护理",),
    "driving": ("驾驶", "驾照"), "cook": ("厨师",),
}  # fmt: skip
RESTRICTIONS: Words = {
    "heights": ("高空", "恐高"), "night": ("夜班", "熬夜"), "lifting": ("重体力", "重物"), "chemicals": ("化学品", "油漆"),
    "standing": ("久站", "站不久"), "fine_vision": ("精细", "眼睛"), "hearing": ("听",), "noise": ("噪音", "吵"),
}  # fmt: skip
ACCOMMODATIONS: Words = {
    "sign_language": ("手语",), "wheelchair": ("无障碍", "轮椅"), "seated": ("坐岗", "坐着"), "quiet": ("安静",),
}  # fmt: skip
NEEDS: Words = {"board": ("包吃", "管吃"), "lodging": ("包住", "管住", "吃住", "住宿"), "insurance": ("社保",)}
REASONS: Words = {"care_elderly": ("老人",), "care_children": ("小孩", "孩子"), "health": ("身体", "病")}
TRAININGS = ("订单班", "电工", "焊工", "叉车", "缝纫", "家政", "育婴", "养老护理", "烹饪", "电商")


def read_yes_no(value: CellValue, *, yes: tuple[str, ...], no: tuple[str, ...]) -> bool | None:
    """是 and its like, 否 and its like; None when it is neither. Signs: √ and × in any of their forms."""
    text = word(value)
    if any(one in text for one in no) or re.fullmatch("[×✕✖✗✘╳xX☓⨯]+", text):
        return False
    return True if any(one in text for one in yes) or re.fullmatch("[√✓✔☑✅vV]+", text) else None


def read_codes(value: CellValue, words: Words) -> tuple[tuple[str, ...], bool]:
    """The codes named in a cell, alphabetical, and whether some part names none of them."""
    codes: set[str] = set()
    unknown = False
    for part in split_parts(value, lambda text: bool(_codes_in(text, words))):
        found = _codes_in(part, words)
        codes |= found
        unknown = unknown or not (found or says_nothing(part) or re.match("无|没有|暂无|不需要", part))
    return tuple(sorted(codes)), unknown


def _codes_in(text: str, words: Words) -> set[str]:
    return {code for code, forms in words.items() if any(form in text for form in forms)}


def read_reason(value: CellValue) -> str | None:
    """不愿外出原因: care_elderly, care_children, health, other; None when nothing is said."""
    text = word(value)
    return (
        next((code for code, forms in REASONS.items() if any(form in text for form in forms)), "other")
        if text
        else None
    )


def read_occupation(value: CellValue) -> str | None:
    """意向工种: of the first part with such a word the longest post, else the trade."""
    parts = split_parts(value, lambda text: bool(find_post(text) or find_industry(text)))
    named = (find_post(part) or find_industry(part) for part in parts)
    return next((found for found in named if found), None)


def read_training(value: CellValue) -> str | None:
    """培训意愿: the first of the trainings on offer that is named."""
    text = word(value)
    named = [(text.index(one), -len(one), one) for one in TRAININGS if one in text]
    return min(named)[2] if named else None


def read_together(value: CellValue) -> str | None:
    """是否夫妻同往: `only`, `preferred` or neither."""
    text = word(value)
    if re.search("不希望|不必须|不是必须|非必须", text):
        return None
    return "only" if "必须" in text else "preferred" if "希望" in text or "最好" in text else None


def read_years(value: CellValue) -> int:
    """从事年限: the first number, full years; 半年, none and empty are 0."""
    text = word(value)
    found = re.search(r"(\d+(?:\.\d+)?)(个?月)?", text)
    if found:
        return 0 if found[2] else int(float(found[1]))
    spoken = re.search(r"([一二两三四五六七八九十]+)[几多来]?年", text)
    return read_chinese_number(spoken[1]) if spoken else 0


_AT_ONCE = re.compile(r"随时|马上|立即|立刻|即时|即日|现在")
_AFTER_NEW_YEAR = re.compile(
    r"年后|过完年|过了年|春节后|春节过后|过年后|元宵后|元宵节后|节后|正月十五后|过完春节|过完元宵"
)
_MONTH = re.compile(
    r"(?:(\d{4})年|(明年|今年))?(?:([1-9]|1[0-2]|0[1-9])|([一二三四五六七八九十]{1,2}))月(?:(\d{1,2})(?:日|号)?)?"
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
    month = int(found[3]) if found[3] else read_chinese_number(found[4])
    year = int(found[1]) if found[1] else _year_of(month, visited) + (found[2] == "明年" and visited.month < 9)
    if found[5]:
        return True, make_date(year, month, int(found[5]))
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
