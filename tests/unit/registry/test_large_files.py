"""A file too large for memory is judged as one that is not: what lies on disk says what stood in memory."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from libs.common.sheets import Table, WrongFile, gathered, pieces
from libs.common.sheets.gathered import gather
from libs.common.sheets.reader import read_grids_into_table
from libs.common.sheets.wire import answer_lines, read_lines
from services.jobs.rules.layouts import EMPLOYERS, VACANCIES
from services.registry.rules import PEOPLE, WISHES, read_people

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"


@pytest.mark.parametrize("name", ["people-433124.xlsx", "people-433126.csv"])
def test_a_file_laid_on_disk_is_judged_as_one_in_memory(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    content = (DATA / name).read_bytes()
    kept = read_people(content, name)
    monkeypatch.setattr(gathered, "IN_MEMORY", 10)
    laid = read_people(content, name)
    assert isinstance(laid.table.rows, gathered.Laid)
    assert isinstance(laid.people, gathered.Laid)
    assert list(laid.people) == list(kept.people)
    assert list(laid.table.rows) == list(kept.table.rows)
    assert laid.as_json() == kept.as_json()


def test_what_lies_on_disk_is_a_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "IN_MEMORY", 3)
    laid = gather(iter(range(100_000)))
    assert isinstance(laid, gathered.Laid)
    assert (len(laid), laid[0], laid[-1], list(laid[5:8])) == (100_000, 0, 99_999, [5, 6, 7])
    assert list(zip(laid, laid, strict=True)) == [(n, n) for n in range(100_000)]
    with pytest.raises(IndexError):
        laid[100_000]


CASES = [path for path in sorted((DATA.parents[2] / "tests" / "data" / "cases").rglob("*.csv"))]
PLAIN = [DATA / "people-433126.csv", DATA / "wishes-433126.csv"]


def told(tables: Iterable[Table | None]) -> Table:
    """Over the wire."""
    return read_lines(line.rstrip(b"\n") for line in answer_lines(tables))


def in_pieces(path: Path) -> Table | None:
    """By whichever form the file is of; None where it is not plain."""
    for layout in (PEOPLE, WISHES, EMPLOYERS, VACANCIES):
        try:
            return told(pieces.read_pieces(io.BytesIO(path.read_bytes()), path.name, layout))
        except pieces.NotPlain:
            return None
        except WrongFile:
            continue
    return None


def whole(path: Path) -> Table:
    for layout in (PEOPLE, WISHES, EMPLOYERS, VACANCIES):
        try:
            return read_grids_into_table(path.read_bytes(), path.name, layout)
        except WrongFile:
            continue
    raise AssertionError(f"{path} is of no form")


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.name)
@pytest.mark.parametrize("records", [50, 2_000])
def test_a_plain_file_read_in_pieces_is_the_whole(monkeypatch: pytest.MonkeyPatch, path: Path, records: int) -> None:
    monkeypatch.setattr(pieces, "PIECE_RECORDS", records)
    assert in_pieces(path) == whole(path)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name + path.stem)
def test_what_went_wrong_in_the_field_is_read_in_pieces_as_whole_or_not_at_all(path: Path) -> None:
    """In one piece, and so by the same rules; what only the whole shows is left to it."""
    read = in_pieces(path)
    assert read is None or read == whole(path)


def test_a_file_with_a_second_table_far_below_is_read_whole_after_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pieces that had come are forgotten."""
    monkeypatch.setattr(pieces, "PIECE_RECORDS", 5)
    head, rows = "企业名称,统一社会信用代码", [f"厂{n},91440300XL000006{n % 10}R" for n in range(12)]
    second = ["联系人,企业名称,统一社会信用代码", "甲,另一家,91440300XL0000066R"]
    content = "\n".join([head, *rows, *second]).encode()
    with pytest.raises(pieces.NotPlain):
        list(pieces.read_pieces(io.BytesIO(content), "a.csv", EMPLOYERS))
    anew = read_grids_into_table(content, "a.csv", EMPLOYERS)
    first = next(pieces.read_pieces(io.BytesIO(content), "a.csv", EMPLOYERS))
    assert told([first, None, anew]) == anew
