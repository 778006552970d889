"""The one way of a sheet (导入流程): a service gives its kinds of sheets, each with a reader, a judge and a writer, and keeps the record."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import IO, Any, ClassVar, Generic, TypeVar
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.imports.form import SheetForm
from libs.common.imports.model import TRIED, TRYING, ImportRecord, Sheet, received
from libs.common.imports.pieces import read_pieces, seal_pieces
from libs.common.imports.report import Report
from libs.common.imports.store import ImportTables
from libs.common.problems import Conflict, NotFound
from libs.common.sheets import Table, read_table
from libs.common.sheets.errors import FileTooLarge
from libs.common.sheets.pieces import MOST_ROWS
from libs.common.telemetry import log

Judged = TypeVar("Judged", bound=Report)
Entry = TypeVar("Entry")
Ready = TypeVar("Ready")

# Whoever waits for work is told by this word.
HINT = "imports"


class ImportNotFound(NotFound):
    title = "没有这次导入 No such import"


class NothingRefused(NotFound):
    title = "没有退回的行 No row was refused"


class StillUnderWay(Conflict):
    title = "导入还在进行 The import is still under way"


class AlreadyOver(Conflict):
    title = "导入已经结束 The import is over"


class SheetKind(ABC, Generic[Judged, Entry, Ready]):
    """One kind of sheet, in the order in which the flow asks."""

    form: ClassVar[SheetForm]
    # Rows of a file: what is judged in memory has fewer than what can be read.
    most_rows: ClassVar[int] = MOST_ROWS

    def read(self, sheet: Sheet) -> Table:
        """The file understood, in a thread and before any transaction; raises for one that cannot be read as a whole."""
        read = read_table(sheet.content, sheet.filename, self.form.layout, sheet.seen.count_read)
        if len(read.rows) > self.most_rows:
            raise FileTooLarge(
                f"这种表最多 {self.most_rows} 行，请分成几份 At most {self.most_rows} rows of this kind: split the file"
            )
        return read

    @abstractmethod
    async def judge(self, tx: Transaction, sheet: Sheet, read: Table) -> Judged:
        """Row by row, beside what is known here; no row of the database is held meanwhile."""

    @abstractmethod
    def entries(self, report: Judged) -> Iterable[Entry]:
        """The accepted rows, in the order of the sheet."""

    @abstractmethod
    def row_of(self, entry: Entry) -> int:
        """Which row of the sheet it is."""

    def belong_together(self, entry: Entry, following: Entry) -> bool:
        """Whether a portion should not end between these two."""
        return False

    @abstractmethod
    async def prepare(self, tx: Transaction, sheet: Sheet, report: Judged, entries: Sequence[Entry]) -> Ready:
        """All that is enciphered or deciphered for these entries, and whatever else takes long: still no row is held."""

    @abstractmethod
    async def write(
        self,
        tx: Transaction,
        sheet: Sheet,
        report: Judged,
        entries: Sequence[Entry],
        ready: Ready,
        origin: ImportRecord,
    ) -> dict[str, int]:
        """These entries go in, in as few statements as there are tables; answers what that did (added, known …)."""

    def day_of(self, sheet: Sheet, report: Judged, today: date) -> date:
        """The day on which the sheet holds."""
        return sheet.as_of or today


@dataclass(frozen=True)
class Imports:
    """A service's imports: its kinds, how findings weigh and are worded, and where the record of one is kept."""

    service: str
    kinds: Mapping[str, SheetKind[Any, Any, Any]]
    reports: type[Report]
    tables: ImportTables
    insert: Callable[[Transaction, ImportRecord], Awaitable[None]]
    get: Callable[[Transaction, UUID], Awaitable[ImportRecord]]
    # Takes a portion of an import back; False when nothing of it is left to be taken back.
    undo: Callable[[Transaction, UUID], Awaitable[bool]] | None = None
    # Stops taking it back; False where that is not under way.
    stop_undo: Callable[[Transaction, UUID], Awaitable[bool]] | None = None

    async def receive(self, tx: Transaction, caller: Caller, sheet: Sheet, pieces: IO[bytes]) -> ImportRecord:
        """The file is kept, sealed, until the worker has taken it in."""
        record = received(new_id(), sheet, asked_by(caller))
        await self.insert(tx, record)
        await self.tables.insert_file(tx, record.id, read_pieces(pieces))
        tx.trail.note(entities=[f"import:{record.id}"], kind=sheet.kind)
        tx.hint(HINT)
        log.info("receive_import", number=str(record.id), kind=sheet.kind, region=sheet.region)
        return record

    async def seal(self, tx: Transaction, sheet: Sheet) -> IO[bytes]:
        """The file as it is kept, made ready before anything is written."""
        return await asyncio.to_thread(seal_pieces, sheet.content, tx.node.vault, self.tables.context)

    async def try_out(self, tx: Transaction, sheet: Sheet) -> Report:
        """What writing it would report; nothing is written."""
        kind = self.kinds[sheet.kind]
        read = await asyncio.to_thread(kind.read, sheet)
        report: Report = await kind.judge(tx, sheet, read)
        return report

    async def cancel(self, tx: Transaction, number: UUID) -> ImportRecord:
        """What is in stays in, and is told; nothing more goes in. Taking it back takes back what is in."""
        record = await self.get(tx, number)
        if self.stop_undo and await self.stop_undo(tx, number):
            return await self.get(tx, number)
        end = self.tables.update_let_go if record.state in (TRYING, TRIED) else self.tables.update_over
        if not await end(tx, number, "cancelled"):
            raise AlreadyOver("已结束的导入请用撤回 One that is over is taken back by `undo`.")
        record = await self.get(tx, number)
        tx.trail.note(entities=[f"import:{number}"], stored=record.stored, total=record.total)
        log.info("cancel_import", number=str(number), stored=record.stored)
        return record

    async def confirm(self, tx: Transaction, caller: Caller, number: UUID) -> ImportRecord:
        """What was tried goes in, with what was put right since; confirmed again, it is answered how far it is."""
        await self.tables.lock_record(tx, number)
        record = await self.get(tx, number)
        if record.state == TRYING or await self.tables.find_repair_under_way(tx, number):
            raise StillUnderWay("请等核对结束再确认 Wait until it has been judged, then confirm it.")
        if record.is_over and record.state != "done":
            raise AlreadyOver("没有可确认的内容，请再上传文件 Nothing is left to be confirmed: send the file again.")
        if record.state == TRIED:
            await self.tables.update_confirmed(tx, number, asked_by(caller))
            tx.trail.note(entities=[f"import:{number}"], accepted=record.report["accepted"])
            tx.hint(HINT)
            log.info("confirm_import", number=str(number))
        return await self.get(tx, number)


def asked_by(caller: Caller) -> dict[str, str]:
    """Whoever handed it in, as the trail names them when it is in."""
    return asdict(_Asked(caller.subject, caller.role, caller.organisation or ""))


@dataclass(frozen=True)
class _Asked:
    actor: str
    role: str
    organisation: str
