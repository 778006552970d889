"""School leavers (两后生) in the database: listed and counted with what is known of their plans, and what was said."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    func,
    insert,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.registry.rules.applications import OPEN
from services.registry.rules.leavers import Leaver, LeaversOfTownship, LeaversWanted, LeaverWindow, SaidPlan
from services.registry.store.people import NOW, SAID, PersonNotFound, is_here
from services.registry.tables import application, leaver_plan, person

_COLUMNS = columns_of(leaver_plan, SaidPlan)
_DAY = bindparam("as_of", type_=Date)
# What was said last by the day `as_of`.
_TOLD = (
    select(leaver_plan.c.plan, leaver_plan.c.said_on, leaver_plan.c.noted_by, leaver_plan.c.note)
    .where(leaver_plan.c.person == person.c.id, leaver_plan.c.said_on <= _DAY)
    .order_by(leaver_plan.c.said_on.desc(), leaver_plan.c.id.desc())
    .limit(1)
    .lateral("told")
)
# The newest application for a training place that led somewhere or may.
_APPLIED = (
    select(application.c.state)
    .where(application.c.person == person.c.id, application.c.applied_on <= _DAY)
    .where(application.c.state.in_((*OPEN, "completed", "placed")))
    .order_by(application.c.id.desc())
    .limit(1)
    .lateral("applied")
)
# What the register knows without asking stands before what was said.
_PLAN = case(
    (_APPLIED.c.state.in_(OPEN), _APPLIED.c.state),
    (NOW.c.work_place.is_not(None), literal("at_work", Text)),
    else_=func.coalesce(_APPLIED.c.state, _TOLD.c.plan),
)


def is_leaver(
    born_after: ColumnElement[date], born_until: ColumnElement[date], education: ColumnElement[Any]
) -> ColumnElement[bool]:
    """The grounds of the rule as a condition on people."""
    return and_(
        person.c.birth_date > born_after,
        person.c.birth_date <= born_until,
        person.c.pupil == "",
        person.c.education == any_(education),
    )


async def insert_said_plan(tx: Transaction, given: SaidPlan) -> None:
    await tx.execute(insert(leaver_plan).values(vars(given)))


async def list_said_plans(tx: Transaction, one: UUID) -> list[SaidPlan]:
    """Of one person, the newest word first."""
    query = select(*_COLUMNS).where(leaver_plan.c.person == one)
    return read_rows(SaidPlan, await tx.execute(query.order_by(leaver_plan.c.said_on.desc(), leaver_plan.c.id.desc())))


async def get_leaver(tx: Transaction, one: UUID, as_of: date) -> Leaver:
    """One person as the list shows one, leaver or not; raises PersonNotFound."""
    query = _leavers().where(person.c.id == one, within(person, tx.reach), person.c.merged_into.is_(None))
    return await get_one(tx, query.params(as_of=as_of), Leaver, PersonNotFound(str(one)))


async def list_leavers(
    tx: Transaction, wanted: LeaversWanted, window: LeaverWindow, as_of: date, *, after: UUID | None, limit: int
) -> list[Leaver]:
    """One more than the page holds, in the order of entry."""
    query = _leavers().where(*_conditions(tx, wanted, window))
    query = query if after is None else query.where(person.c.id > after)
    return read_rows(Leaver, await tx.execute(query.order_by(person.c.id).limit(limit + 1), {"as_of": as_of}))


async def count_leavers(
    tx: Transaction, wanted: LeaversWanted, window: LeaverWindow, as_of: date
) -> list[LeaversOfTownship]:
    """By township how many a list with the same filters holds, and of how many nobody knows a plan."""
    query = (
        select(person.c.township, func.count().label("people"), func.count().filter(_PLAN.is_(None)).label("unplanned"))
        .select_from(person.outerjoin(NOW, true()).outerjoin(_TOLD, true()).outerjoin(_APPLIED, true()))
        .where(*_conditions(tx, wanted, window))
        .group_by(person.c.township)
        .order_by(person.c.township)
    )
    return read_rows(LeaversOfTownship, await tx.execute(query, {"as_of": as_of}))


def _conditions(tx: Transaction, wanted: LeaversWanted, window: LeaverWindow) -> list[ColumnElement[bool]]:
    born = literal(window.born_after, Date), literal(window.born_until, Date)
    leavers = is_leaver(*born, literal(list(window.education), ARRAY(Text)))
    found = [within(person, tx.reach), is_here(_DAY), person.c.merged_into.is_(None), leavers]
    places = (person.c.township, wanted.township), (person.c.village, wanted.village), (_PLAN, wanted.plan)
    found += [column == value for column, value in places if value is not None]
    if wanted.planned is not None:
        found.append(_PLAN.is_not(None) if wanted.planned else _PLAN.is_(None))
    return found


def _leavers() -> Select[Any]:
    facts = SAID.c.facts["willing"].as_boolean().label("willing"), SAID.c.facts["training"].astext.label("training")
    told = select(*columns_of(person, Leaver), *facts, NOW.c.work_place, _PLAN.label("plan"))
    told = told.add_columns(_TOLD.c.said_on, _TOLD.c.noted_by, _TOLD.c.note)
    joined = person.outerjoin(NOW, true()).outerjoin(SAID, true()).outerjoin(_TOLD, true())
    return told.select_from(joined.outerjoin(_APPLIED, true()))
