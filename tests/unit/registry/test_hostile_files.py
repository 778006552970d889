"""Files made to hurt whoever reads them: each is a table or one refusal, the node stays small, and the next file is read."""

from __future__ import annotations

import io
import os
import signal
import threading
import zipfile
from collections.abc import Callable, Mapping

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libs.common.sheets import (
    FileTooDemanding,
    FileTooLarge,
    NotATable,
    NotAWorkbook,
    Table,
    WrongFile,
    apart,
    read_table,
)
from libs.common.sheets.errors import EmptyTable
from libs.common.sheets.limits import MAX_CELL_TEXT
from tests.unit.registry.books import FORM, HEADER, ROWS, book

PLAIN = book([HEADER, *ROWS])
SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (n + 1, n, n, n, n) for n in range(97, 117))
    + b"]>"
)
CSV_HEAD = ",".join(HEADER).encode() + b"\n"
# What the node itself may grow by while a child reads.
MOST_GROWTH = 150 * 1024 * 1024


def remade(changes: Mapping[str, Callable[[bytes], bytes]], more: Mapping[str, bytes] = {}) -> bytes:
    """The plain workbook with some of its members changed, and others put in."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, bytes)(old.read(name)))
        for name, content in more.items():
            new.writestr(name, content)
    return made.getvalue()


def rows(xml: bytes) -> Callable[[bytes], bytes]:
    return lambda sheet: sheet.replace(b"</sheetData>", xml + b"</sheetData>")


def with_doctype(part: bytes) -> bytes:
    return part.replace(b"?>", b"?>" + BOMB, 1)


def tell_a_lie(sheet: bytes) -> bytes:
    return sheet.replace(b'ref="A1:F4"', b'ref="A1:XFD1048576"')


FAR = {
    "double quotes": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "single quotes": b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "blanks around the sign": b"<row r = '1048576' ><c  r  =\n'XFD1048576' ><v>1</v></c></row>",
    "a prefix": b"<x:row xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main' r='1048576'><x:c r='XFD1048576'><x:v>1</x:v></x:c></x:row>",
    "a reference written as characters": b"<row r='&#49;048576'><c r='&#88;FD1048576'><v>1</v></c></row>",
    "small letters": b"<row r='1048576'><c r='xfd1048576'><v>1</v></c></row>",
    "the row alone": b"<row r='1048576'><c><v>1</v></c></row>",
    "an inline string": b"<row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>1</t></is></c></row>",
    "a formula": b"<row r='1048576'><c r='XFD1048576'><f>1+1</f><v>2</v></c></row>",
    "beyond every corner": b"<row r='999999999'><c r='ZZZ999999999'><v>1</v></c></row>",
}
KILLERS: dict[str, tuple[bytes, type[WrongFile] | tuple[type[WrongFile], ...]]] = {
    **{f"far corner, {name}": (remade({SHEET: rows(xml)}), (FileTooLarge, NotAWorkbook)) for name, xml in FAR.items()},
    **{
        f"entities in {part}": (remade({part: with_doctype}), NotAWorkbook)
        for part in (SHEET, SHARED, "xl/workbook.xml", "xl/styles.xml")
    },
    "one long shared string used everywhere": (
        remade(
            {
                SHARED: lambda part: part.replace(b"<si>", b"<si><t>" + b"x" * 3_000_000 + b"</t></si><si>", 1),
                SHEET: rows(
                    b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(5, 3000))
                ),
            }
        ),
        FileTooLarge,
    ),
    "one cell beyond a cell's measure": (
        remade({SHEET: rows(b'<row r="5"><c r="C5" t="str"><v>' + b"x" * (MAX_CELL_TEXT + 1) + b"</v></c></row>")}),
        FileTooLarge,
    ),
    "a packed bomb": (remade({}, {"xl/media/a.bin": bytes(60_000_000)}), FileTooLarge),
    "a member that breaks off": (remade({SHEET: lambda part: part[:200]}), NotAWorkbook),
    "a CSV of one cell": (CSV_HEAD + b'"' + b"x" * 30_000_000 + b'"', (NotATable, FileTooLarge)),
    "a CSV of a million columns": (CSV_HEAD + b"," * 30_000_000, NotATable),
    "a CSV of too many cells": (CSV_HEAD + (b"," * 400 + b"\n") * 40_000, (FileTooLarge, EmptyTable)),
    "a CSV of line ends": (CSV_HEAD + b"\n" * 30_000_000, FileTooLarge),
    "a CSV without an end of quotation": (CSV_HEAD + b'"' * 3_000_001, WrongFile),
    "deep XML": (remade({SHEET: rows(b"<a>" * 100_000)}), NotAWorkbook),
}
HARMLESS = {
    "a dimension that lies": remade({SHEET: tell_a_lie}),
    "merged over the whole sheet": remade(
        {
            SHEET: lambda part: part.replace(
                b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="H6:XFD1048576"/></mergeCells>'
            )
        }
    ),
    "far cells that hold nothing": remade({SHEET: rows(b'<row r="1048576"><c r="XFD1048576" s="1"/></row>')}),
    "a far cell with an empty text": remade(
        {SHEET: rows(b"<row r='1048576'><c r='XFD1048576' t='str'><v></v></c></row>")}
    ),
    "a workbook inside": remade({}, {"xl/embeddings/inner.xlsx": PLAIN}),
    "another document inside": remade(
        {},
        {
            "content.xml": b'<office:document-content xmlns:office="o"/>',
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        },
    ),
}


def memory() -> int:
    return int(psutil.Process().memory_info().rss)


@pytest.mark.parametrize("name", KILLERS)
def test_a_killer_is_refused_and_the_node_stays_small(name: str) -> None:
    content, reasons = KILLERS[name]
    before = memory()
    with pytest.raises(WrongFile) as caught:
        read_table(content, "a.csv" if "CSV" in name else "a.xlsx", FORM)
    assert isinstance(caught.value, reasons), caught.value.detail
    assert memory() - before < MOST_GROWTH
    assert len(read_table(PLAIN, "a.xlsx", FORM).rows) == 3


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_one_is_read(name: str) -> None:
    assert len(read_table(HARMLESS[name], "a.xlsx", FORM).rows) == 3


def _reader_of(worker: int) -> psutil.Process | None:
    return next(iter(psutil.Process(worker).children()), None)


def test_a_reader_that_dies_costs_one_upload_alone() -> None:
    """Killed from outside as the system does when memory is short; beside it another file is read to its end."""
    assert read_table(PLAIN, "a.xlsx", FORM)
    worker = apart._WORKER._process
    assert worker
    many = book([HEADER, *([number, "花垣镇", f"石{number}", "433124", "19850301", None] for number in range(20_000))])
    raised: list[BaseException] = []

    def read() -> None:
        try:
            read_table(many, "a.xlsx", FORM)
        except WrongFile as wrong:
            raised.append(wrong)

    thread = threading.Thread(target=read)
    thread.start()
    while (reader := _reader_of(worker.pid)) is None and thread.is_alive():
        pass
    assert reader
    reader.send_signal(signal.SIGKILL)
    assert len(read_table(PLAIN, "a.xlsx", FORM).rows) == 3
    thread.join()
    assert [type(wrong) for wrong in raised] == [FileTooDemanding]
    assert raised[0].status == 422  # type: ignore[attr-defined]


def test_a_worker_that_has_gone_is_started_again() -> None:
    assert read_table(PLAIN, "a.xlsx", FORM)
    assert apart._WORKER._process
    os.kill(apart._WORKER._process.pid, signal.SIGKILL)
    apart._WORKER._process.wait()
    assert len(read_table(PLAIN, "a.xlsx", FORM).rows) == 3


def test_the_reader_has_nothing_of_the_node() -> None:
    """No environment, no descriptor but its own: what takes it over finds no key and no connection."""
    assert read_table(PLAIN, "a.xlsx", FORM)
    assert apart._WORKER._process
    process = psutil.Process(apart._WORKER._process.pid)
    assert set(process.environ()) <= {"PATH", "LANG", "LC_CTYPE"}
    assert not process.net_connections(kind="inet")
    assert process.num_threads() == 1


members = st.sampled_from(
    [SHEET, SHARED, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]
)
pieces = st.sampled_from(
    [
        b"",
        b"<",
        b">",
        b"'",
        b'"',
        b"&",
        b"\x00",
        b"&#0;",
        b"-1",
        b"1048576",
        b"99999999999999999999",
        b"XFD1048576",
        b"A0",
        b"<c>",
        b"</c>",
        b"<row r='7'/>",
        b"<v>9</v>",
        b"t='s'",
        b"t='d'",
        b"t='e'",
        b"<f t='shared' si='0'/>",
        b"\xff\xfe",
        "字".encode(),
        b"<![CDATA[",
        b"<!--",
        b"<?x?>",
        b"]]>",
    ]
) | st.binary(max_size=4)


@given(st.lists(st.tuples(members, st.integers(0, 4000), st.integers(0, 30), pieces), min_size=1, max_size=4))
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_mutated_workbook_is_a_table_or_a_refusal(cuts: list[tuple[str, int, int, bytes]]) -> None:
    def cut(name: str, part: bytes) -> bytes:
        for member, place, length, piece in cuts:
            if member == name:
                at = place % max(1, len(part))
                part = part[:at] + piece + part[at + length :]
        return part

    content = remade({name: lambda part, name=name: cut(name, part) for name, *_ in cuts})  # type: ignore[misc]
    assert not isinstance(_read(content), FileTooDemanding)


@given(st.lists(st.tuples(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_mutated_archive_is_a_table_or_a_refusal(cuts: list[tuple[int, bytes]]) -> None:
    content = bytearray(PLAIN)
    for place, piece in cuts:
        content[place : place + len(piece)] = piece
    assert not isinstance(_read(bytes(content)), FileTooDemanding)


def _read(content: bytes) -> Table | WrongFile:
    try:
        return read_table(content, "a.xlsx", FORM)
    except WrongFile as wrong:
        return wrong
