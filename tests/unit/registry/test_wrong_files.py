"""Files that cannot be read are sent back with one clear reason each, and with the names of what is missing."""

from __future__ import annotations

import io
import tempfile
import zipfile

import pytest

from libs.common.imports.model import Sheet
from libs.common.sheets import (
    EmptyTable,
    FileTooLarge,
    MissingColumns,
    NoHeaderRow,
    NotATable,
    NotAWorkbook,
    WrongFile,
    ZipBomb,
    read_table,
)
from libs.common.sheets.sheet_xml import MAX_ROWS
from libs.common.sheets.workbook import MAX_ENTRIES
from services.registry.operations.imports import WishesSheet
from services.registry.rules import PEOPLE, WISHES
from tests.unit.registry.books import FORM, HEADER, ROWS, book

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PLAIN = book([HEADER, *ROWS])


def archive(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return made.getvalue()


WRONG: list[tuple[str, bytes, str, type[WrongFile]]] = [
    ("an empty file", b"", "a.xlsx", EmptyTable),
    ("blank lines alone", b" \r\n\r\n", "a.csv", EmptyTable),
    ("nothing but a byte order mark", b"\xef\xbb\xbf", "a.csv", EmptyTable),
    ("an empty workbook", book([]), "a.xlsx", EmptyTable),
    ("an old workbook", OLE, "a.xls", NotAWorkbook),
    ("an old or encrypted workbook by a new name", OLE, "a.xlsx", NotAWorkbook),
    ("a CSV called workbook", ",".join(HEADER[1:]).encode(), "a.xlsx", NotAWorkbook),
    ("a web page called workbook", b"<html><table></table></html>", "a.xls", NotAWorkbook),
    ("half a workbook", PLAIN[: len(PLAIN) // 2], "a.xlsx", NotAWorkbook),
    ("a document of another kind", archive({"word/document.xml": b"<x/>"}), "a.xlsx", NotAWorkbook),
    ("an archive without anything", b"PK\x05\x06" + bytes(18), "a.xlsx", NotAWorkbook),
    ("a picture called CSV", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a.csv", NotATable),
    ("a photograph called CSV", b"\xff\xd8\xff\xe0" + bytes(range(256)), "a.csv", NotATable),
    ("a printed page called CSV", b"%PDF-1.4\n", "a.csv", NotATable),
    ("bytes in no encoding", b"\x81\x82,\xff\xfe\xff" * 9, "a.csv", NotATable),
    ("text without a header", "石一,433124,花垣镇,19850301\n".encode() * 3, "a.csv", NoHeaderRow),
    ("a header without data", ",".join(HEADER).encode(), "a.csv", EmptyTable),
    ("too many entries", archive({f"x{number}": b"" for number in range(MAX_ENTRIES + 1)}), "a.xlsx", ZipBomb),
    ("more than fits", archive({"xl/workbook.xml": bytes(40 * 1024 * 1024)}), "a.xlsx", ZipBomb),
    ("too many rows", (",".join(HEADER) + "\n").encode() + b"1,a,b,c,d,e\n" * (MAX_ROWS + 1), "a.csv", FileTooLarge),
]


@pytest.mark.parametrize(("content", "name", "reason"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_file_that_cannot_be_read_says_why(content: bytes, name: str, reason: type[WrongFile]) -> None:
    with pytest.raises(WrongFile) as caught:
        read_table(content, name, FORM)
    assert type(caught.value) is reason
    assert [error.code for error in caught.value.errors] == [reason.code]


def test_missing_columns_are_named_one_by_one() -> None:
    lines = [
        [value for column, value in zip(HEADER, row, strict=True) if column not in ("乡", "出生日期")]
        for row in [HEADER, *ROWS]
    ]
    with pytest.raises(MissingColumns) as caught:
        read_table(book(lines), "a.xlsx", FORM)
    assert caught.value.names == ("乡", "出生日期")


def test_a_sheet_of_another_kind_is_no_people_file() -> None:
    with pytest.raises((MissingColumns, NoHeaderRow)):
        read_table(PLAIN, "a.xlsx", PEOPLE)


def test_one_cell_in_the_last_corner_does_not_fill_the_memory() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            new.writestr(entry, old.read(entry).replace(b"</sheetData>", far))
    with pytest.raises(FileTooLarge):
        read_table(made.getvalue(), "a.xlsx", FORM)


def test_a_workbook_called_csv_is_read_for_what_it_is() -> None:
    assert len(read_table(PLAIN, "a.csv", FORM).rows) == 3


def test_a_wishes_sheet_of_more_rows_than_are_judged_in_memory_is_told_to_be_split(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(WishesSheet, "most_rows", 2)
    header = ",".join(WISHES.required)
    content = "\n".join([header, *[",".join(["1"] * len(WISHES.required))] * 3]).encode()
    with tempfile.TemporaryFile() as file:
        file.write(content)
        with pytest.raises(FileTooLarge, match="split the file"):
            WishesSheet().read(Sheet("wishes", file, "a.csv", "433124", None))
