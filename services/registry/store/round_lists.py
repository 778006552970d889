"""The lists of rounds (轮次名单) in the database: by township and village, in the order in which a cadre goes."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, tuple_

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import find_one
from services.registry.rules.round_lists import RoundFilters, RoundPerson
from services.registry.tables import round_, round_person, round_signature, round_village

_COLUMNS = columns_of(round_person, RoundPerson)
_ORDER = round_person.c.township, round_person.c.village, round_person.c.person


async def list_round_people(
    tx: Transaction, one: UUID, filters: RoundFilters, *, after: UUID | None, limit: int
) -> list[RoundPerson]:
    """Within reach, by township and village; whoever has moved since the page before is met again or not at all."""
    query = select(*_COLUMNS).where(round_person.c.round == one, within(round_person, tx.reach), *_conditions(filters))
    if after is not None:
        last = round_person.alias("last")
        place = tuple_(last.c.township, last.c.village, last.c.person)
        query = query.where(last.c.round == one, last.c.person == after, tuple_(*_ORDER) > place)
    return read_rows(RoundPerson, await tx.execute(query.order_by(*_ORDER).limit(limit)))


def _conditions(filters: RoundFilters) -> list[ColumnElement[bool]]:
    given = {name: getattr(filters, name) for name in ("state", "township", "village")}
    told = [round_person.c[name] == value for name, value in given.items() if value is not None]
    if filters.cadre is not None:
        same = [round_village.c[name] == round_person.c[name] for name in ("round", "township", "village")]
        told.append(exists().where(*same, round_village.c.cadre == filters.cadre))
    return told


async def find_round_person(tx: Transaction, one: UUID, person: UUID) -> RoundPerson | None:
    """How somebody stands, if on the list and within reach."""
    asked = round_person.c.round == one, round_person.c.person == person, within(round_person, tx.reach)
    return await find_one(tx, select(*_COLUMNS).where(*asked), RoundPerson)


async def list_to_visit(tx: Transaction, people: Collection[UUID]) -> set[UUID]:
    """Of these people those whom a quarter's round still waits for."""
    part = round_signature.c.round == round_person.c.round, round_signature.c.township == round_person.c.township
    signed = exists().where(*part, round_signature.c.taken_back_at.is_(None))
    waits = round_.c.kind == "quarter", round_.c.state != "signed", round_person.c.state == "open", ~signed
    query = select(round_person.c.person).join(round_, round_.c.id == round_person.c.round)
    return set((await tx.execute(query.where(among(round_person.c.person, people), *waits))).scalars())


async def count_lists(tx: Transaction, person: UUID) -> int:
    """On how many lists somebody stands: of who is erased they keep that somebody was there."""
    query = select(func.count()).select_from(round_person).where(round_person.c.person == person)
    return int((await tx.execute(query)).scalar_one())
