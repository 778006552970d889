"""What came back is looked at (查看退回的行): row by row, masked, with what was found in each cell; or as the workbook to be put right."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from libs.common.database import Transaction
from libs.common.exports import ExportMark, mark_export
from libs.common.identity import Caller
from libs.common.imports.answers import page_of_rows, rows_after
from libs.common.imports.flow import Imports, NothingRefused
from libs.common.imports.form import SheetForm, has_slipped
from libs.common.imports.model import ImportRecord
from libs.common.imports.rows import KeptRow, RowState
from libs.common.imports.schemas import RowsRefused
from libs.common.sheets import Row, write_refused
from libs.common.sheets.gathered import Laid
from libs.common.sheets.marking import put_mark
from libs.common.sheets.model import NEXT_SHEET, sheet_of

_AT_ONCE = 1000


@dataclass(frozen=True)
class Refused:
    """The rows of a service's imports that came back."""

    imports: Imports

    async def show_page(
        self, tx: Transaction, number: UUID, state: RowState, row: int | None, after: str | None, limit: int
    ) -> RowsRefused:
        """A page of them, or one row alone."""
        record = await self.imports.get(tx, number)
        behind, most = (rows_after(after), limit) if row is None else (row - 1, 1)
        found = await self.list_rows(tx, record, state, behind, most + 1)
        shown = [each for each in found if row in (None, each["row"])]
        return page_of_rows(self.imports.kinds[record.kind].form, shown, most)

    async def list_rows(
        self, tx: Transaction, record: ImportRecord, state: RowState, after: int, limit: int
    ) -> list[dict[str, Any]]:
        """Rows behind a number, masked as the service's lists are."""
        kept = await self.imports.tables.rows.list_rows(tx, record.id, state, after, limit)
        form = self.imports.kinds[record.kind].form
        rows = await asyncio.to_thread(self.imports.tables.rows.opened, kept, tx.node.vault)
        told = [facts_of_row(form, record, one, row) for one, row in zip(kept, rows, strict=True)]
        return [each | {"findings": self._weighed(one)} for each, one in zip(told, kept, strict=True)]

    def _weighed(self, kept: KeptRow) -> list[dict[str, Any]]:
        return [found.as_json() | {"refuses": self.imports.reports.is_refused([found])} for found in kept.found]

    async def take_workbook(self, tx: Transaction, caller: Caller, number: UUID) -> tuple[bytes, ExportMark]:
        """The rows that are still refused, with the mark of this export; 404 where there is none."""
        record = await self.imports.get(tx, number)
        if not record.open_refused:
            raise NothingRefused(
                "都已更正、不再保留，或没有退回 All are put right, kept no longer, or none was refused."
            )
        tx.trail.note(entities=[f"import:{number}"], fields=["refused rows"])
        mark = mark_export(tx, caller, f"{self.imports.service}.refused", record.open_refused, number=number)
        rows, reasons = await self._all(tx, record)
        return await asyncio.to_thread(write_refused, rows, reasons, partial(put_mark, mark=mark)), mark

    async def _all(self, tx: Transaction, record: ImportRecord) -> tuple[Sequence[Row], Mapping[int, str]]:
        """On disk: a county's file may have come back whole."""
        rows: Laid[Row] = Laid(lambda packed: packed)
        reasons, table = dict[int, str](), self.imports.tables.rows
        async for kept in table.list_portions(tx, record.id, "refused", _AT_ONCE):
            for one, row in zip(kept, await asyncio.to_thread(table.opened, kept, tx.node.vault), strict=True):
                rows.append(row)
                reasons[one.row] = _place(record, one.row) + self.imports.reports.word(one.found)
        return rows, reasons


def facts_of_row(form: SheetForm, record: ImportRecord, kept: KeptRow, row: Row) -> dict[str, Any]:
    """A row that came back, as its shape shows it, but for what was found in it."""
    slipped = has_slipped(kept.found)
    shown = {column: form.shown(column, said, slipped=slipped) for column, said in row.values.items()}
    return {
        "row": kept.row,
        "sheet": _sheet(record, kept.row),
        "values": {column: said for column, (said, _) in shown.items()},
        "hidden": [column for column, (_, hidden) in shown.items() if hidden],
    }


def _sheet(record: ImportRecord, row: int) -> str:
    return sheet_of(row, {part["offset"]: part["sheet"] for part in record.report.get("sheets", ())})


def _place(record: ImportRecord, row: int) -> str:
    sheet = _sheet(record, row)
    return f"（{sheet} 第 {row % NEXT_SHEET} 行）" if sheet else ""
