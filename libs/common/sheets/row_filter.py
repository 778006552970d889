"""Which rows are no data (非数据行): blank, notes, repeated headers, totals, signatures, examples."""

from __future__ import annotations

import re
from collections.abc import Mapping

from libs.common.sheets.characters import simplified
from libs.common.sheets.grid import Grid
from libs.common.sheets.header import Header
from libs.common.sheets.model import Layout

Texts = Mapping[int, str]
_STRONG = "(?:总?合计|总计|小计|共计|累计)"
_COUNTS = r"[\d.,，、;；共约个岗位家企业人次户名条项份行村组万元]*"
# 合计, 花垣镇小计：, 合计 6人, 本页合计数, Total; 计 and 汇总 only alone.
_TOTAL_ALONE = re.compile(
    rf"(?:[^\d:：,，。;；]{{0,12}}?{_STRONG}|汇总|总[数和]|总?计|总(?:人|户|岗位|名额)|本?页[合小]?计|(?:sub|grand)?total|sum)"
    rf"(?:数|人数|户数|岗位数?|名额)?[:：]?{_COUNTS}",
    re.IGNORECASE,
)
# Most rows are done with here.
_MAYBE_TOTAL = re.compile("[计計共总總]|汇|匯|total|sum", re.IGNORECASE)
_COUNTED = re.compile(rf"(?:共|总共|一共|共有)\d{_COUNTS}")
_TOTAL_FIRST = re.compile(rf"{_STRONG}|总数|本页[合小]计|(?:sub|grand)?total", re.IGNORECASE)
# A count or a sum, as it stands in a row of totals: 6人, 12家, 30, 4,500元. A longer bare figure is somebody's number.
_COUNT = re.compile(
    r"[共约]?(?:\d{1,3}(?:,\d{3})+|\d{1,4})(?:\.\d+)?|[共约]?\d[\d.,]*[个岗位家企业人次户名条项份行村组万元]+|[-—－/]+"
)
_NUMBER_OF_SOMEBODY = re.compile(r"\d{5}")
# Longer cells are neither totals nor signatures.
_SHORT = 80
_SIGNERS = "填表|制表|审核|复核|审批|经办|填报|负责|盖章|公章|单位负责|分管|报送|统计|调查|登记|录入|签字|签名|联系人|主管|日期|年月日"
_SIGN = re.compile(rf"^[(（]?(?:{_SIGNERS}).{{0,6}}[:：)）]|盖章|公章")
# A cell that is a line of a signature and nothing else: 制表人：甲, 审核(签字)：, (盖章), 填报日期：2017-03-01.
_LABEL = re.compile(
    rf"(?:(?:{_SIGNERS})(?:员|人员?|者|单位|部门|机关|领导|日期|时间|电话|意见)?(?:[(（](?:签字|签名|盖章|公章|签章)[)）])?[:：].*"
    r"|[(（]?(?:盖章|公章|签章|签字|签名)[)）]?|.{0,12}[(（](?:盖章|公章|签章)[)）].{0,12}|\d{4}年\d{0,2}月\d{0,2}日?)"
)
_NOTE = re.compile(r"^(?:注|备注|说明|填表说明|附注|附|提示|填报说明)\d*[:：.、]|^(?:注|备注|说明|填表说明)$")
_EXAMPLE = re.compile(
    r"[(（【]?(?:填写|填表|填报)?(?:示例|样例|范例|举例|例如?|example)\d*[)）】]?[:：]?", re.IGNORECASE
)


def name_rows_above(grid: Grid, header: Header) -> dict[int, str]:
    """Row (from 0) -> title, note, blank or header for what stands above the data."""
    names: dict[int, str] = {}
    for row in range(header.bottom):
        texts = grid.filled(row)
        if row >= header.top:
            names[row] = "header"
        elif not texts:
            names[row] = "blank"
        else:
            first = next(iter(texts.values()))
            names[row] = "note" if "title" in names.values() or _NOTE.search(first) else "title"
    return names


def name_row(grid: Grid, row: int, header: Header, layout: Layout) -> str | None:
    """Why a row below the header is no data; None when it is data."""
    texts = grid.filled(row)
    serial = header.columns.get(layout.serial)
    if not texts or set(texts) == {serial}:
        first = next(iter(texts.values()), "")
        if not first or first.rstrip(".0").isdigit():
            return "blank"
    if _is_total(texts, header, layout):
        return "total"
    if len(texts) <= max(6, len(header.columns) // 3) and _is_sign(texts, header, layout):
        return "sign"
    if repeats_header(texts, header) or (row == header.bottom + 1 and not grid.skipped and _numbers_columns(texts)):
        return "header"
    if _EXAMPLE.fullmatch(_compact(next(iter(texts.values())))):
        return "example"
    if len(texts) == 1:
        return _name_single(texts, header, layout)
    return None if any(column in texts for column in header.columns.values()) else "beside"


def _compact(text: str) -> str:
    return simplified(text).replace(" ", "") if len(text) <= _SHORT else "…"


def _anchored(texts: Texts, header: Header, layout: Layout) -> list[str]:
    """What stands where a row is named, empty where nothing does."""
    columns = (header.columns[name] for name in layout.anchors if name in header.columns)
    return [_compact(texts.get(column, "")) for column in columns]


def _is_total(texts: Texts, header: Header, layout: Layout) -> bool:
    """合计 in front, or anywhere alone; where a row would be named, nothing but that word, counts, or whose subtotal it is.

    So a row of totals is one however many of its cells hold counts, and somebody with such a name is a person.
    """
    if not _MAYBE_TOTAL.search("\n".join(texts.values())):
        return False
    words = [_compact(text) for text in texts.values()]
    if not (_TOTAL_FIRST.match(words[0]) or any(map(_says_total, words))):
        return False
    named = [text for text in _anchored(texts, header, layout) if text]
    if all(map(_counts, named)):
        return True
    others = [text for text in words if not _counts(text)]
    return len(others) == 1 and any(map(_says_total, named)) and not _NUMBER_OF_SOMEBODY.search(others[0])


def _says_total(text: str) -> bool:
    return bool(_TOTAL_ALONE.fullmatch(text) or _COUNTED.fullmatch(text))


def _counts(text: str) -> bool:
    return _says_total(text) or bool(_COUNT.fullmatch(text))


def _is_sign(texts: Texts, header: Header, layout: Layout) -> bool:
    """A line of signatures; a row that names its person or firm, or fills most of what is required, is data for all its words."""
    words = [_compact(text) for text in texts.values()]
    if not any(map(_SIGN.search, words)):
        return False
    anchored = _anchored(texts, header, layout)
    if anchored and all(text and not _LABEL.fullmatch(text) for text in anchored):
        return False
    if 2 * sum(bool(_LABEL.fullmatch(text)) for text in words) >= len(words):
        return True
    required = [header.columns[name] for name in layout.required if name in header.columns]
    return sum(column in texts for column in required) * 2 < len(required)


def repeats_header(texts: Texts, header: Header) -> bool:
    """A header printed again at a page break."""
    least = min(len(header.columns), max(3, len(header.columns) // 2))
    return any(sum(words.get(column) == text for column, text in texts.items()) >= least for words in header.words)


def _numbers_columns(texts: Texts) -> bool:
    """A row of column numbers below the header: 1 2 3 …, (1) (2) (3) …, perhaps after 甲 乙."""
    words = [text.strip("()") for text in texts.values()]
    numbers = [int(text) for text in words if text.isdecimal() and len(text) < 4]
    others = [text for text in words if not (text.isdecimal() and len(text) < 4) and text not in "甲乙丙丁戊"]
    return len(numbers) >= 3 and not others and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _name_single(texts: Texts, header: Header, layout: Layout) -> str | None:
    """One filled cell: a remark or a heading of a group, unless it stands where a row is named."""
    column, text = next(iter(texts.items()))
    if _NOTE.search(_compact(text)):
        return "note"
    anchors = {header.columns[name] for name in layout.anchors if name in header.columns}
    return None if column in anchors else "note"
