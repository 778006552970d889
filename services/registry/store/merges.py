"""Merges (合并) in the database: the rows that hang on two people, moved from one to the other and back, and what stood there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, delete, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from libs.common.row_mapping import columns_of
from libs.common.single_rows import get_one
from services.registry.rules.merging import MERGED, Key, Merge, MergeNotFound, MovedRow, Rows
from services.registry.tables import erasure, merge, merge_row, person, wish

# Tables whose rows follow a person, with what tells a row from the person's others; of those with two names nothing is written anew.
FOLLOWING: Mapping[str, str] = {
    "wish": "visited",
    "visit": "id",
    "leaver_plan": "id",
    "application": "id",
    "situation": "since",
    "card": "introduction",
    "sync_conflict": "id",
    "sign_in_code": "id",
    "self_sign_up": "id",
    "work_check": "round",
}
# Rows that may be said again of both; those of the other tables are there once.
_SAID_AGAIN = ("wish", "situation")
# The person's own row, what is derived from it, and what is told of both under their own ids.
STAYING = (
    "person", "search_index", "change", "departure", "erasure", "erasure_part", "mutation", "sync_version", "reveal",
    "round_person", "quality_finding", "quality_person",
)  # fmt: skip
_PARTNER = "partner"
_COLUMNS = columns_of(merge, Merge)
# Away on every day: one person counts once, whatever day is asked for.
_LEAVE = text("""
UPDATE person SET merged_into = :stays, left_as = :way, left_on = :on, away = '{(,)}', version = version + 1 WHERE id = :goes
""")
_RETURN = text("""
UPDATE person SET merged_into = NULL, version = version + 1,
  left_as = (SELECT way FROM departure WHERE person = :goes AND returned_on IS NULL LIMIT 1),
  left_on = (SELECT "on" FROM departure WHERE person = :goes AND returned_on IS NULL LIMIT 1),
  away = coalesce((SELECT range_agg(daterange("on", returned_on)) FROM departure WHERE person = :goes), '{}')
WHERE id = :goes
""")
_NUMBER = text("UPDATE person SET number_index = :index, number_sealed = :sealed WHERE id = :one")
_ROUNDS = text("SELECT registry.note_rounds(CAST(:people AS uuid[]))")
_BENEATH = text("""
WITH RECURSIVE beneath AS (
  SELECT goes FROM merge WHERE stays = :one AND state = 'standing'
  UNION SELECT m.goes FROM merge m JOIN beneath b ON m.stays = b.goes WHERE m.state = 'standing'
) SELECT goes FROM beneath
""")
_TOLD = "rule, rules, way, batch, found_by, found_at, state, decided_by, decided_at, reason"
_CARRY = text(f"""
INSERT INTO same_person (id, one, other, {_TOLD})
SELECT gen_random_uuid(), least(third, :stays), greatest(third, :stays), {_TOLD} FROM (
  SELECT s.other AS third, s.* FROM same_person s WHERE s.one = :goes
  UNION ALL SELECT s.one AS third, s.* FROM same_person s WHERE s.other = :goes
) asked WHERE third <> :stays AND state <> 'same' ON CONFLICT DO NOTHING
""")


async def insert_merge(tx: Transaction, given: Merge) -> None:
    await tx.execute(insert(merge).values(vars(given)))


async def get_merge(tx: Transaction, one: UUID) -> Merge:
    """One of whose people somebody is within reach; raises MergeNotFound."""
    query = select(*_COLUMNS).where(merge.c.id == one, within(merge, tx.reach))
    return await get_one(tx, query, Merge, MergeNotFound(str(one)))


async def lock_merge(tx: Transaction, one: UUID) -> Merge:
    """The same, held until the end of the transaction."""
    query = select(*_COLUMNS).where(merge.c.id == one, within(merge, tx.reach)).with_for_update()
    return await get_one(tx, query, Merge, MergeNotFound(str(one)))


async def update_merge(tx: Transaction, given: Merge) -> None:
    await tx.execute(update(merge).where(merge.c.id == given.id).values(vars(given)))


async def list_beneath(tx: Transaction, one: UUID) -> list[UUID]:
    """Everybody who is this person now, by however many merges."""
    return list((await tx.execute(_BENEATH, {"one": one})).scalars())


async def list_rows(tx: Transaction, one: UUID) -> Rows:
    """What hangs on a person, row by row."""
    found: dict[Key, dict[str, Any]] = {}
    for table, key in FOLLOWING.items():
        query = text(f"SELECT {key}::text AS key, to_jsonb(t) - 'person' AS content FROM {table} t WHERE person = :one")
        for row in await tx.execute(query.columns(key=Text, content=JSONB), {"one": one}):
            found[Key(table, row.key)] = row.content
    return found


async def count_rows(tx: Transaction, people: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """By person and table how many rows hang on them."""
    rows = " UNION ALL ".join(
        f"SELECT person, '{table}' AS kind FROM {table} WHERE person = ANY(:people)" for table in FOLLOWING
    )
    query = text(f"SELECT person, kind, count(*) AS rows FROM ({rows}) hanging GROUP BY person, kind")
    return {(row.person, row.kind): row.rows for row in await tx.execute(query, {"people": list(people)})}


async def update_rows_moved(tx: Transaction, keys: Collection[Key], of: UUID, to: UUID) -> None:
    """These rows of one person are another's."""
    for table, key in FOLLOWING.items():
        wanted = [each.key for each in keys if each.table == table]
        if wanted:
            statement = text(f"UPDATE {table} SET person = :to WHERE person = :of AND {key}::text = ANY(:keys)")
            await tx.execute(statement, {"to": to, "of": of, "keys": wanted})


async def upsert_row(tx: Transaction, of: UUID, key: Key, content: Mapping[str, Any]) -> None:
    """One row of a person as it is to stand, instead of the one of the same day."""
    await delete_row(tx, of, key)
    statement = text(
        f"INSERT INTO {key.table} SELECT * FROM jsonb_populate_record(NULL::registry.{key.table}, :content)"
    ).bindparams(bindparam("content", type_=JSONB))
    await tx.execute(statement, {"content": {**content, "person": str(of)}})


async def delete_row(tx: Transaction, of: UUID, key: Key) -> None:
    statement = text(f"DELETE FROM {key.table} WHERE person = :of AND {FOLLOWING[key.table]}::text = :key")
    await tx.execute(statement, {"of": of, "key": key.key})


def is_said_again(key: Key) -> bool:
    """Whether a row of the kind may stand with both."""
    return key.table in _SAID_AGAIN


async def update_rounds(tx: Transaction, people: Collection[UUID]) -> None:
    """How these people stand in the rounds that are not signed: a row that has changed hands is told of whoever has it now alone."""
    await tx.execute(_ROUNDS, {"people": list(people)})


async def insert_moved(tx: Transaction, one: UUID, moved: Sequence[MovedRow], partners: Collection[UUID]) -> None:
    """What a merge has moved, and whose wishes named the one who goes."""
    rows = [
        {
            "merge": one,
            "table": each.key.table,
            "key": each.key.key,
            "stays": each.stays,
            "goes": each.goes,
            "after": each.after,
        }
        for each in moved
    ]
    rows += [
        {"merge": one, "table": _PARTNER, "key": str(each), "stays": None, "goes": None, "after": None}
        for each in partners
    ]
    if rows:
        await tx.execute(insert(merge_row), rows)


async def list_moved(tx: Transaction, one: UUID) -> list[MovedRow]:
    query = select(merge_row).where(merge_row.c.merge == one, merge_row.c.table != _PARTNER)
    return [MovedRow(Key(row.table, row.key), row.stays, row.goes, row.after) for row in await tx.execute(query)]


async def list_partner_wishes(tx: Transaction, one: UUID) -> list[UUID]:
    """Wishes that named the one who went when the merge was made."""
    query = select(merge_row.c.key).where(merge_row.c.merge == one, merge_row.c.table == _PARTNER)
    return [UUID(key) for key in (await tx.execute(query)).scalars()]


async def update_partner(
    tx: Transaction, of: UUID, to: UUID, wishes: Collection[UUID] | None = None
) -> dict[UUID, UUID]:
    """Whoever travels with one travels with the other; answers by wish whose it is."""
    named = wish.c.partner == of
    if wishes is not None:
        named &= among(wish.c.id, wishes)
    statement = update(wish).where(named).values(partner=to).returning(wish.c.id, wish.c.person)
    return {row.id: row.person for row in await tx.execute(statement)}


async def list_partners(tx: Transaction, people: Collection[UUID]) -> set[UUID]:
    """With whom these people have ever said that they travel."""
    query = select(wish.c.partner).where(among(wish.c.person, people), wish.c.partner.is_not(None))
    return set((await tx.execute(query)).scalars())


async def find_erasing(tx: Transaction, people: Collection[UUID]) -> UUID | None:
    """Somebody of these whom a request asks to erase."""
    return (await tx.execute(select(erasure.c.person).where(among(erasure.c.person, people)).limit(1))).scalar()


async def update_gone(tx: Transaction, goes: UUID, stays: UUID, on: date) -> None:
    """In no list of any day; whoever was merged into this person is the other, too."""
    await tx.execute(_LEAVE, {"goes": goes, "stays": stays, "on": on, "way": MERGED})
    await tx.execute(update(person).where(person.c.merged_into == goes).values(merged_into=stays))


async def update_returned(tx: Transaction, goes: UUID, beneath: Collection[UUID]) -> None:
    """Here again as departures say, with whoever had been merged into this person before."""
    await tx.execute(_RETURN, {"goes": goes})
    await tx.execute(update(person).where(among(person.c.id, beneath)).values(merged_into=goes))


async def update_number(tx: Transaction, one: UUID, index: bytes, sealed: bytes) -> None:
    """By which number files find somebody who was merged."""
    await tx.execute(_NUMBER, {"one": one, "index": index, "sealed": sealed})


async def insert_carried_pairs(tx: Transaction, goes: UUID, stays: UUID) -> None:
    """Whatever was asked or decided of who goes and a third is asked of who stays, unless it was before."""
    await tx.execute(_CARRY, {"goes": goes, "stays": stays})


async def delete_merges(tx: Transaction, people: Collection[UUID]) -> None:
    """With what stood there before."""
    theirs = or_(among(merge.c.goes, people), among(merge.c.stays, people))
    await tx.execute(delete(merge_row).where(merge_row.c.merge.in_(select(merge.c.id).where(theirs))))
    await tx.execute(delete(merge).where(theirs))
