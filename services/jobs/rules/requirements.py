"""What a vacancy asks of people: age from the title (岗位名称), schooling (学历要求), openings (招聘人数)."""

from __future__ import annotations

import re
from typing import Literal

from libs.common.sheets.numbers import without_endless
from libs.common.sheets.numerals import NUMERAL, read_numeral
from libs.common.sheets.text import dashed
from libs.common.sheets.wage_figures import read_number

Education = Literal["小学", "初中", "高中", "大专", "本科"]
# matching-v1 §1: 0 none, 1 primary, 2 junior middle, 3 senior middle or vocational, 4 junior college, 5 university.
EDUCATION_STEP: dict[str | None, int] = {None: 0, "小学": 1, "初中": 2, "高中": 3, "大专": 4, "本科": 5}
GREATEST_OPENINGS = 1_000_000
_SCHOOLING: tuple[tuple[Education, str], ...] = (
    ("小学", "小学|高小"),
    ("初中", "初、?高?中|初级中学|九年|九年义务|国中"),
    ("高中", "高中|高级中学|中专|中职|职高|职中|技校|中技|中等|高职中|技工学校"),
    ("大专", "大专|专科|高职|大学专科|高专"),
    ("本科", "本科|学士|大学(?!专科)|研究生|硕士|博士"),
)
_OTHER_LIMITS = re.compile(
    r"(?:男女|性别|民族|年龄|专业|经验|户籍|地区|身高|工作经验|工龄)(?:要求)?[::]?(?:不限|无要求|不要求|均可)|不限(?:男女|性别|民族|年龄|专业|经验|户籍)"
)
_NOT_ASKED = re.compile(r"不限|无要求|不要求|无学历|不作要求|没有要求|均可(?!以上)|文盲|识字")
_NOT_A_FLOOR = re.compile(
    r"(?:小学|初中|高中|中专|大专|本科|专科)(?:学历)?(?:及)?(?:以上)?(?:者|的|学历)*优先|(?:小学|初中|高中|中专|大专|本科|专科)(?:学历)?及?以下"
)
_AGE = r"(?<![\d.])(\d{2})(?!\d)"
_YEARS = r"(?:周?岁)"
_NUMERAL_YEARS = re.compile(f"[{NUMERAL}]+(?={_YEARS})")
_NUMERAL_RANGE = re.compile(f"[{NUMERAL}]+(?=-\\d)")
_NOT_FAVOURED = r"(?!(?:者|的|人|人员)?优先)"
_RANGE = re.compile(rf"{_AGE}{_YEARS}?-{_AGE}{_YEARS}")
_BARE_RANGE = re.compile(
    r"(?<![\d./:点-])(\d{2})-(\d{2})(?![\d./:%]|\s*(?:年|月|号|元|人|名|千|万|k|点|时|天|个|小时|公斤|斤|位|k))"
)
_MOST = (
    re.compile(rf"{_AGE}{_YEARS}?(?:\(含\)|含)?及?(?:以下|以内|之内|之下|内|封顶|止|以里){_NOT_FAVOURED}"),
    re.compile(rf"(?:不超过|不大于|(?<!不)小于|(?<!不)低于|不高于|最大|至多|未满|不满|上限|<=?|≤|截止){_AGE}{_YEARS}"),
)
_LEAST = (
    re.compile(rf"{_AGE}{_YEARS}?(?:\(含\)|含)?及?(?:以上|之上|起|\+|↑){_NOT_FAVOURED}"),
    re.compile(rf"(?:年满|须满|必须满|已满|满|不低于|不小于|(?<!不)大于|(?<!不)超过|最小|至少|>=?|≥){_AGE}{_YEARS}"),
)


def read_ages(text: str) -> tuple[int | None, int | None]:
    """Lowest and highest age, both inclusive: the widest when several groups are named."""
    tidy = _NUMERAL_YEARS.sub(_in_two_digits, dashed(without_endless(text))).replace(" ", "")
    tidy = _NUMERAL_RANGE.sub(_in_two_digits, tidy)
    least: list[int] = []
    most: list[int] = []
    for first, second in _ranges(tidy):
        least.append(min(first, second))
        most.append(max(first, second))
    least += [int(found) for rule in _LEAST for found in rule.findall(tidy)]
    most += [int(found) for rule in _MOST for found in rule.findall(tidy)]
    return min(least, default=None), max(most, default=None)


def _in_two_digits(word: re.Match[str]) -> str:
    number = read_numeral(word[0])
    return word[0] if number is None else f"{number:02d}"


def _ranges(text: str) -> list[tuple[int, int]]:
    stated = [(int(first), int(second)) for first, second in _RANGE.findall(text)]
    if stated:
        return stated
    bare = [(int(first), int(second)) for first, second in _BARE_RANGE.findall(text)]
    return [(first, second) for first, second in bare if 14 <= first < second <= 70]


def read_education(text: str) -> Education | None:
    """The lowest schooling that is asked for; None where it does not matter."""
    tidy = _OTHER_LIMITS.sub(" ", text.replace(" ", ""))
    if _NOT_ASKED.search(tidy):
        return None
    tidy = _NOT_A_FLOOR.sub(" ", tidy)
    return next((level for level, words in _SCHOOLING if re.search(words, tidy)), None)


def read_openings(text: str) -> int | None:
    """Head-count of `10`, `10人`, `１０`, `十名`; `男5女5` adds up; None for 若干 and all else without a number."""
    text = without_endless(re.sub(r"(?<=\d) (?=\d)", "", text))
    both = re.search(r"男\D{0,3}(\d+)\D{0,6}女\D{0,3}(\d+)", text) or re.search(
        r"女\D{0,3}(\d+)\D{0,6}男\D{0,3}(\d+)", text
    )
    if both:
        return int(both[1]) + int(both[2])
    if re.search("[数几上][十百千]", text):
        return None
    if re.search(r"\d{4}[-/.年]\d{1,2}|-\s*\d|^\s*-", re.sub(r"\d\s*-", "", text)):
        return None
    number = read_number(text)
    return number if number is not None and number <= GREATEST_OPENINGS else None
