"""One import on its way in (一次导入): read, judged, written portion by portion, what came back kept, its end."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO, Any, ClassVar

from libs.common.database import Transaction
from libs.common.imports.flow import Imports
from libs.common.imports.model import ImportRecord, Seen, Sheet
from libs.common.imports.pieces import open_piece
from libs.common.imports.report import MOST_TOLD, Report
from libs.common.imports.rows import KeptRow, RowState, Seal, keep_row
from libs.common.imports.store import Place
from libs.common.problems import Problem
from libs.common.service import ServiceContext
from libs.common.sheets import Row, Table
from libs.common.sheets.gathered import Laid, gather
from libs.common.telemetry import log

# Entries of one transaction: few enough that whoever waits for a row of them waits some tenths of a second.
PORTION = 500
# Between two portions whoever waits has a turn.
PAUSE_SECONDS = 0.02
TELL_SECONDS = 1.0


class GoneOn(Exception):
    """This worker has nothing more to do with the import."""


@dataclass
class Taking:
    """One import on its way in."""

    context: ServiceContext
    imports: Imports
    record: ImportRecord
    judging: ClassVar[str] = "judging"

    async def take_in(self) -> None:
        sheet, report = await self.judge()
        await self._say(state="writing")
        await self._end(sheet, report, await self._write(sheet, report))

    async def judge(self) -> tuple[Sheet, Any]:
        """Read and judged; how many rows there are, and of what day, is told."""
        sheet, read = await self.read()
        kind = self.imports.kinds[sheet.kind]
        await self._say(state=self.judging, total=len(read.rows))
        async with self._telling(sheet.seen), self.context.database.reading() as tx:
            report = await kind.judge(tx, sheet, read)
        on, total = kind.day_of(sheet, report, self.context.node.today()), len(report.table.rows)
        await self._say(as_of=on, total=total, rows_read=total, rows_judged=total)
        return sheet, report

    async def read(self) -> tuple[Sheet, Table]:
        """The file that was handed in, with the rows that were put right while it was tried."""
        sheet, read = await self._read_file()
        async with self.context.database.reading() as tx:
            given, columns = await self.opened(self.imports.tables.rows.list_given(tx, self.record.id, PORTION))
        return sheet, await asyncio.to_thread(_laid_over, read, given, columns) if given else read

    async def opened(self, portions: AsyncIterator[list[KeptRow]]) -> tuple[Sequence[Row], Mapping[str, None]]:
        """Rows that were kept, on disk, and their columns."""
        rows, columns = Laid[Row](lambda packed: packed), dict[str, None]()
        async for portion in portions:
            for row in await asyncio.to_thread(self.imports.tables.rows.opened, portion, self.context.node.vault):
                columns |= dict.fromkeys(row.values)
                rows.append(row)
        return rows, columns

    async def _read_file(self) -> tuple[Sheet, Table]:
        with tempfile.TemporaryFile() as content:  # without a name: nothing is left of it, however this process ends
            lines = await self._lay_out(content)
            sheet = self.sheet(content)
            await self._say(total=lines)
            async with self._telling(sheet.seen):
                return sheet, await asyncio.to_thread(self.imports.kinds[sheet.kind].read, sheet)

    async def fail(self, problem: Problem) -> None:
        """It ends here; what is in stays in and is told."""
        async with self.context.database.transaction() as tx:
            said = problem.body(f"/{self.imports.service}/v1/imports/{self.record.id}")
            if await self.imports.tables.update_over(tx, self.record.id, "failed", problem=said):
                self.remember(tx, "fail_import", problem=problem.type())

    async def _lay_out(self, content: IO[bytes]) -> int | None:
        """The file out of its pieces, one in memory at a time; answers how many lines a CSV has below its first."""
        tables, vault, place, lines = self.imports.tables, self.context.node.vault, 0, -1
        async with self.context.database.reading() as tx:
            while (sealed := await tables.find_piece(tx, self.record.id, place)) is not None:
                part = await asyncio.to_thread(open_piece, sealed, vault, tables.context)
                content.write(part)
                place, lines = place + 1, lines + part.count(b"\n")
        content.flush()
        return lines if lines > 0 and not self._is_packed(content) else None

    @staticmethod
    def _is_packed(content: IO[bytes]) -> bool:
        content.seek(0)
        return content.read(2) == b"PK"

    @asynccontextmanager
    async def _telling(self, seen: Seen) -> AsyncIterator[None]:
        """Meanwhile it is told now and then how far reading and judging are."""
        told = asyncio.create_task(self._tell(seen))
        try:
            yield
        finally:
            told.cancel()
            await asyncio.gather(told, return_exceptions=True)

    async def _tell(self, seen: Seen) -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            await self._say(rows_read=seen.read, rows_judged=seen.judged)

    def sheet(self, content: IO[bytes]) -> Sheet:
        record = self.record
        return Sheet(record.kind, content, record.filename, record.region, record.as_of, record.repairs)

    async def _say(self, **values: Any) -> None:
        async with self.context.database.transaction() as tx:
            if not await self.imports.tables.update_progress(tx, self.record.id, **values):
                raise GoneOn()

    async def _write(self, sheet: Sheet, report: Any) -> Counter[str]:
        """What is not in yet; answers what all of it did."""
        place = Place(self.record.position, self.record.stored, self.record.done)
        portions = self._portions(sheet, report)
        while portion := await asyncio.to_thread(next, portions, None):
            place = await self._write_portion(sheet, report, portion, place)
            await asyncio.sleep(PAUSE_SECONDS)
        return Counter(place.done)

    def _portions(self, sheet: Sheet, report: Any) -> Iterator[list[Any]]:
        """What belongs together stays together, within reason."""
        kind, portion = self.imports.kinds[sheet.kind], list[Any]()
        for entry in kind.entries(report):
            if kind.row_of(entry) <= self.record.position:
                continue
            full = len(portion) >= PORTION and not kind.belong_together(portion[-1], entry)
            if full or len(portion) >= 2 * PORTION:
                yield portion
                portion = []
            portion.append(entry)
        if portion:
            yield portion

    async def _write_portion(self, sheet: Sheet, report: Any, portion: Sequence[Any], before: Place) -> Place:
        """What these entries do, and that they are in, in one transaction."""
        async with self.context.database.transaction() as tx:
            stored, did = await self.put_in(tx, sheet, report, portion)
            done = Counter(before.done) + Counter(did)
            after = Place(self.imports.kinds[sheet.kind].row_of(portion[-1]), before.stored + stored, done)
            if not await self.imports.tables.update_position(tx, self.record.id, before.row, after):
                raise GoneOn()
        return after

    async def put_in(
        self, tx: Transaction, sheet: Sheet, report: Any, entries: Sequence[Any]
    ) -> tuple[int, Mapping[str, int]]:
        """These entries go in; answers how many did, and what that did."""
        kind = self.imports.kinds[sheet.kind]
        ready = await kind.prepare(tx, sheet, report, entries)
        return len(entries), await kind.write(tx, sheet, report, entries, ready, self.record)

    async def _end(self, sheet: Sheet, report: Any, done: Counter[str]) -> None:
        said = await asyncio.to_thread(report.summary) | _counts(done)
        await self.keep(report)
        async with self.context.database.transaction() as tx:
            said |= await self.settle(tx, report)
            if not await self.imports.tables.update_over(tx, self.record.id, "done", report=said):
                raise GoneOn()
            told = {name: said[name] for name in ("accepted", "refused")}
            self.remember(tx, "finish_import", kind=sheet.kind, **told)
            log.info("finish_import", number=str(self.record.id), kind=sheet.kind, **told, **done)

    async def keep(self, report: Report) -> None:
        """The rows that came back, and of those in which something is odd as many as are told of, to be put right."""
        rows = self.imports.tables.rows
        seal = rows.sealing(self.context.node.vault)
        async with self.context.database.transaction() as tx:
            await rows.begin_rows(tx, self.record.id)
        for portion in _portions_of(_to_keep(report, odd=self.keeps_odd)):
            kept = await asyncio.to_thread(_keep, self.record, portion, report, seal)
            async with self.context.database.transaction() as tx:
                await rows.upsert_state(tx, kept)

    @property
    def keeps_odd(self) -> bool:
        """A row that is in is put right by its keys alone: where there are none it has a page of its own."""
        return bool(self.imports.kinds[self.record.kind].form.keys)

    async def settle(self, tx: Transaction, report: Report) -> dict[str, Any]:
        """What else is done when it ends, in the same transaction; answers what more its report says."""
        repaired = await self.imports.tables.rows.update_in(tx, self.record.id)
        return {"repaired": repaired} if repaired else {}

    def remember(self, tx: Any, what: str, **details: Any) -> None:
        named = (self.record.id, self.record.repairs)
        entities = tuple(f"import:{each}" for each in named if each)
        tx.trail.add(
            f"{self.imports.service}.{what}",
            tx.node.clock.now(),
            **self.record.asked,
            entities=entities,
            details=details,
        )


def _counts(done: Counter[str]) -> dict[str, int]:
    return {"added": 0, "known": 0} | dict(done)


def _laid_over(read: Table, given: Sequence[Row], columns: Iterable[str]) -> Table:
    """What was read, with these rows, which are in the same order, in the places of those of their numbers."""
    return replace(
        read, columns=tuple(dict.fromkeys([*read.columns, *columns])), rows=gather(_merged(read.rows, given))
    )


def _merged(read: Sequence[Row], given: Sequence[Row]) -> Iterator[Row]:
    left = iter(given)
    following = next(left, None)
    for row in read:
        if following and following.number == row.number:
            row, following = following, next(left, None)
        yield row


def _to_keep(report: Report, *, odd: bool) -> Iterator[tuple[RowState, Row]]:
    refused, questioned = report.refused_rows, 0
    for row in report.table.rows:
        if row.number in refused:
            yield "refused", row
        elif odd and report.is_questioned(row.number) and questioned < MOST_TOLD:
            questioned += 1
            yield "questioned", row


def _portions_of(rows: Iterator[tuple[RowState, Row]]) -> Iterator[list[tuple[RowState, Row]]]:
    while portion := list(islice(rows, PORTION)):
        yield portion


def _keep(record: ImportRecord, portion: Sequence[tuple[RowState, Row]], report: Report, seal: Seal) -> list[KeptRow]:
    found = report.findings
    return [keep_row(record.id, row, state, found.get(row.number, ()), seal) for state, row in portion]
