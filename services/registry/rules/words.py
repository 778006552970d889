"""Words of the wishes sheet to codes (词到代码): a word counts wherever it stands in its part."""

from __future__ import annotations

import re
from collections.abc import Mapping

from libs.common.codes.occupations import find_industry, find_post, trainings
from libs.common.sheets.model import CellValue
from libs.common.sheets.numbers import without_endless
from libs.common.sheets.numerals import read_numeral
from libs.common.sheets.text import word
from services.registry.rules.parts import says_nothing, split_parts

Words = Mapping[str, tuple[str, ...]]

CERTIFICATES: Words = {
    "forklift": ("叉车",),
    "welding": ("焊工",),
    "electrician": ("电工",),
    "infant_care": ("育婴",),
    "elderly_care": ("养老护理",),
    "driving": ("驾驶", "驾照"),
    "cook": ("厨师",),
}
RESTRICTIONS: Words = {
    "heights": ("高空", "恐高"),
    "night": ("夜班", "熬夜"),
    "lifting": ("重体力", "重物"),
    "chemicals": ("化学品", "油漆"),
    "standing": ("久站", "站不久"),
    "fine_vision": ("精细", "眼睛"),
    "hearing": ("听",),
    "noise": ("噪音", "吵"),
}
ACCOMMODATIONS: Words = {
    "sign_language": ("手语",),
    "wheelchair": ("无障碍", "轮椅"),
    "seated": ("坐岗", "坐着"),
    "quiet": ("安静",),
}
NEEDS: Words = {"board": ("包吃", "管吃"), "lodging": ("包住", "管住", "吃住", "住宿"), "insurance": ("社保",)}
REASONS: Words = {"care_elderly": ("老人",), "care_children": ("小孩", "孩子"), "health": ("身体", "病")}
# 无叉车证, 不需要手语: named, and yet not there.
NOT_HELD = re.compile("^(?:无(?!人机)|没有?|未|不会)|过期|作废")
NOT_NEEDED = re.compile("^(?:不需要?|不用|无需|不要)|自理|自己解决")
_NO_LIMIT = re.compile("都可以?|都行|(?:什么)?都(?:能|可以)(?:做|干)?|不限|没问题|均可")
_TICKS = "√✓✔☑✅■●vVYy"
_CROSSES = "×✕✖✗✘╳xX☓⨯Nn"


def read_yes_no(value: CellValue, *, yes: tuple[str, ...], no: tuple[str, ...]) -> bool | None:
    """是 and its like, 否 and its like, whichever is said first; None when it is neither. Signs: √ and × in any form."""
    text = word(value)
    if "是" in text and "否" in text:
        return _read_ticked(text)
    if text and set(text) <= set(_TICKS + _CROSSES):
        return text[0] in _TICKS
    said = [(text.find(one), answer) for answer, words in ((False, no), (True, yes)) for one in words if one in text]
    return min(said)[1] if said else None


def _read_ticked(text: str) -> bool | None:
    """A form that prints both: ☑是 □否, or 是√ 否□."""
    before = text[0] not in "是否"
    found = re.search(f"[{_TICKS}](是|否)" if before else f"(是|否)[{_TICKS}]", text)
    return found[1] == "是" if found else None


def read_codes(value: CellValue, words: Words, denied: re.Pattern[str] | None = None) -> tuple[tuple[str, ...], bool]:
    """The codes named in a cell, alphabetical, and whether some part names none of them; `denied` parts count for none."""
    codes: set[str] = set()
    unknown = False
    for part in split_parts(value, lambda text: bool(_codes_in(text, words))):
        if denied and denied.search(part):
            continue
        found = _codes_in(part, words)
        codes |= found
        unknown = unknown or not (found or says_nothing(part) or _NO_LIMIT.fullmatch(part))
    return tuple(sorted(codes)), unknown


def _codes_in(text: str, words: Words) -> set[str]:
    return {code for code, forms in words.items() if any(form in text for form in forms)}


def read_reason(value: CellValue) -> str | None:
    """不愿外出原因: care_elderly, care_children, health, other; None when nothing is said."""
    text = word(value)
    if says_nothing(text.strip("-/—、")):
        return None
    return next((code for code, forms in REASONS.items() if any(form in text for form in forms)), "other")


def read_occupation(value: CellValue) -> str | None:
    """意向工种: of the first part with such a word the longest post, else the trade."""
    parts = split_parts(value, lambda text: bool(find_post(text) or find_industry(text)))
    named = (find_post(part) or find_industry(part) for part in parts)
    return next((found for found in named if found), None)


def read_training(value: CellValue) -> str | None:
    """培训意愿: the first of the trainings on offer that is named."""
    text = word(value)
    if re.search("不(?:太?想|愿意?)?(?:学|参加|培训)", text):
        return None
    named = [(text.index(one), -len(one), one) for one in trainings() if one in text]
    return min(named)[2] if named else None


def read_together(value: CellValue) -> str | None:
    """是否夫妻同往: `only`, `preferred` or neither."""
    text = word(value)
    if re.search("不希望|不(?:是|一定)?必须|非必须", text):
        return None
    return "only" if "必须" in text else "preferred" if "希望" in text or "最好" in text else None


_LONGEST = 60  # more is the year in which somebody began


def read_years(value: CellValue) -> int:
    """从事年限: the first number, full years; 半年, none and empty are 0."""
    text = without_endless(word(value))
    if text.startswith("="):
        return 0  # a formula that nobody has calculated
    found = re.search(r"(\d+(?:\.\d+)?)(个?月)?", text)
    if found:
        years = 0 if found[2] else int(float(found[1][:9]))
        return years if years <= _LONGEST else 0
    spoken = re.search(r"([一二两三四五六七八九十]+)[几多来]?年", text)
    return (read_numeral(spoken[1]) if spoken else None) or 0
