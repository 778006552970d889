"""The search index (检索索引) in the database: by person the tokens to be found by, and whose are still to be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from libs.common.database import Transaction, among
from libs.common.many_rows import ManyRows
from libs.common.row_mapping import columns_of, read_rows
from services.registry.rules.people import Person
from services.registry.tables import person, search_index

_REPLACED = (
    "ON CONFLICT (person) DO UPDATE SET tokens = excluded.tokens, alike = excluded.alike, filled = excluded.filled"
)


class _Indexed(NamedTuple):
    person: UUID
    tokens: Sequence[int]
    alike: Sequence[int]
    filled: bool = True


class _Tokens(NamedTuple):
    person: UUID
    tokens: Sequence[int]


class _Alike(NamedTuple):
    person: UUID
    alike: Sequence[int]


_INDEX, _TOKENS, _ALIKE = (ManyRows(search_index, each._fields) for each in (_Indexed, _Tokens, _Alike))


async def upsert_found_by(tx: Transaction, given: Mapping[UUID, tuple[Sequence[int], Sequence[int]]]) -> None:
    """By person the tokens to be found by, and the keys of who is perhaps the same."""
    await _INDEX.insert(tx, [_Indexed(one, *found_by) for one, found_by in given.items()], _REPLACED)


async def update_tokens(tx: Transaction, given: Mapping[UUID, Sequence[int]]) -> None:
    """Of people who have a row already: everybody whose person has one."""
    await _TOKENS.update(tx, [_Tokens(*each) for each in given.items()])


async def update_alike(tx: Transaction, given: Mapping[UUID, Sequence[int]]) -> None:
    """The same of who is perhaps the same."""
    await _ALIKE.update(tx, [_Alike(*each) for each in given.items()])


async def lock_unfilled(tx: Transaction, limit: int) -> list[Person]:
    """Some of those whose tokens are still to be made; rows that somebody else holds are left to him."""
    waiting = select(search_index.c.person).where(~search_index.c.filled).order_by(search_index.c.person).limit(limit)
    ids = list((await tx.execute(waiting.with_for_update(skip_locked=True))).scalars())
    query = select(*columns_of(person, Person)).where(among(person.c.id, ids)).order_by(person.c.id)
    return read_rows(Person, await tx.execute(query)) if ids else []


async def count_unfilled(tx: Transaction) -> int:
    """By the index of those alone."""
    query = select(func.count()).select_from(search_index).where(~search_index.c.filled)
    return int((await tx.execute(query)).scalar_one())


async def count_filled(tx: Transaction) -> int:
    query = select(func.count()).select_from(search_index).where(search_index.c.filled)
    return int((await tx.execute(query)).scalar_one())
