"""Rows that came back are given again, put right (更正退回的行): as JSON, or as the workbook that was handed out. The worker takes them in like any file."""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.imports.flow import HINT, Imports, StillUnderWay, asked_by
from libs.common.imports.form import SheetForm, has_slipped
from libs.common.imports.model import TRIED, ImportRecord, Sheet, received
from libs.common.imports.rows import PUT_RIGHT, KeptRow, keep_row
from libs.common.imports.schemas import RowGiven
from libs.common.problems import Conflict, FieldError, Invalid
from libs.common.sheets import Row, read_table
from libs.common.sheets.model import CellValue
from libs.common.sheets.text import plain, tidy
from libs.common.sheets.writer import ROW
from libs.common.telemetry import log


class TakenBack(Conflict):
    title = "导入已撤回 The import was taken back"


class RowsRefused(Invalid):
    title = "有的行不能更正 Some rows cannot be given again"


@dataclass(frozen=True)
class Given:
    """What is to be judged, sealed; `already` are rows that were put right before."""

    rows: list[KeptRow]
    already: list[int]


@dataclass(frozen=True)
class Repairs:
    """The rows of a service's imports that are given again."""

    imports: Imports

    async def read_workbook(self, record: ImportRecord, content: IO[bytes], filename: str) -> list[Row]:
        """The rows of the workbook that was handed out, by the number that each had; raises for a file that is none."""
        form = self._form(record)
        table = await asyncio.to_thread(read_table, content, filename, form.numbered)
        return [_renumbered(row, place) for place, row in enumerate(table.rows)]

    async def prepare_workbook(self, tx: Transaction, record: ImportRecord, rows: Sequence[Row]) -> Given:
        """A row of the workbook stands for the whole of its row."""
        pointers = ["/file"] * len(rows)
        kept = await self._kept(tx, record, [row.number for row in rows], pointers)
        fresh = [row for row in rows if kept[row.number].state == "refused"]
        return await self._seal(tx, fresh, [row.number for row in rows if kept[row.number].state != "refused"])

    async def prepare_rows(self, tx: Transaction, record: ImportRecord, asked: Sequence[RowGiven]) -> Given:
        """What is not said of a row stays as it came, but of one whose cells have slipped: nobody knows what they mean."""
        form, pointers = self._form(record), [f"/rows/{place}/row" for place in range(len(asked))]
        kept = await self._kept(tx, record, [each.row for each in asked], pointers)
        still = [(place, each) for place, each in enumerate(asked) if kept[each.row].state not in PUT_RIGHT]
        table = self.imports.tables.rows
        opened = await asyncio.to_thread(table.opened, [kept[each.row] for _, each in still], tx.node.vault)
        told = [
            error
            for (place, each), before in zip(still, opened, strict=True)
            for error in _refusals(form, place, each, before, is_in=_is_in(record, kept[each.row]))
        ]
        if told:
            raise RowsRefused(errors=told)
        fresh = [_put_right(before, each, kept[each.row]) for (_, each), before in zip(still, opened, strict=True)]
        return await self._seal(tx, fresh, [each.row for each in asked if kept[each.row].state in PUT_RIGHT])

    async def receive(self, tx: Transaction, caller: Caller, record: ImportRecord, given: Given) -> ImportRecord:
        """An import of its own for the worker, whose rows count as those of the first."""
        tables = self.imports.tables
        await tables.lock_record(tx, record.id)
        now = await self.imports.get(tx, record.id)
        self.check_open(now)
        if (now.state == TRIED) != (record.state == TRIED):
            raise StillUnderWay("刚被确认，请再交一次 It has just been confirmed: give the rows again.")
        sheet = Sheet(record.kind, io.BytesIO(), record.filename, record.region, record.as_of, record.id)
        made = replace(received(new_id(), sheet, asked_by(caller)), total=len(given.rows), report=_report(given))
        await self.imports.insert(tx, made)
        await tables.rows.insert_rows(tx, [replace(each, origin=made.id) for each in given.rows])
        tx.trail.note(entities=[f"import:{made.id}", f"import:{record.id}"], rows=len(given.rows))
        tx.hint(HINT)
        log.info("repair_import", number=str(made.id), repairs=str(record.id), rows=len(given.rows))
        return made

    def check_open(self, record: ImportRecord) -> None:
        """Raises StillUnderWay, TakenBack."""
        if not record.is_at_rest:
            raise StillUnderWay("请等它结束 Wait until it is over.")
        if record.undone:
            raise TakenBack("请把整个文件再导入一次 Import the whole file again.")

    def _form(self, record: ImportRecord) -> SheetForm:
        return self.imports.kinds[record.kind].form

    async def _kept(
        self, tx: Transaction, record: ImportRecord, rows: Sequence[int], pointers: Sequence[str]
    ) -> dict[int, KeptRow]:
        """The rows as they are kept; raises RowsRefused for one that never came back, or is given twice."""
        kept = await self.imports.tables.rows.list_by_number(tx, record.id, rows)
        seen, told = Counter[int](), list[FieldError]()
        for row, pointer in zip(rows, pointers, strict=True):
            seen[row] += 1
            if row not in kept:
                told.append(FieldError(pointer, "row_unknown", _unknown(row)))
            elif seen[row] == 2:
                told.append(FieldError(pointer, "row_twice", f"第「{row}」行给了两次 Row {row} is given twice."))
        if told:
            raise RowsRefused(errors=told[:_MOST_TOLD])
        return kept

    async def _seal(self, tx: Transaction, rows: Sequence[Row], already: list[int]) -> Given:
        ordered, seal = sorted(rows, key=lambda row: row.number), self.imports.tables.rows.sealing(tx.node.vault)
        sealed = await asyncio.to_thread(lambda: [keep_row(_NOBODY, row, "given", (), seal) for row in ordered])
        return Given(sealed, already)


_NOBODY = UUID(int=0)
_MOST_TOLD = 100


def _report(given: Given) -> dict[str, Any]:
    return {"already": given.already} if given.already else {}


def _unknown(row: int) -> str:
    return (
        f"这次导入没有退回第「{row}」行，或已不再保留，请另行导入 "
        f"Row {row} did not come back from this import, or is kept no longer: import it anew."
    )


def _renumbered(row: Row, place: int) -> Row:
    """Under the number that it had; one without any came with no import."""
    number = plain(row.get(ROW)).strip()
    if not number.isdecimal() or len(number) > _LONGEST_NUMBER:
        told = f"第「{place + 1}」条没有「{ROW}」 Line {place + 1} has no {ROW}."
        raise RowsRefused(errors=[FieldError("/file", "row_missing", told)])
    return Row(int(number), {name: said for name, said in row.values.items() if name != ROW}, row.marked, row.faults)


_LONGEST_NUMBER = 9


def _put_right(before: Row, asked: RowGiven, kept: KeptRow) -> Row:
    cells: dict[str, CellValue] = dict.fromkeys(before.values) if has_slipped(kept.found) else dict(before.values)
    return Row(kept.row, cells | asked.values, before.marked)


def _is_in(record: ImportRecord, kept: KeptRow) -> bool:
    return kept.state == "questioned" and record.state != TRIED


def _refusals(form: SheetForm, place: int, asked: RowGiven, before: Row, *, is_in: bool) -> Iterator[FieldError]:
    """Columns that the form does not have; and of a row that is in, those by which it is known."""
    for column, value in asked.values.items():
        pointer = f"/rows/{place}/values/{column}"
        if not form.knows(column):
            yield FieldError(pointer, "column_unknown", f"表中没有「{column}」这一列 The form has no column {column}.")
        elif is_in and column in form.keys and tidy(value) != tidy(before.get(column)):
            yield FieldError(pointer, "row_is_in", _IS_IN)
    if is_in and not form.keys:
        yield FieldError(f"/rows/{place}/row", "row_is_in", _IS_IN)


_IS_IN = "这一行已经入库，请在它自己的页面上更正 This row is in: correct it on its own page."
