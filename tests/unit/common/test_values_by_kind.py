"""What stands in the cells, by its kind: numbers that are none, names that are not whole, characters that look like others."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from libs.common.imports.report import Report
from libs.common.sheets import NotAWorkbook, WrongFile
from services.registry.rules.names import name_faults
from services.registry.rules.wages import read_wage
from tests.unit.common.generated_sheets import KINDS, Kind, Tab, accepted, in_format, workbook

KIND = {kind.name: kind for kind in KINDS}
FORMATS = ("xlsx", "csv")


def read_with(name: str, column: str, value: Any, extension: str = "xlsx") -> Report:
    """A sheet of three rows, the second with this value."""
    kind = KIND[name]
    header = [*kind.header, *([] if column in kind.header else [column])]
    lines = [
        header,
        *([{**kind.row(number), column: kind.row(number)[column]}[each] for each in header] for number in range(3)),
    ]
    lines[2][header.index(column)] = value
    return kind.read(*in_format(lines, extension))


def codes(report: Report, row: int = 3) -> set[str]:
    return {finding.code for finding in report.findings.get(row, ())}


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize(
    "formula", ["=10+5", "=SUM(C2:C2)", "=H3+500", "=3000+1500", "=IF(A1>0,10,20)", "=ROUND(4500.5,0)"]
)
@pytest.mark.parametrize(
    ("name", "column", "code"),
    [
        ("vacancies", "招聘人数", "openings_unclear"),
        ("vacancies", "薪资待遇", "wage_not_stated"),
        ("wishes", "期望月薪", "wish_wage_unreadable"),
        ("wishes", "最低月薪", "wish_wage_unreadable"),
        ("people", "务工时间（月）", "work_months_unreadable"),
    ],
)
def test_no_number_is_made_of_a_formula(name: str, column: str, code: str, formula: str, extension: str) -> None:
    assert code in codes(read_with(name, column, formula, extension))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    "cell", ['<c r="{}"><f>A1&amp;B1</f></c>', '<c r="{}"><f>1+1</f><v/></c>', '<c r="{}"><f t="shared" si="0"/></c>']
)
def test_a_formula_that_nobody_calculated_is_flagged_in_any_column(kind: Kind, cell: str) -> None:
    for at, column in enumerate(kind.header):
        place = f"{chr(65 + at)}3"
        report = kind.read(_with_cell(kind, place, cell.format(place)), "a.xlsx")
        assert ("formula_uncalculated", column) in {(one.code, one.column) for one in report.findings.get(3, ())}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!"])
def test_a_cell_that_shows_an_error_is_flagged_and_never_read(kind: Kind, error: str) -> None:
    place = f"{chr(64 + len(kind.header))}3"
    report = kind.read(_with_cell(kind, place, f'<c r="{place}" t="e"><v>{error}</v></c>'), "a.xlsx")
    assert "cell_error" in codes(report)


def _with_cell(kind: Kind, place: str, cell: str) -> bytes:
    """The workbook with one cell in other XML."""
    import re

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(Tab("a", kind.sheet(3))))) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            if entry.endswith("sheet1.xml"):
                row = re.search(rb'<row r="3".*?</row>', data)
                assert row
                cells = {found[1]: found[0] for found in re.finditer(rb'<c r="([A-Z]+)3".*?(?:</c>|/>)', row[0])}
                cells[place[:-1].encode()] = cell.encode()
                changed = b'<row r="3">' + b"".join(cells[column] for column in sorted(cells)) + b"</row>"
                data = data.replace(row[0], changed)
            new.writestr(entry, data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("200元/天", 4350),
        ("150元/天", 3262),
        ("一天200", 4350),
        ("日薪180-220元", 3915),
        ("200块一天", 4350),
        ("25元/小时", 4350),
        ("时薪20元", 3480),
        ("每小时22元", 3828),
        ("年薪6万", 5000),
        ("6万/年", 5000),
        ("一年5万", 4166),
        ("1000元/周", 4350),
        ("4500", 4500),
        ("4500元/月", 4500),
        ("4500元/月，每天8小时", 4500),
        ("4千", 4000),
        ("3500-4500", 3500),
        ("4000元以上", 4000),
        (4500, 4500),
        (200, None),
        ("25", None),
        ("60000", None),
        ("1.5元/件", None),
        ("=200*21.75", None),
        ("1" * 4000, None),
    ],
)
def test_a_wish_is_a_months_wage_or_none(said: Any, month: int | None) -> None:
    assert read_wage(said) == month


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("value", [4331241092000001, 4.331241092e15, "4.33124E+15", "4.331241092E15"])
def test_a_household_number_that_lost_its_digits_is_told(value: Any, extension: str) -> None:
    report = read_with("people", "户编号", value, extension)
    if not (extension == "csv" and isinstance(value, int)):  # in text no digit is lost
        assert codes(report) == {"household_no_lost_digits"}
        assert accepted(report) == 2


@pytest.mark.parametrize("value", [433124109200000101, "4.33124E+17"])
def test_a_persons_number_that_lost_its_digits_is_left_out_and_told(value: Any) -> None:
    report = read_with("people", "人口编号", value)
    assert codes(report) == {"person_no_lost_digits"}
    assert accepted(report) == 3


@pytest.mark.parametrize(
    "name",
    [
        *[
            "石*",
            "石＊明",
            "石**",
            "石?明",
            "石？明",
            "石\ufffd明",
            "石□明",
            "石■",
            "石_明",
            "石×明",
            "石X",
            "石XX",
            "石xx明",
            "石某",
            "石某某",
        ],
        *["某某", "123", "１２３", "１", "石○明", "石●", "***", "-", "…", "石…", "石#", "石@x"],
    ],
)
def test_a_name_that_is_not_whole_is_refused(name: str) -> None:
    assert name_faults(name)


@pytest.mark.parametrize(
    "name",
    [
        "石光家",
        "阿卜杜拉·买买提",
        "龙〇",
        "陈\u4dae",
        "石\u9fb4家",
        "\U00020087一",
        "John Smith",
        "Xu Xiang",
        "张三2",
        "O'Neill",
    ],
)
def test_a_whole_name_is_one(name: str) -> None:
    assert name_faults(name) == []


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("\ue863", "\u4dae"),
        ("\ue81e", "\u9fb4"),
        ("\u2ef0", "龙"),
        ("\u2ee2", "马"),
        ("\u2f29", "小"),
        ("\u2ed3", "长"),
        ("\u2f2d", "山"),
        ("\uf9b5", "例"),
    ],
)
def test_a_character_is_read_as_it_is_meant_in_every_kind(written: str, meant: str, extension: str) -> None:
    columns = {"people": "姓名", "wishes": "姓名", "employers": "企业名称", "vacancies": "企业名称"}
    for name, column in columns.items():
        report = read_with(name, column, f"石{written}明", extension)
        assert (accepted(report), codes(report)) == (3, set())
    people: Any = read_with("people", "姓名", f"石{written}明", extension)
    assert people.people[1].name == f"石{meant}明"
    assert people.people[0].name != people.people[1].name
    employers: Any = read_with("employers", "企业名称", f"深圳{written}公司", extension)
    if written < "\u2f00" or written > "\u2fff":
        assert employers.rows[1].name == f"深圳{meant}公司" or meant == "例"


def test_a_character_without_a_meaning_is_told_and_kept() -> None:
    report: Any = read_with("people", "姓名", "石\ue001明")
    assert codes(report) == {"name_private_character"}
    assert report.people[1].name == "石\ue001明"


@pytest.mark.parametrize("year", [2017, 2018, 2099, 2150, 1895, 1851])
def test_nobody_is_born_after_the_day_or_is_older_than_a_life(year: int) -> None:
    from services.registry.rules.numbers import check_character

    first17 = f"433124{year}0501001"
    number = first17 + check_character(first17)
    assert "id_birth_invalid" in codes(read_with("people", "证件号码", number))
    assert "id_birth_invalid" in codes(read_with("wishes", "证件号码", number))


def _repacked(content: bytes, rename: dict[str, str], replace: dict[bytes, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            for one, other in replace.items():
                data = data.replace(one, other)
            new.writestr(rename.get(entry, entry), data)
    return made.getvalue()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    ("rename", "replace"),
    [
        (
            {"xl/workbook.xml": "xl/workbook2.xml", "xl/_rels/workbook.xml.rels": "xl/_rels/workbook2.xml.rels"},
            {b"xl/workbook.xml": b"xl/workbook2.xml"},
        ),
        ({"xl/worksheets/sheet1.xml": "xl/Worksheets/SHEET1.xml"}, {}),
        ({"xl/sharedStrings.xml": "xl/strings.xml"}, {b"sharedStrings.xml": b"strings.xml"}),
        ({"xl/worksheets/sheet1.xml": "data/one.xml"}, {b"worksheets/sheet1.xml": b"/data/one.xml"}),
        (
            {
                name: name.replace("/", "\\")
                for name in (
                    "xl/workbook.xml",
                    "xl/worksheets/sheet1.xml",
                    "xl/sharedStrings.xml",
                    "xl/_rels/workbook.xml.rels",
                )
            },
            {},
        ),
    ],
    ids=["another workbook", "another case", "other shared strings", "another folder", "strokes to the left"],
)
def test_parts_may_have_other_names(kind: Kind, rename: dict[str, str], replace: dict[bytes, bytes]) -> None:
    content = _repacked(workbook(Tab("a", kind.sheet(4))), rename, replace)
    assert accepted(kind.read(content, "a.xlsx")) == 4


def _archive(*members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for member in members:
            archive.writestr(member, b"<x/>")
    return made.getvalue()


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.ods"])
@pytest.mark.parametrize(
    ("content", "word"),
    [
        (_archive("mimetype", "content.xml"), ".ods"),
        (_archive("xl/workbook.bin"), ".xlsb"),
        (_archive("word/document.xml"), ".docx"),
        (_archive("Index/Document.iwa"), ".numbers"),
        (b"<html><body><table></table></body></html>", "HTML"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "XML 2003"),
        (b"{\\rtf1 x}", "RTF"),
        (b"%PDF-1.4", "PDF"),
        (b"ID;PWXL;N;E", "SYLK"),
    ],
)
def test_another_format_is_called_by_its_name_whatever_the_file_is_called(content: bytes, word: str, name: str) -> None:
    for kind in KINDS:
        with pytest.raises(WrongFile) as caught:
            kind.read(content, name)
        assert word in caught.value.detail
        assert ".xlsx" in caught.value.detail


def test_an_archive_that_is_no_document_is_no_workbook() -> None:
    with pytest.raises(NotAWorkbook):
        KIND["people"].read(_archive("a.txt"), "a.xlsx")


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("extra", [(), ("行业",), ("备注", "序号")])
def test_a_list_with_little_more_than_what_is_required_is_one(extra: tuple[str, ...], extension: str) -> None:
    kind = KIND["employers"]
    header = [*kind.layout.required, *extra]
    lines = [header, *([kind.row(number)[column] for column in header] for number in range(3))]
    assert accepted(kind.read(*in_format(lines, extension))) == 3
    aliased = [["单位名称", "信用代码", *extra], *lines[1:]]
    assert accepted(kind.read(*in_format(aliased, extension))) == 3
