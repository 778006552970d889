"""Rounds (轮次) in the database: opened, listed portion by portion, and given to cadres village by village."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from libs.common.database import Transaction
from libs.common.problems import NotFound
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import find_one, get_one
from services.registry.rules.round_listing import ListedSoFar
from services.registry.rules.rounds import Assignment, Round, RoundKind, RoundPart, RoundState
from services.registry.tables import person, round_, round_count, round_person, round_village

_COLUMNS = columns_of(round_, Round)
# Whoever began to write before the round was there ends below the gate; from then on everybody is followed.
_SET_GATE = text("UPDATE round SET gate = pg_snapshot_xmax(pg_current_snapshot())::text::bigint WHERE id = :round")
_IS_OPEN = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= :gate")
_LIST = text("SELECT registry.note_people(:people)")
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('registry.round'), hashtext(:kind))")


class RoundNotFound(NotFound):
    title = "没有这一轮次 No such round"


async def lock_kind(tx: Transaction, kind: RoundKind) -> None:
    """One officer at a time opens a round of a kind."""
    await tx.execute(_ALONE, {"kind": kind})


async def insert_round(tx: Transaction, given: Round) -> None:
    await tx.execute(insert(round_).values(vars(given)))


async def get_round(tx: Transaction, one: UUID) -> Round:
    return await get_one(tx, _one(one), Round, RoundNotFound(str(one)))


async def lock_round(tx: Transaction, one: UUID) -> Round:
    """One round, locked until the end of the transaction; raises RoundNotFound."""
    return await get_one(tx, _one(one).with_for_update(), Round, RoundNotFound(str(one)))


def _one(one: UUID) -> Select[tuple[object, ...]]:
    return select(*_COLUMNS).where(round_.c.id == one)


async def find_round_before(tx: Transaction, given: Round) -> Round | None:
    """The last one of its kind before it."""
    earlier = round_.c.kind == given.kind, round_.c.period < given.period
    return await find_one(tx, select(*_COLUMNS).where(*earlier).order_by(round_.c.period.desc()).limit(1), Round)


async def find_quarter(tx: Transaction) -> Round | None:
    """The newest round of a quarter that is not signed."""
    unsigned = round_.c.kind == "quarter", round_.c.state != "signed"
    return await find_one(tx, select(*_COLUMNS).where(*unsigned).order_by(round_.c.period.desc()).limit(1), Round)


async def list_rounds_of(tx: Transaction, kind: RoundKind) -> list[Round]:
    """All of a kind, in the order of their periods."""
    query = select(*_COLUMNS).where(round_.c.kind == kind).order_by(round_.c.period)
    return read_rows(Round, await tx.execute(query))


async def list_rounds(tx: Transaction, *, state: RoundState | None, before: UUID | None, limit: int) -> list[Round]:
    """In the order of opening, the newest first."""
    query = select(*_COLUMNS).order_by(round_.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(round_.c.state == state)
    return read_rows(Round, await tx.execute(query if before is None else query.where(round_.c.id < before)))


async def update_state(tx: Transaction, one: UUID, state: RoundState) -> None:
    await tx.execute(update(round_).where(round_.c.id == one).values(state=state, version=round_.c.version + 1))


async def delete_round(tx: Transaction, one: UUID) -> list[UUID]:
    """With its list and figures, as if it had never been opened; answers who was on the list. Its rows go before it, for they are counted by it."""
    gone = delete(round_person).where(round_person.c.round == one).returning(round_person.c.person)
    listed = list((await tx.execute(gone)).scalars())
    for table in (round_count, round_village):
        await tx.execute(delete(table).where(table.c.round == one))
    await tx.execute(delete(round_).where(round_.c.id == one))
    return listed


async def lock_listing(tx: Transaction) -> ListedSoFar | None:
    """A round whose list is not whole, if nobody else is at it."""
    query = select(round_.c.id, round_.c.gate, round_.c.listed_to).where(round_.c.state == "listing")
    return await find_one(tx, query.order_by(round_.c.id).limit(1).with_for_update(skip_locked=True), ListedSoFar)


async def update_gate(tx: Transaction, one: UUID) -> None:
    await tx.execute(_SET_GATE, {"round": one})


async def find_gate_open(tx: Transaction, gate: int) -> bool:
    """Whether everybody who began to write before the gate has ended."""
    return bool((await tx.execute(_IS_OPEN, {"gate": gate})).scalar_one())


async def list_next_people(tx: Transaction, after: UUID | None, limit: int) -> list[UUID]:
    """Everybody of the register in the order of ids."""
    query = select(person.c.id).order_by(person.c.id).limit(limit)
    return list((await tx.execute(query if after is None else query.where(person.c.id > after))).scalars())


async def insert_listed(tx: Transaction, one: UUID, people: Sequence[UUID]) -> None:
    """A portion of a list: its people as whoever writes of them would bring them in, and phones are told."""
    await tx.execute(_LIST, {"people": list(people)})
    await tx.execute(update(round_).where(round_.c.id == one).values(listed_to=people[-1]))


async def update_assignments(
    tx: Transaction, one: Round, villages: Collection[RoundPart], given: Sequence[Assignment], by: str
) -> None:
    """These villages' lists are these cadres' from now on, and nobody else's."""
    places = tuple_(round_village.c.township, round_village.c.village).in_([(v.township, v.village) for v in villages])
    await tx.execute(delete(round_village).where(round_village.c.round == one.id, places))
    now = tx.node.clock.now()
    rows = [{"round": one.id, "assigned_by": by, "assigned_at": now, **vars(each)} for each in given]
    if rows:
        await tx.execute(upsert(round_village).values(rows).on_conflict_do_nothing())


async def list_assignments(tx: Transaction, one: UUID) -> list[Assignment]:
    """By village, then by cadre."""
    columns = columns_of(round_village, Assignment)
    query = select(*columns).where(round_village.c.round == one).order_by(*columns)
    return read_rows(Assignment, await tx.execute(query))


async def list_parts(tx: Transaction, one: UUID) -> list[RoundPart]:
    """The villages of which anybody is on the list, by its figures."""
    columns = columns_of(round_count, RoundPart)
    query = select(*columns).where(round_count.c.round == one).group_by(*columns)
    query = query.having(func.sum(round_count.c.amount) != 0)
    return read_rows(RoundPart, await tx.execute(query))
