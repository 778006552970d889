"""People who are perhaps one (疑似重复) in the database: found by equal keys, kept as pairs until somebody decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    Uuid,
    any_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.sql.dml import ReturningInsert

from libs.common.access.rows import within
from libs.common.database import Transaction, insert_all
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.registry.rules.merging import Merge
from services.registry.rules.same_person import Alike, Pair, PairNotFound, PairState
from services.registry.tables import person, same_person, search_index

_COLUMNS = columns_of(same_person, Pair)
# The planner takes thousands of keys for as cheap as one: it would compare them with everybody.
_BY_INDEX, _AS_BEFORE = text("SET LOCAL enable_seqscan = off"), text("SET LOCAL enable_seqscan = on")
_ASKED = (
    func.unnest(bindparam("keys", type_=ARRAY(BigInteger)))
    .table_valued(column("key", BigInteger))
    .render_derived("asked")
)
_KEYED = search_index.alias("keyed")
# Key by key: of all keys at once every row that is found would be compared with every key. OFFSET keeps the planner to it.
_NEAR = (
    select(_KEYED.c.person)
    .where(_KEYED.c.alike.contains(array([_ASKED.c.key])))
    .offset(literal_column("0"))
    .lateral("near")
)
ALIKE = (
    select(
        func.coalesce(person.c.merged_into, person.c.id).label("id"),
        person.c.household,
        person.c.birth_date,
        search_index.c.alike,
    )
    .join(person, person.c.id == search_index.c.person)
    .where(
        search_index.c.person
        == any_(func.array(select(_NEAR.c.person).select_from(_ASKED.join(_NEAR, true())).scalar_subquery()))
    )
)


@dataclass(frozen=True)
class PairFilters:
    """Which pairs a list shows: by state, by where one of the two lives, by the file that brought one in, by one of the two."""

    state: PairState | None = None
    township: str | None = None
    batch: UUID | None = None
    person: UUID | None = None


async def list_alike(tx: Transaction, keys: Collection[int]) -> list[Alike]:
    """Everybody who has one of these keys, by the index of keys alone: one statement, however many there are."""
    if not keys:
        return []
    await tx.execute(_BY_INDEX)
    rows = (await tx.execute(ALIKE, {"keys": list(keys)})).all()
    await tx.execute(_AS_BEFORE)
    return [Alike(row.id, row.household, row.birth_date, frozenset(row.alike)) for row in rows]


async def insert_pairs_if_absent(tx: Transaction, pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs that nobody has asked about; one that was decided is not asked again. Answers those that came in."""
    if not pairs:
        return []
    return read_rows(Pair, await tx.execute(_addition(), {"rows": [vars(each) for each in pairs]}))


@cache
def _addition() -> ReturningInsert[Any]:
    put = insert_all(same_person, [column.name for column in _COLUMNS])
    return put.on_conflict_do_nothing(index_elements=["one", "other"]).returning(*_COLUMNS)


async def get_pair(tx: Transaction, one: UUID) -> Pair:
    """One of whose people somebody is within reach; raises PairNotFound."""
    query = select(*_COLUMNS).where(same_person.c.id == one, within(same_person, tx.reach))
    return await get_one(tx, query, Pair, PairNotFound(str(one)))


async def get_pair_of(tx: Transaction, one: UUID, other: UUID) -> Pair:
    """The pair of these two; raises PairNotFound."""
    query = select(*_COLUMNS).where(same_person.c.one == one, same_person.c.other == other)
    return await get_one(tx, query, Pair, PairNotFound(f"{one} {other}"))


async def lock_pair(tx: Transaction, one: UUID) -> Pair:
    """The same, held until the end of the transaction."""
    query = select(*_COLUMNS).where(same_person.c.id == one, within(same_person, tx.reach)).with_for_update()
    return await get_one(tx, query, Pair, PairNotFound(str(one)))


async def list_pairs(tx: Transaction, filters: PairFilters, *, after: UUID | None, limit: int) -> list[Pair]:
    """In the order in which they were found."""
    query = select(*_COLUMNS).where(within(same_person, tx.reach), *_conditions(filters))
    if after is not None:
        query = query.where(same_person.c.id > after)
    return read_rows(Pair, await tx.execute(query.order_by(same_person.c.id).limit(limit)))


def _conditions(filters: PairFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    both = same_person.c.one, same_person.c.other
    if filters.state is not None:
        conditions.append(same_person.c.state == bindparam("state", filters.state, type_=Text))
    if filters.state == "open":  # whoever was merged since is asked about as who they are now
        gone = person.c.merged_into.is_not(None)
        conditions += [~select(person.c.id).where(person.c.id == each, gone).exists() for each in both]
    if filters.batch is not None:
        conditions.append(same_person.c.batch == bindparam("batch", filters.batch, type_=Uuid))
    if filters.person is not None:
        conditions.append(or_(*(column == filters.person for column in both)))
    if filters.township is not None:
        there = person.c.township == filters.township
        conditions.append(or_(*(select(person.c.id).where(person.c.id == each, there).exists() for each in both)))
    return conditions


async def update_pairs_undone(tx: Transaction, merge: Merge) -> None:
    """Who was merged and is two again, is two."""
    said = {
        "state": "different",
        "decided_by": merge.undone_by,
        "decided_at": merge.undone_at,
        "reason": merge.undone_reason,
    }
    change = update(same_person).where(same_person.c.merge == merge.id)
    await tx.execute(change.values(**said, version=same_person.c.version + 1))


async def update_pair(tx: Transaction, pair: Pair) -> None:
    await tx.execute(update(same_person).where(same_person.c.id == pair.id).values(vars(pair)))
