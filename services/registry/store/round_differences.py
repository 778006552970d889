"""Two rounds beside each other (与上轮比较) in the database: their lists are merged by person, page by page, and nothing is counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from libs.common.row_mapping import read_rows
from services.registry.rules.round_differences import Differs, Found
from services.registry.tables import round_person, wish

_COMPARED = ("work_place", "channel", "willing")


async def list_differences(
    tx: Transaction, now: UUID, before: UUID, *, differs: Differs | None, after: UUID | None, limit: int
) -> list[Found]:
    """Within reach, in the order of persons."""
    new, old = _list_of(tx, now, "new"), _list_of(tx, before, "old")
    person = func.coalesce(new.c.person, old.c.person)
    is_in, was_in = (func.coalesce(each.c.state != "left", False) for each in (new, old))
    told = case((and_(is_in, ~was_in), "came"), (and_(was_in, ~is_in), "left"), else_="changed")
    query = select(
        person.label("person"),
        func.coalesce(new.c.township, old.c.township).label("township"),
        func.coalesce(new.c.village, old.c.village).label("village"),
        told.label("differs"),
        (old.c.township + old.c.village).label("place_before"),
        (new.c.township + new.c.village).label("place_after"),
        *(
            each.c[name].label(f"{name}_{when}")
            for name in _COMPARED
            for each, when in ((old, "before"), (new, "after"))
        ),
        old.c.wished.is_distinct_from(new.c.wished).label("wish_differs"),
    ).select_from(new.join(old, new.c.person == old.c.person, full=True))
    wanted = or_(is_in.is_distinct_from(was_in), and_(is_in, was_in, _otherwise(new, old)))
    if differs is not None:
        wanted = and_(wanted, told == differs)
    if after is not None:
        wanted = and_(wanted, person > after)
    return read_rows(Found, await tx.execute(query.where(wanted).order_by(person).limit(limit)))


def _list_of(tx: Transaction, one: UUID, name: str) -> Any:
    return select(round_person).where(round_person.c.round == one, within(round_person, tx.reach)).subquery(name)


def _otherwise(new: Any, old: Any) -> ColumnElement[bool]:
    names = ("township", "village", *_COMPARED, "wished")
    return or_(*(new.c[name].is_distinct_from(old.c[name]) for name in names))


async def list_wishes_by(tx: Transaction, people: Collection[UUID], day: date) -> dict[UUID, Mapping[str, object]]:
    """What these people had said by that day."""
    newest = select(wish.c.person, wish.c.facts).where(among(wish.c.person, people), wish.c.visited <= day)
    query = newest.order_by(wish.c.person, wish.c.visited.desc()).ext(distinct_on(wish.c.person))
    return {row.person: row.facts for row in await tx.execute(query)}
