"""Imports under way (导入中), in the database of the service that takes them in: which is next, how far it is, its file in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, delete, insert, null, select, update

from libs.common.database import Transaction
from libs.common.imports.model import OVER, ImportRecord


@dataclass(frozen=True)
class Place:
    """How far an import has got: up to which row, how many are in, what they did."""

    row: int
    stored: int
    done: Mapping[str, int]


@dataclass(frozen=True)
class ImportTables:
    """The tables of a service's imports: the record, where it keeps the refused rows, and the file."""

    record: Table
    refused: Column[Any]
    file: Table

    @property
    def context(self) -> str:
        return f"{self.file.fullname}.content"

    async def find_next(self, tx: Transaction) -> UUID | None:
        """The oldest that is not over."""
        table = self.record
        query = select(table.c.id).where(table.c.state.not_in(OVER)).order_by(table.c.id).limit(1)
        return (await tx.execute(query)).scalar_one_or_none()

    async def update_begun(self, tx: Transaction, number: UUID) -> int:
        """Taken up once more; answers how often it was, since it last got on."""
        table = self.record
        values = {"state": "reading", "attempts": table.c.attempts + 1, "rows_read": 0, "rows_judged": 0}
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
        """It has come to its end, and its file goes; False where it had come to one before."""
        if not await self.update_progress(tx, number, state=state, **values):
            return False
        await tx.execute(delete(self.file).where(self.file.c["import"] == number))
        return True

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
        return said | {"problem": record.problem or null(), self.refused.name: record.refused}
