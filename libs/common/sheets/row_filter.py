"""Which rows are no data (非数据行): blank, notes, repeated headers, totals, signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping

from libs.common.sheets.characters import simplified
from libs.common.sheets.grid import Grid
from libs.common.sheets.header import Header
from libs.common.sheets.model import Layout

_TOTAL = re.compile(r"^(?:合计|总计|小计|共计|累计|总数|本页合计|本页小计|合计数|总合计)")
_TOTAL_ALONE = re.compile(
    r"(?:本页|全县|全乡|全村|全部)?(?:合计|总计|小计|共计|累计|总数)(?:数|人数|户数|岗位)?[:：]?[\d.]*[人户名个]?"
)
_SIGN = re.compile(
    r"^[(（]?(?:填表|制表|审核|复核|审批|经办|填报|负责|盖章|公章|单位负责|分管|报送|统计|调查|登记|录入|签字|签名|联系人|主管|日期|年月日)"
    r".{0,6}[:：)）]|盖章|公章"
)
_NOTE = re.compile(r"^(?:注|备注|说明|填表说明|附注|附|提示|填报说明)\d*[:：.、]|^(?:注|备注|说明|填表说明)$")


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
    if len(texts) <= max(6, len(header.columns) // 3) and _is_sign(texts):
        return "sign"
    if _repeats_header(texts, header) or (row == header.bottom + 1 and _numbers_columns(texts)):
        return "header"
    return _name_single(texts, header, layout) if len(texts) == 1 else None


def _is_total(texts: Mapping[int, str], header: Header, layout: Layout) -> bool:
    """The word 合计 in front, or anywhere alone; a row that names a person or a firm with such a name is data."""
    words = [simplified(text).replace(" ", "") for text in texts.values()]
    if not (_TOTAL.match(words[0]) or any(_TOTAL_ALONE.fullmatch(text) for text in words)):
        return False
    named = [header.columns[name] for name in layout.anchors if name in header.columns]
    return not (named and all(column in texts for column in named))


def _is_sign(texts: Mapping[int, str]) -> bool:
    return any(_SIGN.search(simplified(text).replace(" ", "")) for text in texts.values())


def _repeats_header(texts: Mapping[int, str], header: Header) -> bool:
    """A header printed again at a page break."""
    least = max(3, len(header.columns) // 2)
    return any(sum(words.get(column) == text for column, text in texts.items()) >= least for words in header.words)


def _numbers_columns(texts: Mapping[int, str]) -> bool:
    """A row of column numbers below the header: 1 2 3 …, (1) (2) (3) …, perhaps after 甲 乙."""
    words = [text.strip("()") for text in texts.values()]
    numbers = [int(text) for text in words if text.isdecimal()]
    others = [text for text in words if not text.isdecimal() and text not in "甲乙丙丁戊"]
    return len(numbers) >= 3 and not others and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _name_single(texts: Mapping[int, str], header: Header, layout: Layout) -> str | None:
    """One filled cell: a remark or a heading of a group, unless it stands where a row is named."""
    column, text = next(iter(texts.items()))
    if _NOTE.search(simplified(text).replace(" ", "")):
        return "note"
    anchors = {header.columns[name] for name in layout.anchors if name in header.columns}
    return None if column in anchors else "note"
