"""Imports under way (导入中), in the database of the service that takes them in: which is next, how far it is, its file in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, case, cast, delete, insert, null, select, update
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.database import Transaction
from libs.common.imports.model import AT_REST, OVER, TRIED, TRYING, UNDOING, WAITING, ImportRecord
from libs.common.imports.row_store import RowTable


@dataclass(frozen=True)
class Place:
    """How far an import has got: up to which row, how many are in, what they did."""

    row: int
    stored: int
    done: Mapping[str, int]


@dataclass(frozen=True)
class ImportTables:
    """The tables of a service's imports: the record, the file, and the rows that came back."""

    record: Table
    file: Table
    row: Table

    @property
    def rows(self) -> RowTable:
        return RowTable(self.row, self.record)

    @property
    def context(self) -> str:
        return f"{self.file.fullname}.content"

    async def find_next(self, tx: Transaction) -> UUID | None:
        """The oldest that is not over, and does not wait to be confirmed."""
        table = self.record
        query = select(table.c.id).where(table.c.state.not_in(AT_REST)).order_by(table.c.id).limit(1)
        return (await tx.execute(query)).scalar_one_or_none()

    async def find_state(self, tx: Transaction, number: UUID) -> str | None:
        """How far it is, and nothing that would have to be counted for it: whoever waits asks again and again."""
        query = select(self.record.c.state).where(self.record.c.id == number)
        return (await tx.execute(query)).scalar_one_or_none()

    async def update_begun(self, tx: Transaction, number: UUID) -> int:
        """Taken up once more; answers how often it was, since it last got on."""
        table = self.record
        state = case((table.c.state.in_((UNDOING, TRYING)), table.c.state), else_="reading")
        values = {"state": state, "attempts": table.c.attempts + 1, "rows_read": 0, "rows_judged": 0}
        query = update(table).where(table.c.id == number).values(values).returning(table.c.attempts)
        return int((await tx.execute(query)).scalar_one())

    async def update_progress(self, tx: Transaction, number: UUID, **values: Any) -> bool:
        """Say how far it is; answers whether it is still to be gone on with."""
        table = self.record
        query = update(table).where(table.c.id == number, table.c.state.not_in(OVER)).values(values)
        return bool((await tx.execute(query.returning(table.c.id))).first())

    async def update_position(self, tx: Transaction, number: UUID, before: int, place: Place) -> bool:
        """Rows up to here are in, in the transaction that puts them there; False where somebody else has gone on or ended it."""
        table = self.record
        here = table.c.id == number, table.c.position == before, table.c.state.not_in(OVER)
        values = {"position": place.row, "stored": place.stored, "done": dict(place.done), "attempts": 0}
        return bool((await tx.execute(update(table).where(*here).values(values).returning(table.c.id))).first())

    async def update_over(self, tx: Transaction, number: UUID, state: str, **values: Any) -> bool:
        """It has come to its end, and its file and the rows that were given go; False where it had come to one before.

        A row that was put right while it was tried and did not get in is refused from then on, so that it can be given again.
        """
        if not await self.update_progress(tx, number, state=state, **values):
            return False
        await tx.execute(delete(self.file).where(self.file.c["import"] == number))
        await tx.execute(delete(self.row).where(self.row.c.origin == number, self.row.c.state == "given"))
        await self.rows.update_state(tx, number, "mended", "refused")
        return True

    async def update_confirmed(self, tx: Transaction, number: UUID, asked: Mapping[str, str]) -> None:
        """What was tried is to be taken in, judged anew; whoever confirms it answers for it."""
        values = {"state": WAITING, "asked": dict(asked), "report": {}, "rows_read": 0, "rows_judged": 0, "attempts": 0}
        await tx.execute(update(self.record).where(self.record.c.id == number).values(values))

    async def update_let_go(self, tx: Transaction, number: UUID, state: str) -> bool:
        """Nothing of it is in: its file goes, and every row and every line of the report that tells of one."""
        if not await self.update_over(tx, number, state, report=_without_rows(self.record)):
            return False
        await self.rows.delete_rows(tx, number)
        return True

    async def list_tried(self, tx: Transaction, first: UUID, batch: int) -> list[UUID]:
        """Those that wait to be confirmed and came in before this id."""
        table = self.record
        query = select(table.c.id).where(table.c.state == TRIED, table.c.id < first).order_by(table.c.id).limit(batch)
        return list((await tx.execute(query)).scalars())

    async def lock_record(self, tx: Transaction, number: UUID) -> None:
        """Nobody else puts it right or takes it back meanwhile."""
        await tx.execute(select(self.record.c.id).where(self.record.c.id == number).with_for_update())

    async def find_repair_under_way(self, tx: Transaction, number: UUID) -> UUID | None:
        """An import that gives rows of this one again and is not over."""
        table = self.record
        query = select(table.c.id).where(table.c.repairs == number, table.c.state.not_in(OVER)).limit(1)
        return (await tx.execute(query)).scalar_one_or_none()

    async def update_repaired(self, tx: Transaction, number: UUID, report: Mapping[str, Any], stored: int) -> None:
        """What an import holds now that more of its rows are in."""
        table = self.record
        values = {"report": dict(report), "stored": table.c.stored + stored}
        await tx.execute(update(table).where(table.c.id == number).values(values))

    async def insert_file(self, tx: Transaction, number: UUID, pieces: Iterable[bytes]) -> None:
        """A file in sealed pieces, each in memory by itself."""
        for place, sealed in enumerate(pieces):
            await tx.execute(insert(self.file).values({"import": number, "piece": place, "content": sealed}))

    async def find_piece(self, tx: Transaction, number: UUID, piece: int) -> bytes | None:
        """One sealed piece; None behind the last."""
        table = self.file
        query = select(table.c.content).where(table.c["import"] == number, table.c.piece == piece)
        found: bytes | None = (await tx.execute(query)).scalar_one_or_none()
        return found

    def values_of(self, record: ImportRecord) -> dict[str, Any]:
        """What every service keeps of an import, by column."""
        names = ("id", "kind", "filename", "as_of", "report", "state", "asked", "total", "done")
        counts = ("rows_read", "rows_judged", "position", "stored")
        said = {name: getattr(record, name) for name in (*names, *counts)}
        return said | {"problem": record.problem or null(), "repairs": record.repairs}


def _without_rows(record: Table) -> ColumnElement[Any]:
    return record.c.report.op("-", return_type=JSONB())(cast("rows", Text))
