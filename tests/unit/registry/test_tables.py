"""Sheets as other offices arrange them: the header is found, the values are those one reads, row numbers are the sheet's."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime

import pytest

from libs.common.sheets import Table, read_table
from libs.common.sheets.text import read_date
from tests.unit.registry.books import FORM, HEADER, ROWS, book

TITLE = ["2016年度贫困人口"]


def names(table: Table) -> dict[int, object]:
    return {row.number: row.get("姓名") for row in table.rows}


def read(content: bytes, name: str = "a.xlsx") -> Table:
    return read_table(content, name, FORM)


def test_a_title_a_note_a_total_and_a_signature_are_no_data() -> None:
    lines = [
        TITLE,
        ["注：按户口簿填写"],
        HEADER,
        *ROWS[:2],
        [],
        ROWS[2],
        ["合计", None, 3],
        [],
        ["制表人：甲", None, "审核人：乙"],
    ]
    table = read(book(lines))
    assert names(table) == {4: "石一", 5: "石二", 7: "石三"}
    assert table.ignored == {1: "title", 2: "note", 6: "blank", 8: "total", 9: "blank", 10: "sign"}
    assert table.header_row == 3


def test_leading_blank_rows_and_columns_keep_the_numbers_of_the_sheet() -> None:
    table = read(book([HEADER, *ROWS], top=3, left=2))
    assert (table.header_row, names(table)) == (4, {5: "石一", 6: "石二", 7: "石三"})


@pytest.mark.parametrize("hidden", [True, False])
def test_a_hidden_sheet_or_instructions_in_front_are_passed_over(hidden: bool) -> None:
    front = [HEADER, [9, "旧镇", "旧人", "1", "2", None]] if hidden else [["填表说明"], ["1. 姓名按身份证填写"]]
    assert list(names(read(book([HEADER, *ROWS], before=[("字典", front, hidden)]))).values()) == [
        "石一",
        "石二",
        "石三",
    ]


def test_a_merged_cell_is_read_in_every_row_it_covers_and_an_empty_one_in_none() -> None:
    lines = [
        HEADER,
        *[[row[0], row[1] if row[0] != 2 else None, *row[2:]] for row in ROWS],
        [4, None, "石四", "433127", "19850304", None],
    ]
    table = read(book(lines, merges=[(1, 1, 2, 1)]))
    assert [row.get("乡") or None for row in table.rows] == ["花垣镇", "花垣镇", "双龙镇", None]


@pytest.mark.parametrize(
    "header",
    [
        ["序号", "乡", "姓\n名", "证件\r\n号码", "出生\n日期", "备注"],
        ["序 号", " 乡 ", "姓　名", "证件号码：", "出生日期*", "备 注"],
        ["1.序号", "2.所在乡镇", "3.姓名", "4.身份证号", "5.出生日期", "6.备注"],
        ["序号", "乡（镇）", "姓名（必填）", "证件号码(18位)", "出生日期【8位】", "备注"],
        ["序號", "鄉", "姓名", "證件號碼", "出生日期", "備註"],
        ["序号", "乡", "姓名\n与户口簿一致", "证件号码\n18位", "出生日期\n格式：19850301", "备注"],
        ["序号", "乡", "★姓名", "＊证件号码", "“出生日期”", "备注"],
    ],
)
def test_a_header_is_known_however_it_is_printed(header: list[str]) -> None:
    table = read(book([header, *ROWS]))
    assert set(table.columns) == set(HEADER)


@pytest.mark.parametrize("merged", [True, False])
def test_two_header_rows_are_read_together(merged: bool) -> None:
    upper = ["序号", "基本信息", None, None, None, "户主信息", None]
    lower = [None, "乡", "姓名", "证件号码", "出生日期", "姓名", "证件号码"]
    lines = [TITLE, upper, lower, [1, "花垣镇", "石一", "433124", "19850301", "石户主", "433199"]]
    merges = [(1, 0, 2, 0), (1, 1, 1, 4), (1, 5, 1, 6)] if merged else []
    row = read(book(lines, merges=merges)).rows[0]
    assert (row.number, row.get("姓名"), row.get("户主姓名"), row.get("户主证件号码")) == (
        4,
        "石一",
        "石户主",
        "433199",
    )


def test_a_header_printed_again_and_a_row_of_column_numbers_are_no_data() -> None:
    table = read(book([HEADER, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"], ROWS[0], HEADER, ROWS[1]]))
    assert names(table) == {3: "石一", 5: "石二"}
    assert table.ignored == {2: "header", 4: "header"}


def test_a_total_is_none_wherever_its_word_stands() -> None:
    turned = [HEADER[::-1], *[row[::-1] for row in ROWS], [None, None, "3人", None, "合计"]]
    assert len(read(book(turned)).rows) == 3


def test_somebody_called_like_a_total_is_a_person() -> None:
    assert names(read(book([HEADER, [1, "总计村", "合计", "433124", "19850301", None]])))[2] == "合计"


def test_dates_of_excel_are_dates() -> None:
    row = [1, "花垣镇", "石一", "433124", datetime.fromisoformat("1985-03-01"), None]
    content = book([HEADER, row], fills=[(1, 4, {"num_format": "yyyy/m/d"})])
    assert read_date(read(content).rows[0].get("出生日期")) == date(1985, 3, 1)


@pytest.mark.parametrize("look", [{"bg_color": "#FFFF00", "pattern": 1}, {"bg_color": "#FFFF99", "pattern": 1}])
def test_yellow_cells_are_marked_and_others_are_not(look: dict[str, object]) -> None:
    other = {"bg_color": "#FFC000", "pattern": 1}
    table = read(book([HEADER, *ROWS], fills=[(1, 2, look), (2, 2, other), (2, 1, look)]))
    assert [row.marked for row in table.rows] == [{"姓名"}, {"乡"}, frozenset()]


def test_a_merged_yellow_cell_marks_every_row() -> None:
    yellow = {"bg_color": "#FFFF00", "pattern": 1}
    table = read(book([HEADER, *ROWS], merges=[(1, 1, 2, 1)], fills=[(1, 1, yellow)]))
    assert [bool(row.marked) for row in table.rows] == [True, True, False]


def test_a_formula_nobody_calculated_shows_its_text() -> None:
    plain = book([HEADER, [1, "花垣镇", "石一", "433124", "19850301", None]])
    assert read(_with_formula(plain, "HYPERLINK(&quot;x&quot;)")).rows[0].get("姓名") == '=HYPERLINK("x")'
    assert read(_with_formula(plain, "&quot;石一&quot;")).rows[0].get("姓名") == "石一"


def _with_formula(content: bytes, formula: str) -> bytes:
    """The same workbook with a formula without a result in place of the name."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            if entry.endswith("sheet1.xml"):
                cell = f'<c r="C2"><f>{formula}</f><v></v></c>'.encode()
                data = re.sub(rb'<c r="C2"[^>]*>.*?</c>', cell, data)
            new.writestr(entry, data)
    return made.getvalue()


ENCODINGS = ["gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_csv_is_read_in_any_encoding_with_any_mark(encoding: str, mark: str) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=mark).writerows([HEADER, *ROWS])
    table = read(buffer.getvalue().encode(encoding), "a.csv")
    assert names(table) == {2: "石一", 3: "石二", 4: "石三"}


def test_records_of_a_csv_are_split_at_line_ends_alone() -> None:
    text = '姓名,证件号码,乡,出生日期\r\n石\x0b一,1,甲\u2028乡,2\r\n石\x00二,2,"乙\n乡",3\r\n石\x1c三,3,丙乡,4\r\n'
    table = read(text.encode(), "a.csv")
    assert names(table) == {2: "石\x0b一", 3: "石\x00二", 4: "石\x1c三"}
    assert table.rows[1].get("乡") == "乙\n乡"
