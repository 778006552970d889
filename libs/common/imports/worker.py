"""The worker takes imports in (后台导入): one after the other, portion by portion, each portion whole or not at all.

Whoever is killed amid a file reads and judges it again and goes on behind the last portion that is in: where that is stands in
the portion's own transaction.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Any

from libs.common.faults import is_transient
from libs.common.imports.flow import HINT, Imports
from libs.common.imports.model import ImportRecord, Seen, Sheet
from libs.common.imports.pieces import open_piece
from libs.common.imports.store import Place
from libs.common.problems import Problem, Unexpected
from libs.common.service import ServiceContext
from libs.common.sheets import seal_refused
from libs.common.telemetry import log

# Entries of one transaction: few enough that whoever waits for a row of them waits some tenths of a second.
PORTION = 500
# Between two portions whoever waits has a turn.
PAUSE_SECONDS = 0.02
LOOK_SECONDS = 5.0
TELL_SECONDS = 1.0
# A file that ends its reader, or the process, so often without getting on is no file to be tried again.
MOST_ATTEMPTS = 5


class GoneOn(Exception):
    """This worker has nothing more to do with the import."""


class TriedTooOften(Problem):
    status = 422
    title = "多次处理失败 It failed again and again"


async def take_imports_in(context: ServiceContext, imports: Imports) -> None:
    """Until cancelled; one worker of a service at a time."""
    connection = await context.database.connect_raw()
    told = asyncio.Event()
    try:
        query = "SELECT pg_try_advisory_lock(hashtext('imports'), hashtext($1))"
        while not await connection.fetchval(query, context.database.schema):  # noqa: ASYNC110  the holder may be another process
            await asyncio.sleep(LOOK_SECONDS)
        await connection.add_listener(context.database.channel(HINT), lambda *_: told.set())
        while True:
            told.clear()
            if not await take_next_in(context, imports):
                await _told_within(told, LOOK_SECONDS)
    finally:
        connection.terminate()


async def _told_within(told: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(told.wait(), seconds)
    except TimeoutError:
        return


async def take_next_in(context: ServiceContext, imports: Imports) -> bool:
    """The oldest import that is not over, to its end; False where there is none."""
    async with context.database.transaction() as tx:
        number = await imports.tables.find_next(tx)
        if number is None:
            return False
        attempts = await imports.tables.update_begun(tx, number)
        record = await imports.get(tx, number)
    taking = Taking(context, imports, record)
    try:
        if attempts > MOST_ATTEMPTS:
            raise TriedTooOften("请拆分或另存文件后再传 Split the file or save it anew, and send it again.")
        await taking.take_in()
    except GoneOn:
        log.info("import_left", number=str(number))
    except Problem as problem:
        await taking.fail(problem)
    except Exception as error:
        if is_transient(error):
            raise
        log.error("import_failed", number=str(number), exc_info=error)
        await taking.fail(Unexpected("已记录，请联系管理员 It is logged: tell whoever runs this node."))
    return True


@dataclass
class Taking:
    """One import on its way in."""

    context: ServiceContext
    imports: Imports
    record: ImportRecord

    async def take_in(self) -> None:
        with tempfile.TemporaryFile() as content:  # without a name: nothing is left of it, however this process ends
            lines = await self._lay_out(content)
            sheet = self._sheet(content)
            kind = self.imports.kinds[sheet.kind]
            await self._say(total=lines)
            async with self._telling(sheet.seen):
                read = await asyncio.to_thread(kind.read, sheet)
        await self._say(state="judging", total=len(read.rows))
        async with self._telling(sheet.seen), self.context.database.reading() as tx:
            report = await kind.judge(tx, sheet, read)
        on, total = kind.day_of(sheet, report, self.context.node.today()), len(report.table.rows)
        await self._say(state="writing", as_of=on, total=total, rows_read=total, rows_judged=total)
        await self._end(sheet, report, await self._write(sheet, report))

    async def fail(self, problem: Problem) -> None:
        """It ends here; what is in stays in and is told."""
        async with self.context.database.transaction() as tx:
            said = problem.body(f"/{self.imports.service}/v1/imports/{self.record.id}")
            if await self.imports.tables.update_over(tx, self.record.id, "failed", problem=said):
                self._remember(tx, "fail_import", problem=problem.type())

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

    def _sheet(self, content: IO[bytes]) -> Sheet:
        record = self.record
        return Sheet(record.kind, content, record.filename, record.region, record.as_of)

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
        kind = self.imports.kinds[sheet.kind]
        async with self.context.database.transaction() as tx:
            ready = await kind.prepare(tx, sheet, report, portion)
            done = Counter(before.done)
            done.update(await kind.write(tx, sheet, report, portion, ready, self.record))
            after = Place(kind.row_of(portion[-1]), before.stored + len(portion), done)
            if not await self.imports.tables.update_position(tx, self.record.id, before.row, after):
                raise GoneOn()
        return after

    async def _end(self, sheet: Sheet, report: Any, done: Counter[str]) -> None:
        node, sealed_as = self.context.node, self.imports.sealed_as
        reasons = await asyncio.to_thread(report.refused_reasons)
        refused = await asyncio.to_thread(seal_refused, report.table, reasons, node.vault, context=sealed_as)
        said = await asyncio.to_thread(report.summary) | _counts(done)
        async with self.context.database.transaction() as tx:
            values = {"report": said, self.imports.tables.refused.name: refused}
            if not await self.imports.tables.update_over(tx, self.record.id, "done", **values):
                raise GoneOn()
            told = {name: said[name] for name in ("accepted", "refused")}
            self._remember(tx, "finish_import", kind=sheet.kind, **told)
            log.info("finish_import", number=str(self.record.id), kind=sheet.kind, **told, **done)

    def _remember(self, tx: Any, what: str, **details: Any) -> None:
        entities = (f"import:{self.record.id}",)
        tx.trail.add(
            f"{self.imports.service}.{what}",
            tx.node.clock.now(),
            **self.record.asked,
            entities=entities,
            details=details,
        )


def _counts(done: Counter[str]) -> dict[str, int]:
    return {"added": 0, "known": 0} | dict(done)
