"""What may be wrong with a row before its kind of sheet is asked (读取问题), how much each weighs, and the words for it and for notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from libs.common.sheets.model import Note, Row, Table

# A row with an error of these is not asked what it says: its cells are not where they belong.
ERRORS = frozenset({"row_shifted", "quote_unclosed", "characters_lost"})
WARNINGS = frozenset({"row_short", "formula_uncalculated", "cell_error", "columns_disagree"})
SEVERITY: Mapping[str, str] = dict.fromkeys(sorted(ERRORS), "error") | dict.fromkeys(sorted(WARNINGS), "warning")

WORDS: Mapping[str, tuple[str, str]] = {
    "row_shifted": (
        "这一行的格数与表头不符，内容已错位，未读取",
        "the row has more or fewer cells than there are headers: its values have slipped and are not taken",
    ),
    "quote_unclosed": ("引号没有成对，未读取", "a quotation mark is not closed; the row is not taken"),
    "characters_lost": ("有字符已损坏，未读取", "a character is damaged; the row is not taken"),
    "row_short": (
        "这一行比表头少格，少的按空白处理",
        "the row has fewer cells than headers; the missing ones count as empty",
    ),
    "formula_uncalculated": ("公式没有计算结果", "a formula without a result"),
    "cell_error": (
        "单元格显示错误值（如 #N/A），按空白处理",
        "the cell shows an error such as #N/A and counts as empty",
    ),
    "columns_disagree": ("同名的两列内容不同，以先列出的为准", "two columns of one header differ; the first counts"),
}

# Note -> words with the places of a note: {sheet}, {where}, {names}.
NOTES: Mapping[str, tuple[str, str]] = {
    "sheet_example": ("工作表“{sheet}”是示例，未读取", "the sheet {sheet} is an example and was not read"),
    "sheet_other": (
        "工作表“{sheet}”没有本表的表头，未读取",
        "the sheet {sheet} has no header of this form and was not read",
    ),
    "sheet_incomplete": (
        "工作表“{sheet}”缺少列{names}，未读取",
        "the sheet {sheet} lacks the columns {names} and was not read",
    ),
    "sheet_hidden": ("工作表“{sheet}”是隐藏的，未读取", "the sheet {sheet} is hidden and was not read"),
    "sheet_hidden_read": (
        "工作表“{sheet}”是隐藏的，已读取",
        "the sheet {sheet} is hidden; it was read, as no other holds the form",
    ),
    "sheet_copy": (
        "工作表“{sheet}”与其他工作表内容相同，未再读取",
        "the sheet {sheet} says what other sheets say and was not read again",
    ),
    "sheet_empty": ("工作表“{sheet}”只有表头，没有数据", "the sheet {sheet} has a header and no data"),
    "table_second": (
        "工作表“{sheet}”第{where}行是另一个表，已读取",
        "rows {where} of {sheet} are a second table, which was read",
    ),
    "table_left_out": (
        "工作表“{sheet}”第{where}行是另一个表（缺少列{names}），未读取",
        "rows {where} of {sheet} are another table (it lacks {names}) and were not read",
    ),
    "column_twice": (
        "{names}：几列含义相同，以{where}中括号前的列为准",
        "{names}: several columns mean the same; the one before the brackets in {where} counts",
    ),
    "column_unknown": (
        "{where}列“{names}”不在本表中，未读取",
        "the column {where} ({names}) is none of this form and was not read",
    ),
    "cells_without_header": (
        "{names}列没有表头，第{where}行的内容未读取",
        "the columns {names} have no header; what stands there in rows {where} was not read",
    ),
    "rows_hidden": (
        "第{where}行是隐藏的（{names}行），已读取",
        "the rows {where} are hidden ({names}); they were read",
    ),
    "columns_hidden": ("{where}列是隐藏的，已读取", "the columns {where} are hidden; they were read"),
}


def is_sound(row: Row) -> bool:
    """Whether a row's cells are where they belong, so that it can be judged."""
    return not any(fault.code in ERRORS for fault in row.faults)


def sound_rows(table: Table) -> Iterator[Row]:
    return (row for row in table.rows if is_sound(row))


def word_note(note: Note) -> tuple[str, str]:
    """A note in words, Chinese and English."""
    places = {"sheet": note.sheet, "where": note.where, "names": "、".join(note.names)}
    chinese, english = NOTES[note.code]
    return chinese.format(**places), english.format(**places)
