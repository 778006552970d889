"""Values of the national register as offices write them (指标值): codes for words, joined lists, months."""

from __future__ import annotations

import re

from libs.common.sheets.characters import simplified
from libs.common.sheets.model import CellValue
from libs.common.sheets.numbers import read_amount
from libs.common.sheets.numerals import read_numeral
from libs.common.sheets.text import compact, remembered, word

_WORK_PLACES = {
    "1": "乡(镇)内",
    "2": "乡(镇)外县内",
    "3": "县外省内",
    "4": "省外",
    "99": "其他",
    "乡镇内": "乡(镇)内",
    "乡镇外县内": "乡(镇)外县内",
}
_NO_MONTHS = ("0", "零", "无", "没有", "否", "未务工", "未外出", "不务工")
_BRACKETS = str.maketrans("[]【】〔〕﹝﹞{}", "()()()()()")


@remembered
def read_listed(value: CellValue) -> str:
    """A value that belongs to a list: compact, simplified, round brackets."""
    return word(value).translate(_BRACKETS)


@remembered
def read_work_place(value: CellValue) -> str:
    """务工所在地 as its word: 01 or 1 is 乡(镇)内, 02 乡(镇)外县内, 03 县外省内, 04 省外, 99 其他."""
    text = read_listed(value)
    if re.fullmatch(r"\d+(\.0+)?", text):
        text = text.split(".")[0].lstrip("0") or "0"
    return _WORK_PLACES.get(text, text)


@remembered
def read_health(value: CellValue) -> tuple[str, ...]:
    """健康状况: one value or several joined by 、."""
    return tuple(part for part in re.split(r"[、,，;；/|+和]+", read_listed(value)) if part)


@remembered
def read_months(value: CellValue) -> int:
    """务工时间（月）: a number, however typed, or 半年, 十个月; less than one is one, empty is 0."""
    months = read_amount(value)
    if months is not None:
        return months or int(bool(re.search("[1-9]", compact(value))))
    text = word(value)
    if re.search("[全一整]年", text):
        return 12
    return 6 if "半年" in text else read_numeral(re.split("个?月", text)[0]) or 0


@remembered
def says_months(value: CellValue) -> bool:
    """Whether 务工时间（月） is empty, says none, or can be read."""
    text = word(value)
    return (
        bool(read_months(value)) or not text.strip("-/—、.") or text.strip(".") in _NO_MONTHS or read_amount(value) == 0
    )


@remembered
def read_place_name(value: CellValue) -> str:
    """A township or village as text, simplified: 龍潭鎮 and 龙潭镇 are one."""
    return simplified(compact(value))
