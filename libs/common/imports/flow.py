"""The one way of a sheet (导入流程): a service gives its kinds of sheets, each with a reader, a judge and a writer, and keeps the record."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.exports import ExportMark, mark_export
from libs.common.identity import Caller
from libs.common.imports.model import ImportRecord, Sheet
from libs.common.imports.report import Report
from libs.common.problems import NotFound
from libs.common.sheets import open_refused, seal_refused
from libs.common.sheets.marking import mark_workbook
from libs.common.telemetry import log

Read = TypeVar("Read")
Judged = TypeVar("Judged", bound=Report)
Ready = TypeVar("Ready")


class ImportNotFound(NotFound):
    title = "没有这次导入 No such import"


class NothingRefused(NotFound):
    title = "没有退回的行 No row was refused"


class SheetKind(ABC, Generic[Read, Judged, Ready]):
    """One kind of sheet, in the order in which the flow asks."""

    @abstractmethod
    def read(self, sheet: Sheet) -> Read:
        """The file understood, in a thread and before any transaction; raises for one that cannot be read as a whole."""

    @abstractmethod
    async def judge(self, tx: Transaction, sheet: Sheet, read: Read) -> Judged:
        """Row by row, beside what is known here; no row of the database is held meanwhile."""

    @abstractmethod
    async def prepare(self, tx: Transaction, sheet: Sheet, report: Judged) -> Ready:
        """All that is enciphered or deciphered for the accepted rows, and whatever else takes long: still no row is held."""

    @abstractmethod
    async def write(
        self, tx: Transaction, sheet: Sheet, report: Judged, ready: Ready, number: UUID, by: str
    ) -> dict[str, int]:
        """The accepted rows go in, in as few statements as there are tables; answers what that did (added, known …)."""

    def day_of(self, sheet: Sheet, report: Judged, today: date) -> date:
        """The day on which the sheet holds."""
        return sheet.as_of or today


@dataclass(frozen=True)
class PreparedSheet:
    """A sheet judged, with everything made ready that takes long; `refused` is its sealed workbook of refused rows."""

    sheet: Sheet
    report: Any
    ready: Any
    refused: bytes | None


@dataclass(frozen=True)
class Imports:
    """A service's imports: its kinds, and where the record of one is kept."""

    service: str
    sealed_as: str
    kinds: Mapping[str, SheetKind[Any, Any, Any]]
    insert: Callable[[Transaction, ImportRecord], Awaitable[None]]
    get: Callable[[Transaction, UUID], Awaitable[ImportRecord]]

    async def read(self, sheet: Sheet) -> Any:
        """Before the transaction: reading is most of the work, and holds nothing."""
        return await asyncio.to_thread(self.kinds[sheet.kind].read, sheet)

    async def prepare(self, tx: Transaction, sheet: Sheet, read: Any) -> PreparedSheet:
        """Judge what was read and make all of it ready, before the transaction writes anything."""
        kind = self.kinds[sheet.kind]
        report = await kind.judge(tx, sheet, read)
        refused = await asyncio.to_thread(
            seal_refused, report.table, report.refused_reasons(), tx.node.vault, context=self.sealed_as
        )
        return PreparedSheet(sheet, report, await kind.prepare(tx, sheet, report), refused)

    async def try_out(self, tx: Transaction, sheet: Sheet, read: Any) -> Report:
        """What writing it would report; nothing is written."""
        report: Report = await self.kinds[sheet.kind].judge(tx, sheet, read)
        return report

    async def write(self, tx: Transaction, caller: Caller, prepared: PreparedSheet) -> ImportRecord:
        """Take in what was judged, in one transaction, and keep the record of it."""
        sheet, report = prepared.sheet, prepared.report
        kind, number = self.kinds[sheet.kind], new_id()
        done = await kind.write(tx, sheet, report, prepared.ready, number, caller.subject)
        record = ImportRecord(
            id=number,
            kind=sheet.kind,
            region=sheet.region,
            filename=sheet.filename,
            as_of=kind.day_of(sheet, report, tx.node.today()),
            by=caller.subject,
            report=report.summary() | done,
            refused=prepared.refused,
        )
        await self.insert(tx, record)
        told = {name: record.report[name] for name in ("accepted", "refused")}
        tx.trail.note(entities=[f"import:{number}"], kind=sheet.kind, **told)
        log.info("import_sheet", kind=sheet.kind, region=sheet.region, **told, **done)
        return record

    async def take_refused(self, tx: Transaction, caller: Caller, number: UUID) -> tuple[bytes, ExportMark]:
        """The workbook of refused rows with the mark of this export; 404 when every row went in."""
        record = await self.get(tx, number)
        sealed = record.refused
        if sealed is None:
            raise NothingRefused(str(number))
        tx.trail.note(entities=[f"import:{number}"], fields=["refused rows"])
        mark = mark_export(tx, caller, f"{self.service}.refused", record.report["refused"], number=number)
        return await asyncio.to_thread(
            lambda: mark_workbook(open_refused(sealed, tx.node.vault, context=self.sealed_as), mark)
        ), mark
