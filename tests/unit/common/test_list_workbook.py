"""A list's workbook: cells by what they are, codes in words, and no more memory for ten times the rows."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from libs.common.exports import ExportMark
from libs.common.sheets.columns import Column
from libs.common.sheets.list_workbook import ListWorkbook


@dataclass(frozen=True)
class Row:
    """One row of some list."""

    name: str = "石**"
    place: str = "n440300"
    fen: int | None = 350_050
    on: date | None = date(2017, 3, 1)
    works: bool = True
    reasons: list[str] = field(default_factory=lambda: ["age", "unheard"])


COLUMNS = (
    Column("name", "姓名"),
    Column("place", "城市", kind="place"),
    Column("fen", "金额（元）", kind="yuan"),
    Column("on", "日期"),
    Column("works", "已就业"),
    Column("reasons", "原因", {"age": "不在 16–59 岁"}),
)


def a_mark(rows: int) -> ExportMark:
    return ExportMark(
        export=UUID(int=1),
        node="n433124",
        what="registry.labourers",
        by="officer-1",
        role="officer",
        organisation="",
        purpose="",
        at=datetime(2017, 3, 12, tzinfo=UTC),
        filter={},
        rows=rows,
    )


def written(rows: list[Row]) -> bytes:
    with ListWorkbook("名册", "截至 2017-03-12", COLUMNS) as book:
        book.write(rows)
        file = book.finish(a_mark(book.rows))
    with file:
        return file.read()


def read(content: bytes) -> list[Any]:
    return list(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[3:])


def test_each_cell_is_what_it_is_and_codes_are_in_words() -> None:
    assert read(written([Row(), Row(fen=None, on=None, works=False, reasons=[])])) == [
        ["石**", "深圳市", 3500.5, date(2017, 3, 1), "是", "不在 16–59 岁、unheard"],
        ["石**", "深圳市", "", "", "否", ""],
    ]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_text_stays_the_text_that_it_was(name: str) -> None:
    assert read(written([Row(name=f"={name}")]))[0][0] == f"={name}"


def peak_of(rows: int) -> int:
    tracemalloc.start()
    with ListWorkbook("名册", "", COLUMNS) as book:
        for _ in range(rows // 100):
            book.write(Row() for _ in range(100))
        book.finish(a_mark(book.rows)).close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_ten_times_the_rows_take_no_more_memory() -> None:
    peak_of(100)
    assert peak_of(5_000) < 1.3 * peak_of(500)


def test_one_that_is_given_up_leaves_nothing_on_the_disk() -> None:
    def left() -> set[Path]:
        return set(Path(gettempdir()).glob("xieli-list-*"))

    def broken_off() -> Iterator[Row]:
        yield Row()
        raise ZeroDivisionError

    before = left()
    with pytest.raises(ZeroDivisionError), ListWorkbook("名册", "", COLUMNS) as book:
        book.write(broken_off())
    assert left() <= before
