"""Rows that came back, in the database of the service that took the file in: which are open, what they hold, which were put right."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from sqlalchemy import Label, Select, Table, delete, func, literal, select, tuple_, update

from libs.common.database import Transaction, among
from libs.common.imports.rows import OPEN, PUT_RIGHT, KeptRow, RowState, Seal, open_row, seal_row
from libs.common.many_rows import ManyRows
from libs.common.privacy import Vault
from libs.common.row_mapping import columns_of, read_rows
from libs.common.sheets.model import Row

_NAMES = ("origin", "row", "state", "findings", "content", "repaired_by")


@dataclass(frozen=True)
class RowTable:
    """A service's table of them, beside the table of its imports."""

    table: Table
    record: Table

    @property
    def context(self) -> str:
        return f"{self.table.fullname}.content"

    def sealing(self, vault: Vault) -> Seal:
        """How a row is sealed for this table."""
        return partial(seal_row, vault=vault, context=self.context)

    def opened(self, kept: Sequence[KeptRow], vault: Vault) -> list[Row]:
        """The rows that were sealed for it; of many at once in a thread."""
        return [open_row(each, vault, self.context) for each in kept]

    def counts(self) -> list[Label[Any]]:
        """How many rows of an import are open, as columns of a query over imports."""
        return [self._count(state).label(f"open_{state}") for state in OPEN]

    def _count(self, state: RowState) -> Any:
        theirs = self.table.c.origin == self.record.c.id, self.table.c.state == state
        return select(func.count()).select_from(self.table).where(*theirs).scalar_subquery()

    async def insert_rows(self, tx: Transaction, rows: Sequence[KeptRow]) -> None:
        await self._many.insert(tx, rows)

    @cached_property
    def _many(self) -> ManyRows:
        return ManyRows(self.table, _NAMES)

    async def delete_rows(self, tx: Transaction, origin: UUID) -> None:
        """All of an import of which nothing is in."""
        await tx.execute(delete(self.table).where(self.table.c.origin == origin))

    async def begin_rows(self, tx: Transaction, origin: UUID) -> None:
        """It is about to be said again which came back: what was given again since the file came in stays, the rest goes."""
        table = self.table
        await tx.execute(delete(table).where(table.c.origin == origin, table.c.repaired_by.is_(None)))
        again = update(table).where(table.c.origin == origin, table.c.state.in_(OPEN))
        await tx.execute(again.values(state="mended"))

    async def upsert_state(self, tx: Transaction, rows: Sequence[KeptRow]) -> None:
        """Rows that came back, also those that were given again before."""
        told = "DO UPDATE SET state = excluded.state, findings = excluded.findings"
        await self._many.insert(tx, rows, f"ON CONFLICT (origin, row) {told}")

    async def update_state(self, tx: Transaction, origin: UUID, before: RowState, after: RowState) -> None:
        table = self.table
        await tx.execute(update(table).where(table.c.origin == origin, table.c.state == before).values(state=after))

    async def update_in(self, tx: Transaction, origin: UUID) -> int:
        """What was put right while the import was tried is in with it; answers how many rows, also those that are odd."""
        table = self.table
        query = update(table).where(table.c.origin == origin, table.c.state == "mended")
        await tx.execute(query.values(state="repaired", findings=[], content=None))
        given = table.c.origin == origin, table.c.repaired_by.is_not(None), table.c.state != "refused"
        return int((await tx.execute(select(func.count()).where(*given))).scalar_one())

    async def upsert_given(self, tx: Transaction, rows: Sequence[KeptRow]) -> None:
        """Rows given again as they were given last, of an import of which nothing is in."""
        names = ("state", "findings", "content", "repaired_by")
        told = ", ".join(f"{name} = excluded.{name}" for name in names)
        await self._many.insert(tx, rows, f"ON CONFLICT (origin, row) DO UPDATE SET {told}")

    async def list_rows(self, tx: Transaction, origin: UUID, state: RowState, after: int, limit: int) -> list[KeptRow]:
        """In the order of the sheet."""
        table = self.table
        query = self._rows(origin).where(table.c.state == state, table.c.row > after).order_by(table.c.row)
        return read_rows(KeptRow, await tx.execute(query.limit(limit)))

    async def list_portions(
        self, tx: Transaction, origin: UUID, state: RowState, limit: int
    ) -> AsyncIterator[list[KeptRow]]:
        """All of them, some at a time."""
        after = 0
        while portion := await self.list_rows(tx, origin, state, after, limit):
            yield portion
            after = portion[-1].row

    async def list_given(self, tx: Transaction, origin: UUID, limit: int) -> AsyncIterator[list[KeptRow]]:
        """Rows that were given again while the import was tried, in the order of the sheet, some at a time."""
        table, after = self.table, 0
        given = table.c.repaired_by.is_not(None), table.c.content.is_not(None)
        while True:
            query = self._rows(origin).where(*given, table.c.row > after).order_by(table.c.row).limit(limit)
            if not (portion := read_rows(KeptRow, await tx.execute(query))):
                return
            yield portion
            after = portion[-1].row

    async def list_by_number(self, tx: Transaction, origin: UUID, rows: Collection[int]) -> dict[int, KeptRow]:
        """These rows, whatever their state."""
        query = self._rows(origin).where(among(self.table.c.row, rows))
        return {each.row: each for each in read_rows(KeptRow, await tx.execute(query))}

    async def find_open(self, tx: Transaction, origin: UUID, rows: Collection[int]) -> dict[int, str]:
        """Those of these that are still open, with their state; nobody waits."""
        return {row.row: row.state for row in await tx.execute(self._open(origin, rows))}

    async def lock_open(self, tx: Transaction, origin: UUID, rows: Collection[int]) -> dict[int, str]:
        """The same, locked: whoever else gives one of them again must wait."""
        query = self._open(origin, rows).order_by(self.table.c.row).with_for_update()
        return {row.row: row.state for row in await tx.execute(query)}

    def _open(self, origin: UUID, rows: Collection[int]) -> Select[Any]:
        table = self.table
        query = select(table.c.row, table.c.state).where(table.c.origin == origin, among(table.c.row, rows))
        return query.where(table.c.state.in_(OPEN))

    async def list_repaired(self, tx: Transaction, origin: UUID, by: UUID) -> set[int]:
        """What an import has put right."""
        table = self.table
        query = select(table.c.row).where(table.c.origin == origin, table.c.repaired_by == by)
        query = query.where(table.c.state.in_(PUT_RIGHT))
        return set((await tx.execute(query)).scalars())

    async def update_repaired(self, tx: Transaction, origin: UUID, by: UUID, rows: Collection[int]) -> None:
        table = self.table
        told = update(table).where(table.c.origin == origin, among(table.c.row, rows))
        await tx.execute(told.values(state="repaired", findings=[], content=None, repaired_by=by))

    async def upsert_refused(self, tx: Transaction, rows: Sequence[KeptRow]) -> None:
        """Refused again, a row is kept as it was given last; one that is in meanwhile stays as it is."""
        told = (
            "DO UPDATE SET content = excluded.content, findings = excluded.findings WHERE import_row.state = 'refused'"
        )
        await self._many.insert(tx, rows, f"ON CONFLICT (origin, row) {told}")

    async def delete_before(self, tx: Transaction, first: UUID, batch: int) -> int:
        """Of imports that are older than this id: ids are in the order of importing."""
        table = self.table
        old = select(table.c.origin, table.c.row).where(table.c.origin < literal(first)).limit(batch)
        return (await tx.execute(delete(table).where(tuple_(table.c.origin, table.c.row).in_(old)))).rowcount

    def _rows(self, origin: UUID) -> Select[Any]:
        return select(*columns_of(self.table, KeptRow)).where(self.table.c.origin == origin)
