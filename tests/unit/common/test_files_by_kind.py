"""What offices do to a sheet, done to sound sheets of all four kinds and both formats: nothing is lost in silence."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from libs.common.imports.reading import NOTES, WORDS
from libs.common.imports.report import Report
from libs.common.sheets import NoHeaderRow, WrongFile
from libs.common.sheets.model import sheet_of
from tests.unit.common.generated_sheets import KINDS, Kind, Tab, accepted, in_format, text_of, workbook

FORMATS = ("xlsx", "csv")
kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
formats = pytest.mark.parametrize("extension", FORMATS)
few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def read(kind: Kind, lines: list[list[Any]], extension: str) -> Report:
    return kind.read(*in_format(lines, extension))


def codes(report: Report) -> set[str]:
    return {note.code for note in report.table.notes}


def told(report: Report) -> dict[int, list[tuple[str, str]]]:
    return {row: [(one.code, one.column) for one in found] for row, found in report.findings.items() if found}


@kinds
@formats
def test_a_sound_sheet_goes_in_whole_and_nothing_is_told_of_it(kind: Kind, extension: str) -> None:
    report = read(kind, kind.sheet(7), extension)
    assert (accepted(report), report.table.notes, told(report)) == (7, (), {})


@kinds
@pytest.mark.parametrize("names", [("花垣镇", "双龙镇", "吉卫镇"), ("1", "2", "3"), ("Sheet1", "Sheet2", "续表")])
def test_every_sheet_with_the_form_is_read_and_rows_keep_their_place(kind: Kind, names: tuple[str, ...]) -> None:
    tabs = [
        Tab(name, kind.sheet(count, first))
        for name, (count, first) in zip(names, ((2, 0), (3, 2), (1, 5)), strict=True)
    ]
    report = kind.read(workbook(*tabs), "a.xlsx")
    assert accepted(report) == 6
    sheets = {part.offset: part.sheet for part in report.table.parts}
    assert [(sheet_of(row.number, sheets), row.number % 1_000_000) for row in report.table.rows] == [
        (names[0], 2),
        (names[0], 3),
        *((names[1], number) for number in (2, 3, 4)),
        (names[2], 2),
    ]


@kinds
@pytest.mark.parametrize("name", ["填写示例", "样表", "填报范例", "Example", "示例（勿删）", "模板", "填表说明"])
@pytest.mark.parametrize("first", [True, False])
def test_an_example_is_left_out_by_name_wherever_it_stands(kind: Kind, name: str, first: bool) -> None:
    tabs = [Tab(name, kind.sheet(1, 20)), Tab("数据", kind.sheet(4))]
    report = kind.read(workbook(*(tabs if first else tabs[::-1])), "a.xlsx")
    assert accepted(report) == 4
    assert [(note.code, note.sheet) for note in report.table.notes] == [("sheet_example", name)]


@kinds
@pytest.mark.parametrize("name", ["模板", "示例"])
def test_what_was_filled_into_the_template_itself_is_read(kind: Kind, name: str) -> None:
    assert accepted(kind.read(workbook(Tab(name, kind.sheet(3))), "a.xlsx")) == 3


@kinds
def test_every_other_sheet_is_told_with_its_reason(kind: Kind) -> None:
    short = [line[1:] for line in kind.sheet(2, 10)]
    tabs = [
        Tab("数据", kind.sheet(3)),
        Tab("通讯录", [["处室", "分机"], ["办公室", 1]]),
        Tab("缺列", short),
        Tab("去年", kind.sheet(3, 10), hidden=True),
        Tab("数据 (2)", kind.sheet(3)),
        Tab("数据三", [list(kind.header)]),
    ]
    report = kind.read(workbook(*tabs), "a.xlsx")
    reasons = {note.sheet: note.code for note in report.table.notes}
    assert accepted(report) == 3
    assert reasons["通讯录"] == "sheet_other"
    assert reasons["缺列"] in ("sheet_incomplete", "sheet_other")
    assert reasons["去年"] == "sheet_hidden"
    assert reasons["数据 (2)"] == "sheet_copy"
    assert reasons["数据三"] == "sheet_empty"
    assert {note["code"] for note in report.summary()["notes"]} == set(reasons.values())


@kinds
def test_a_summary_of_the_other_sheets_counts_nobody_twice(kind: Kind) -> None:
    tabs = [Tab("汇总", kind.sheet(5)), Tab("甲镇", kind.sheet(2)), Tab("乙镇", kind.sheet(3, 2))]
    report = kind.read(workbook(*tabs), "a.xlsx")
    assert (accepted(report), codes(report)) == (5, {"sheet_copy"})


@kinds
def test_of_several_hidden_sheets_none_is_guessed(kind: Kind) -> None:
    front = Tab("说明", [["按户口簿填写"]])
    alone = kind.read(workbook(front, Tab("甲", kind.sheet(2), hidden=True)), "a.xlsx")
    assert (accepted(alone), codes(alone)) == (2, {"sheet_other", "sheet_hidden_read"})
    with pytest.raises(NoHeaderRow) as caught:
        kind.read(workbook(front, *(Tab(name, kind.sheet(2), hidden=True) for name in ("甲", "乙"))), "a.xlsx")
    assert "“甲”" in caught.value.detail
    assert "“乙”" in caught.value.detail


@kinds
@few
@given(st.sets(st.integers(1, 8), min_size=1, max_size=5), st.integers(0, 1))
def test_hidden_rows_and_columns_are_read_and_named(kind: Kind, rows: set[int], column: int) -> None:
    tab = Tab("数据", kind.sheet(8), hidden_rows=sorted(rows), hidden_columns=[column])
    report = kind.read(workbook(tab), "a.xlsx")
    assert accepted(report) == 8
    notes = {note.code: note for note in report.table.notes}
    assert notes["rows_hidden"].names == (str(len(rows)),)
    assert str(min(rows) + 1) in notes["rows_hidden"].where
    assert notes["columns_hidden"].where == "AB"[column]


@kinds
@formats
@few
@given(st.randoms(use_true_random=False), st.data())
def test_an_empty_twin_of_any_column_at_any_place_gives_way(
    kind: Kind, extension: str, chance: random.Random, data: st.DataObject
) -> None:
    column = data.draw(st.sampled_from(list(kind.header)))
    aliases = [alias for alias, name in kind.layout.aliases.items() if name == column and alias not in kind.layout.weak]
    twin = data.draw(st.sampled_from([column, *aliases[:3]]))
    place = chance.randint(0, len(kind.header))
    lines = [[*line[:place], twin if not row else "", *line[place:]] for row, line in enumerate(kind.sheet(4))]
    report, plain = read(kind, lines, extension), read(kind, kind.sheet(4), extension)
    assert accepted(report) == 4
    assert [{**row.values} for row in report.table.rows] == [{**row.values} for row in plain.table.rows]
    assert "column_twice" in codes(report)


@kinds
@formats
def test_of_twins_that_differ_the_first_counts_and_the_row_is_flagged(kind: Kind, extension: str) -> None:
    column = kind.layout.anchors[0]
    lines = [
        [*line, column if not row else "石他人" if row == 2 else line[kind.header.index(column)]]
        for row, line in enumerate(kind.sheet(3))
    ]
    report = read(kind, lines, extension)
    assert told(report) == {3: [("columns_disagree", column)]}
    assert [row.values[column] for row in report.table.rows] == [
        line[kind.header.index(column)] for line in kind.lines(3)
    ]


@kinds
@formats
@pytest.mark.parametrize(
    "total",
    [
        "合计",
        "总计",
        "小计",
        "共计",
        "累计",
        "总数",
        "合 计",
        "合计：",
        "花垣镇小计",
        "本页合计",
        "全县合计",
        "Total",
        "合计6人",
        "共6人",
    ],
)
@pytest.mark.parametrize("counts", [(), ("6人",), ("12家", "15个岗位", "30"), ("3个", "30", "1,200")])
def test_a_row_of_totals_is_one_in_other_words_and_with_other_counts(
    kind: Kind, extension: str, total: str, counts: tuple[str, ...]
) -> None:
    line = [total, *counts]
    lines = [*kind.sheet(5), line[: len(kind.header)] + [""] * (len(kind.header) - len(line))]
    report = read(kind, lines, extension)
    assert (accepted(report), report.summary()["ignored_rows"]) == (5, {"7": "total"})


@formats
@pytest.mark.parametrize(
    "title",
    [
        *[
            "统计员（夜班）",
            "主管（储备）",
            "录入员(2名)",
            "盖章工",
            "会计",
            "审核员：夜班",
            "登记员",
            "负责人助理（签约）",
        ],
        *["合计员", "总计划员", "日期编码工", "调查员(兼职)", "制表文员（长白班）", "经办人：社保专员", "审批专员）"],
    ],
)
def test_a_title_with_a_word_of_a_signature_is_a_title(extension: str, title: str) -> None:
    kind = next(kind for kind in KINDS if kind.name == "vacancies")
    lines = kind.sheet(3)
    lines[2][list(kind.header).index("岗位名称")] = title
    report = read(kind, lines, extension)
    assert (accepted(report), report.summary()["ignored_rows"]) == (3, {})


@kinds
@formats
@pytest.mark.parametrize(
    "cells",
    [
        ["制表人：甲", "审核人：乙"],
        ["填表单位（盖章）"],
        ["单位负责人：", "", "填报日期：2017年3月1日"],
        ["制表人：", "甲"],
        ["（盖章）", "2017年3月1日"],
    ],
)
def test_a_line_of_signatures_is_one(kind: Kind, extension: str, cells: list[str]) -> None:
    width = len(kind.header)
    report = read(kind, [*kind.sheet(3), (cells + [""] * width)[:width]], extension)
    assert (accepted(report), report.summary()["ignored_rows"]) == (3, {"5": "sign"})


@kinds
@formats
def test_a_second_table_below_is_read_by_its_own_header(kind: Kind, extension: str) -> None:
    turned = [line[::-1] for line in kind.sheet(2, 3)]
    blank = [""] * len(kind.header)
    report = read(kind, [*kind.sheet(3), blank, *turned], extension)
    assert (accepted(report), codes(report)) == (5, {"table_second"})
    assert [row.number for row in report.table.rows] == [2, 3, 4, 7, 8]


@kinds
@formats
def test_a_second_table_that_lacks_columns_is_left_out_and_told(kind: Kind, extension: str) -> None:
    lacking = [[line[1], line[0] if len(line) < 3 else line[2]] + [""] * (len(line) - 2) for line in kind.sheet(2, 3)]
    if set(lacking[0]) >= set(kind.layout.required):
        pytest.skip("the form has no more columns")
    report = read(kind, [*kind.sheet(3), [""] * len(kind.header), *lacking], extension)
    assert accepted(report) == 3
    assert codes(report) == {"table_left_out"}
    assert set(report.summary()["ignored_rows"].values()) >= {"other_table"}


@kinds
@formats
def test_tables_beside_each_other_are_both_read(kind: Kind, extension: str) -> None:
    lines = [[*left, "", *right] for left, right in zip(kind.sheet(3), kind.sheet(3, 3), strict=True)]
    report = read(kind, lines, extension)
    assert accepted(report) == 6
    assert "table_second" in codes(report)


@kinds
@formats
def test_columns_of_no_form_are_named(kind: Kind, extension: str) -> None:
    lines = [[*line, "鞋码" if not row else 42] for row, line in enumerate(kind.sheet(3))]
    report = read(kind, lines, extension)
    assert accepted(report) == 3
    assert [(note.code, note.names) for note in report.table.notes] == [("column_unknown", ("鞋码",))]


@kinds
@few
@given(st.integers(1, 6), st.data())
def test_a_mark_outside_quotation_refuses_its_row_and_no_other(kind: Kind, row: int, data: st.DataObject) -> None:
    lines = kind.sheet(6)
    cells = [str(cell) for cell in lines[row]]
    at = data.draw(st.integers(0, len(cells) - 1))
    texts = [text_of([line]) for line in lines]
    texts[row] = ",".join([*cells[:at], "甲", *cells[at:]]).replace("包吃,包住,五险", "包吃") + "\r\n"
    report = kind.read("".join(texts).encode(), "a.csv")
    assert accepted(report) == 5
    assert told(report) == {row + 1: [("row_shifted", "整行")]}


@kinds
@few
@given(st.integers(1, 6), st.data())
def test_a_quotation_mark_that_nobody_closes_costs_its_own_row(kind: Kind, row: int, data: st.DataObject) -> None:
    lines = [[str(cell).replace(",", "、") for cell in line] for line in kind.sheet(6)]
    at = data.draw(st.integers(0, len(kind.header) - 1))
    lines[row][at] = '"' + (lines[row][at] or "甲")
    report = kind.read("".join(",".join(line) + "\n" for line in lines).encode("gb18030"), "a.csv")
    assert report.summary()["total_rows"] == 6
    assert told(report) == {row + 1: [("quote_unclosed", "整行")]}


@kinds
@few
@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_two_stray_quotation_marks_do_not_swallow_what_is_between(
    kind: Kind, one: int, other: int, data: st.DataObject
) -> None:
    lines = [[str(cell).replace(",", "、") for cell in line] for line in kind.sheet(6)]
    for row in {one, other}:
        at = data.draw(st.integers(0, len(kind.header) - 1))
        lines[row][at] = data.draw(st.sampled_from(['"{}', '{}"'])).format(lines[row][at] or "甲")
    report = kind.read("".join(",".join(line) + "\n" for line in lines).encode(), "a.csv")
    assert report.summary()["total_rows"] == 6
    assert set(report.refused_rows) <= {one + 1, other + 1}


@kinds
@pytest.mark.parametrize("mark", [",", ";", "\t", "|", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_the_mark_that_divides_is_found_whatever_stands_in_the_cells(kind: Kind, mark: str, encoding: str) -> None:
    lines = kind.sheet(5)
    talkative = max(at for at, column in enumerate(kind.header) if column != "年度")
    for line in lines[1:]:
        line[talkative] = "0755-1,2;3|4\t5，6、7" * 3
    report = kind.read(text_of(lines, mark).encode(encoding), "a.csv")
    assert report.summary()["total_rows"] == 5
    assert report.table.columns == kind.read(*in_format(lines, "xlsx")).table.columns


@kinds
def test_a_cell_with_line_breaks_is_one_cell(kind: Kind) -> None:
    lines = kind.sheet(4)
    lines[2][-1] = "第一行\n第二行,有逗号\n第三行"
    report = kind.read(text_of(lines).encode(), "a.csv")
    assert [row.number for row in report.table.rows] == [2, 3, 4, 5]
    assert "第二行,有逗号" in str(report.table.rows[1].values[kind.header[-1]])


@kinds
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@few
@given(st.integers(1, 6), st.data())
def test_half_a_character_anywhere_costs_its_row(kind: Kind, encoding: str, row: int, data: st.DataObject) -> None:
    columns = [at for at, cell in enumerate(kind.lines(1)[0]) if str(cell)[-1:] > "\u2fff"]
    at = data.draw(st.sampled_from(columns))
    lines = kind.sheet(6)
    whole = [[str(cell).encode(encoding) for cell in line] for line in lines]
    whole[row][at] = whole[row][at][:-1]
    content = b"\r\n".join(b",".join(cell.replace(b",", b"") for cell in line) for line in whole)
    report = kind.read(content, "a.csv")
    assert accepted(report) == 5
    assert told(report) == {row + 1: [("characters_lost", kind.header[at])]}


@kinds
@pytest.mark.parametrize("encoding", ["utf-7", "iso2022_jp_2", "cp037", "hz"])
def test_an_encoding_that_nobody_knows_is_refused_and_never_guessed(kind: Kind, encoding: str) -> None:
    content = text_of(kind.sheet(3)).encode(encoding, errors="replace")
    with pytest.raises(WrongFile):
        kind.read(content, "a.csv")


@kinds
@few
@given(st.sampled_from([" ", "\u3000", "\u00a0", "\n", "\t"]), st.integers(9, 1_048_575), st.integers(0, 16_383))
def test_a_blank_far_away_is_nothing(kind: Kind, blank: str, row: int, column: int) -> None:
    content = _with_cell(kind.sheet(3), row, column, blank)
    report = kind.read(content, "a.xlsx")
    assert (accepted(report), report.table.notes) == (3, ())


@kinds
def test_a_word_far_away_is_named_by_its_cell(kind: Kind) -> None:
    with pytest.raises(WrongFile) as caught:
        kind.read(_with_cell(kind.sheet(3), 1_048_575, 701, "x"), "a.xlsx")
    assert "ZZ1048576" in caught.value.detail


def _with_cell(lines: list[list[Any]], row: int, column: int, text: str) -> bytes:
    buffer = io.BytesIO()
    with Workbook(buffer, {"strings_to_numbers": False}) as made:
        sheet = made.add_worksheet("数据")
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, [str(cell) for cell in line])
        sheet.write_string(row, column, text)
    return buffer.getvalue()


def test_everything_that_is_told_has_words_in_both_languages() -> None:
    for chinese, english in [*NOTES.values(), *WORDS.values()]:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in english)
