"""Introductions and their steps: one row for each, one line of history for each step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Update, bindparam, case, exists, func, select, union
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.sql.dml import ReturningUpdate

from libs.common.access.reach import Reach
from libs.common.access.rows import within
from libs.common.database import Transaction, among, insert_all, rows_given
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import find_one, get_one
from services.matching.rules.introductions.records import Guest, Introduction, ListedIntroduction, StepTaken
from services.matching.rules.introductions.refusals import IntroductionNotFound
from services.matching.rules.introductions.steps import (
    COUNTY,
    LAPSES,
    SHOWN_TO_EMPLOYER,
    SIGNED,
    UNDECIDED,
    OpeningsTaken,
    due_of,
    lapses_on,
)
from services.matching.tables.introductions import guests, introductions, merged, steps, withdrawals
from services.matching.tables.lists import people, vacancies

_COLUMNS, _STEPS, _GUEST = (
    columns_of(introductions, Introduction),
    columns_of(steps, StepTaken),
    columns_of(guests, Guest),
)
_NAMES = tuple(each.name for each in fields(Introduction))
# Whoever owns the next step lets it lapse: the county before the yes, the city after it.
_LAPSING = list(LAPSES)
_OWN_STEP = case(
    (
        introductions.c.state.in_([state for state, (_, side) in LAPSES.items() if side == COUNTY]),
        introductions.c.county,
    ),
    else_=introductions.c.city,
) == bindparam("here", type_=Text)
# What the vacancy pays when somebody is hired; it may change afterwards.
OFFERED_WAGE = func.coalesce(
    introductions.c.wage,
    select(vacancies.c.wage).where(vacancies.c.vacancy == introductions.c.vacancy).scalar_subquery(),
)


async def insert_introductions_if_absent(tx: Transaction, new: Sequence[Introduction], by: str) -> list[Introduction]:
    """With their first step; one that is here already stays as it is and is not answered."""
    if not new:
        return []
    rows = [{**vars(each), **_deadline(each.state, each.changed_on, tx)} for each in new]
    return read_rows(Introduction, await tx.execute(_addition(), {"rows": rows, "by": by}))


@cache
def _addition() -> Select[Any]:
    """Made once: with so many columns it takes longer to put together than to run."""
    return _with_step(insert_all(introductions, _NAMES).on_conflict_do_nothing(index_elements=["introduction"]))


async def update_state(
    tx: Transaction,
    moved: Sequence[Introduction],
    state: str,
    on: date,
    by: str,
    reason: str | None = None,
    *,
    turn: int | None = None,
    **more: object,
) -> list[Introduction]:
    """The same step for several introductions, with its line of history; `turn` is given where the step is not the next one."""
    if not moved:
        return []
    step = introductions.update().where(among(introductions.c.introduction, [each.introduction for each in moved]))
    number = introductions.c.turn + 1 if turn is None else turn
    facts = {"state": state, "reason": reason, "changed_on": on, "turn": number, **_deadline(state, on, tx), **more}
    step = step.values(**facts, version=introductions.c.version + 1)
    return read_rows(Introduction, await tx.execute(_with_step(step), {"by": by}))


def _deadline(state: str, on: date, tx: Transaction) -> dict[str, date | None]:
    return {"due": due_of(state, on), "lapses_on": lapses_on(state, on, tx.node.today()), "warned_on": None}


def _with_step(changed: Insert | Update) -> Select[Any]:
    """The rows as a statement leaves them; with the same statement, a line of history for each."""
    after = changed.returning(*_COLUMNS).cte("after")
    said = select(
        after.c.introduction,
        after.c.version,
        after.c.state,
        after.c.reason,
        after.c.changed_on,
        bindparam("by", type_=Text),
    )
    lines = insert(steps).from_select(["introduction", "number", "state", "reason", "on", "by"], said)
    return select(after).add_cte(lines.cte("lines"))


async def update_introduction(tx: Transaction, introduction: UUID, **values: Any) -> None:
    """Facts of an introduction that are no step: a better seat after another pass, where it stands in the run."""
    await tx.execute(introductions.update().where(introductions.c.introduction == introduction).values(**values))


_STANDING = ("number", "priority", "shared", "groups", "seat", "declared")


async def update_standings(tx: Transaction, stated: Sequence[Introduction]) -> list[Introduction]:
    """Where introductions stand in their run now, in one statement; their state stays."""
    if not stated:
        return []
    rows = [{name: getattr(each, name) for name in ("introduction", *_STANDING)} for each in stated]
    return read_rows(Introduction, await tx.execute(_restatement(), {"rows": rows}))


@cache
def _restatement() -> ReturningUpdate[Any]:
    given = rows_given(introductions, ("introduction", *_STANDING))
    stated = introductions.update().where(introductions.c.introduction == given.c.introduction)
    return stated.values({name: given.c[name] for name in _STANDING}).returning(*_COLUMNS)


async def update_version(tx: Transaction, introduction: UUID) -> None:
    """What is shown of it has changed, though no step was taken."""
    await update_introduction(tx, introduction, version=introductions.c.version + 1)


async def get_introduction(tx: Transaction, introduction: UUID) -> Introduction:
    """One introduction; raises IntroductionNotFound."""
    return await get_one(tx, _one(introduction), Introduction, IntroductionNotFound(str(introduction)))


async def lock_introduction(tx: Transaction, introduction: UUID) -> Introduction:
    """The same; nobody else takes a step of it meanwhile."""
    query = _one(introduction).with_for_update()
    return await get_one(tx, query, Introduction, IntroductionNotFound(str(introduction)))


async def lock_introductions(tx: Transaction, wanted: Iterable[UUID]) -> list[Introduction]:
    """Those of some introductions that are here, in the order of their ids."""
    return await _locked(tx, among(introductions.c.introduction, wanted))


async def list_people_of(tx: Transaction, wanted: Iterable[UUID]) -> set[UUID]:
    """Whose introductions these are, as far as they are people of this county."""
    query = select(introductions.c.person).where(among(introductions.c.introduction, wanted))
    return set((await tx.execute(query.where(introductions.c.person.is_not(None)))).scalars())


async def list_seen(tx: Transaction, wanted: Iterable[UUID]) -> set[UUID]:
    """Those of some introductions that the caller may see."""
    query = select(introductions.c.introduction).where(among(introductions.c.introduction, wanted), *_seen(tx.reach))
    return set((await tx.execute(query)).scalars())


async def lock_introduction_if_known(tx: Transaction, introduction: UUID) -> Introduction | None:
    """The same where news of it may come before it."""
    return await find_one(tx, _one(introduction).with_for_update(), Introduction)


def _one(introduction: UUID) -> Select[Any]:
    return select(*_COLUMNS).where(introductions.c.introduction == introduction)


async def list_steps(tx: Transaction, introduction: UUID) -> list[StepTaken]:
    """The history of one introduction, the first step first."""
    query = select(*_STEPS).where(steps.c.introduction == introduction).order_by(steps.c.number)
    return read_rows(StepTaken, await tx.execute(query))


async def lock_introductions_of_person(tx: Transaction, person: UUID, states: Iterable[str]) -> list[Introduction]:
    """A person's introductions in some states."""
    return await lock_introductions_of_people(tx, [person], states)


async def lock_introductions_of_people(
    tx: Transaction, people: Iterable[UUID], states: Iterable[str]
) -> list[Introduction]:
    """The introductions of some people in some states."""
    return await _locked(tx, among(introductions.c.person, people), introductions.c.state.in_(list(states)))


async def lock_introductions_of_vacancy(tx: Transaction, vacancy: UUID, states: Iterable[str]) -> list[Introduction]:
    """The introductions to a vacancy in some states."""
    return await _locked(tx, introductions.c.vacancy == vacancy, introductions.c.state.in_(list(states)))


async def lock_introductions_of_run(
    tx: Transaction, run: UUID, county: str, states: Iterable[str]
) -> list[Introduction]:
    """A county's own introductions of a run in some states."""
    return await _locked(
        tx, introductions.c.run == run, introductions.c.county == county, introductions.c.state.in_(list(states))
    )


async def list_introductions_of_run(tx: Transaction, run: UUID, states: Iterable[str]) -> list[Introduction]:
    """All introductions of a run in some states, as far as this node has them."""
    query = select(*_COLUMNS).where(introductions.c.run == run, introductions.c.state.in_(list(states)))
    return read_rows(Introduction, await tx.execute(query.order_by(introductions.c.introduction)))


async def lock_overdue_introductions(tx: Transaction, as_of: date, states: Iterable[str]) -> list[Introduction]:
    """Introductions whose next step was due before a day."""
    return await _locked(tx, introductions.c.due < as_of, introductions.c.state.in_(list(states)))


async def lock_ending_introductions(tx: Transaction, today: date, *, most: int) -> list[Introduction]:
    """Introductions that end by themselves, nobody having taken their step; those that somebody else has at hand are left to him."""
    query = select(*_COLUMNS).where(introductions.c.lapses_on < today, introductions.c.warned_on < today, _OWN_STEP)
    query = query.where(introductions.c.state.in_(_LAPSING))
    query = query.order_by(introductions.c.introduction).limit(most).with_for_update(skip_locked=True)
    return read_rows(Introduction, await tx.execute(query, {"here": tx.node.code}))


async def update_warned(tx: Transaction, today: date, until: date) -> int:
    """Mark those that will end by themselves before long, each once; whoever owns the step sees the mark."""
    near = introductions.update().where(introductions.c.lapses_on <= until, introductions.c.warned_on.is_(None))
    near = near.where(_OWN_STEP, introductions.c.state.in_(_LAPSING))
    marked = near.values(warned_on=today, version=introductions.c.version + 1)
    return int((await tx.execute(marked, {"here": tx.node.code})).rowcount)


async def _locked(tx: Transaction, *conditions: ColumnElement[bool]) -> list[Introduction]:
    query = select(*_COLUMNS).where(*conditions).order_by(introductions.c.introduction).with_for_update()
    return read_rows(Introduction, await tx.execute(query))


def _listed() -> Select[Any]:
    shown = (
        vacancies.c.title,
        vacancies.c.employer_name,
        vacancies.c.employer_uscc,
        vacancies.c.occupation,
        vacancies.c.wage.label("offered"),
        people.c.township,
        withdrawals.c.on.label("consent_withdrawn_on"),
        withdrawals.c.erased_on.label("card_erased_on"),
    )
    withdrawn = (withdrawals.c.introduction == introductions.c.introduction) & (
        withdrawals.c.county == introductions.c.county
    )
    joined = introductions.outerjoin(vacancies, vacancies.c.vacancy == introductions.c.vacancy)
    return select(*_COLUMNS, *shown).select_from(
        joined.outerjoin(people, people.c.person == introductions.c.person).outerjoin(withdrawals, withdrawn)
    )


def _seen(reach: Reach) -> list[ColumnElement[bool]]:
    """An employer (用人单位) sees an introduction from the step on that is its own to decide."""
    shown = [introductions.c.state.in_(SHOWN_TO_EMPLOYER), introductions.c.guest.is_not(None)]
    shown = shown if reach.kind == "organisation" else []
    return [within(introductions, reach), *shown]


async def list_introductions(
    tx: Transaction,
    *,
    after: UUID | None = None,
    limit: int = 50,
    due_before: date | None = None,
    warned: bool | None = None,
    second_yes: bool = False,
    **equal: object,
) -> list[ListedIntroduction]:
    """Introductions with what one wants to see of the vacancy, in the order of their ids; `equal` are columns that must fit."""
    query = _listed().where(*_seen(tx.reach)).order_by(introductions.c.introduction).limit(limit)
    query = query.where(*(introductions.c[name] == value for name, value in equal.items() if value is not None))
    if after:
        query = query.where(introductions.c.introduction > after)
    if due_before:
        query = query.where(introductions.c.due < due_before)
    if warned is not None:
        query = query.where(introductions.c.warned_on.is_not(None) if warned else introductions.c.warned_on.is_(None))
    if second_yes:
        query = query.where(*_beside_another_yes())
    return read_rows(ListedIntroduction, await tx.execute(query))


def _beside_another_yes() -> list[ColumnElement[bool]]:
    """Until one of the two has been ended, by whichever step."""
    first = introductions.alias("first")
    signed = first.c.state.in_(SIGNED), ~first.c.second_yes, first.c.person == introductions.c.person
    return [introductions.c.second_yes, introductions.c.state.in_(SIGNED), exists().where(*signed)]


async def get_listed_introduction(tx: Transaction, introduction: UUID) -> ListedIntroduction:
    """One introduction as the list shows it, within the caller's reach; raises IntroductionNotFound."""
    query = _listed().where(introductions.c.introduction == introduction, *_seen(tx.reach))
    return await get_one(tx, query, ListedIntroduction, IntroductionNotFound(str(introduction)))


async def count_taken(tx: Transaction, vacancy: UUID, openings: int) -> OpeningsTaken:
    """How the openings of a vacancy are used by introductions that this city has in."""
    here = introductions.c.vacancy == vacancy
    signed = func.count().filter(introductions.c.state.in_(("introduced", "hired", "started")))
    held = func.count().filter(introductions.c.run.is_not(None), introductions.c.state.in_((*UNDECIDED, "agreed")))
    row = (await tx.execute(select(signed.label("signed"), held.label("held")).where(here))).one()
    return OpeningsTaken(openings, row.signed, row.held)


async def list_signed_people(tx: Transaction) -> set[UUID]:
    """This county's people whose yes is given, in a run or outside one, by every id that they have had."""
    given = introductions.c.person.is_not(None), introductions.c.state.in_(SIGNED)
    other = merged.c.stays == introductions.c.person, ~merged.c.undone
    signed = union(
        select(introductions.c.person).where(*given),
        select(introductions.c.recorded_for).where(*given, introductions.c.recorded_for.is_not(None)),
        select(merged.c.goes).where(*other, *given),
    )
    return set((await tx.execute(signed)).scalars())


async def insert_guest_if_absent(tx: Transaction, guest: Guest) -> None:
    """A guest whose card the registry has opened; the first one counts."""
    await tx.execute(insert(guests).values(vars(guest)).on_conflict_do_nothing(index_elements=["introduction"]))


async def find_guest(tx: Transaction, introduction: UUID) -> Guest | None:
    """The guest who came with an introduction."""
    query = select(*_GUEST).where(guests.c.introduction == introduction)
    return await find_one(tx, query, Guest)
