"""Introductions and their steps: one row for each, one line of history for each step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Update, bindparam, func, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.engine import Row

from libs.common.access.reach import Reach
from libs.common.access.rows import within
from libs.common.database import Transaction, among, insert_all
from libs.common.problems import NotFound
from services.matching.rules.introductions.steps import SHOWN_TO_EMPLOYER, SIGNED, UNDECIDED, Taken, due_of
from services.matching.tables.introductions import guests, introductions, steps, withdrawals
from services.matching.tables.lists import people, vacancies

Introduction = Row[Any]


class IntroductionNotFound(NotFound):
    title = "没有这条介绍 No such introduction"


async def insert_introductions_if_absent(
    tx: Transaction, rows: Sequence[dict[str, Any]], by: str
) -> Sequence[Introduction]:
    """New introductions with their first step; one that is here already stays as it is and is not answered."""
    if not rows:
        return []
    due = [{**row, "due": due_of(row["state"], row["changed_on"])} for row in rows]
    return (await tx.execute(_addition(tuple(due[0])), {"rows": due, "by": by})).all()


@cache
def _addition(names: tuple[str, ...]) -> Select[Any]:
    """Made once: with so many columns it takes longer to put together than to run."""
    return _with_step(insert_all(introductions, names).on_conflict_do_nothing(index_elements=["introduction"]))


async def update_state(
    tx: Transaction, rows: Sequence[Introduction], state: str, on: date, by: str, reason: str | None = None, **more: Any
) -> Sequence[Introduction]:
    """The same step for several introductions, with its line of history."""
    if not rows:
        return []
    moved = introductions.update().where(among(introductions.c.introduction, [row.introduction for row in rows]))
    moved = moved.values(
        state=state, reason=reason, changed_on=on, due=due_of(state, on), version=introductions.c.version + 1, **more
    )
    return (await tx.execute(_with_step(moved), {"by": by})).all()


def _with_step(changed: Insert | Update) -> Select[Any]:
    """The rows as a statement leaves them; with the same statement, a line of history for each."""
    after = changed.returning(introductions).cte("after")
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


async def update_version(tx: Transaction, introduction: UUID) -> None:
    """What is shown of it has changed, though no step was taken."""
    await update_introduction(tx, introduction, version=introductions.c.version + 1)


async def get_introduction(tx: Transaction, introduction: UUID, *, lock: bool = False) -> Introduction:
    """One introduction; raises IntroductionNotFound."""
    found = await find_introduction(tx, introduction, lock=lock)
    if found is None:
        raise IntroductionNotFound(str(introduction))
    return found


async def find_introduction(tx: Transaction, introduction: UUID, *, lock: bool = False) -> Introduction | None:
    """One introduction, or None; with `lock`, nobody else takes a step of it meanwhile."""
    query = select(introductions).where(introductions.c.introduction == introduction)
    return (await tx.execute(query.with_for_update() if lock else query)).one_or_none()


async def list_steps(tx: Transaction, introduction: UUID) -> Sequence[Row[Any]]:
    """The history of one introduction, the first step first."""
    return (await tx.execute(select(steps).where(steps.c.introduction == introduction).order_by(steps.c.number))).all()


async def lock_introductions_of_person(tx: Transaction, person: UUID, states: Iterable[str]) -> Sequence[Introduction]:
    """A person's introductions in some states, locked."""
    return await _locked(tx, introductions.c.person == person, introductions.c.state.in_(list(states)))


async def lock_introductions_of_vacancy(
    tx: Transaction, vacancy: UUID, states: Iterable[str]
) -> Sequence[Introduction]:
    """The introductions to a vacancy in some states, locked."""
    return await _locked(tx, introductions.c.vacancy == vacancy, introductions.c.state.in_(list(states)))


async def lock_introductions_of_run(
    tx: Transaction, run: UUID, county: str, states: Iterable[str]
) -> Sequence[Introduction]:
    """A county's own introductions of a run in some states, locked."""
    return await _locked(
        tx, introductions.c.run == run, introductions.c.county == county, introductions.c.state.in_(list(states))
    )


async def list_introductions_of_run(tx: Transaction, run: UUID, states: Iterable[str]) -> Sequence[Introduction]:
    """All introductions of a run in some states, as far as this node has them."""
    query = select(introductions).where(introductions.c.run == run, introductions.c.state.in_(list(states)))
    return (await tx.execute(query.order_by(introductions.c.introduction))).all()


async def lock_overdue_introductions(tx: Transaction, as_of: date, states: Iterable[str]) -> Sequence[Introduction]:
    """Introductions whose next step was due before a day, locked."""
    return await _locked(tx, introductions.c.due < as_of, introductions.c.state.in_(list(states)))


async def _locked(tx: Transaction, *conditions: Any) -> Sequence[Introduction]:
    query = select(introductions).where(*conditions).order_by(introductions.c.introduction).with_for_update()
    return (await tx.execute(query)).all()


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
    return select(introductions, *shown).select_from(
        joined.outerjoin(people, people.c.person == introductions.c.person).outerjoin(withdrawals, withdrawn)
    )


def _seen(reach: Reach) -> list[ColumnElement[bool]]:
    """An employer (用人单位) sees an introduction from the step on that is its own to decide."""
    shown = [introductions.c.state.in_(SHOWN_TO_EMPLOYER)] if reach.kind == "organisation" else []
    return [within(introductions, reach), *shown]


async def list_introductions(
    tx: Transaction, *, after: UUID | None = None, limit: int = 50, due_before: date | None = None, **equal: Any
) -> Sequence[Row[Any]]:
    """Introductions with what one wants to see of the vacancy, in the order of their ids; `equal` are columns that must fit."""
    query = _listed().where(*_seen(tx.reach)).order_by(introductions.c.introduction).limit(limit)
    query = query.where(*(introductions.c[name] == value for name, value in equal.items() if value is not None))
    if after:
        query = query.where(introductions.c.introduction > after)
    if due_before:
        query = query.where(introductions.c.due < due_before)
    return (await tx.execute(query)).all()


async def get_listed_introduction(tx: Transaction, introduction: UUID) -> Row[Any]:
    """One introduction as the list shows it; raises IntroductionNotFound."""
    found = (
        await tx.execute(_listed().where(introductions.c.introduction == introduction, *_seen(tx.reach)))
    ).one_or_none()
    if found is None:
        raise IntroductionNotFound(str(introduction))
    return found


async def count_taken(tx: Transaction, vacancy: UUID, openings: int) -> Taken:
    """How the openings of a vacancy are used by introductions that this city has in."""
    here = introductions.c.vacancy == vacancy
    signed = func.count().filter(introductions.c.state.in_(("introduced", "hired", "started")))
    held = func.count().filter(introductions.c.run.is_not(None), introductions.c.state.in_((*UNDECIDED, "agreed")))
    row = (await tx.execute(select(signed.label("signed"), held.label("held")).where(here))).one()
    return Taken(openings, row.signed, row.held)


async def list_signed_people(tx: Transaction) -> set[UUID]:
    """This county's people whose yes is given, in a run or outside one."""
    signed = select(introductions.c.person).where(
        introductions.c.person.is_not(None), introductions.c.state.in_(SIGNED)
    )
    return set((await tx.execute(signed)).scalars())


async def insert_guest_if_absent(tx: Transaction, row: dict[str, Any]) -> None:
    """A guest whose card the registry has opened; the first one counts."""
    await tx.execute(insert(guests).values(row).on_conflict_do_nothing(index_elements=["introduction"]))


async def find_guest(tx: Transaction, introduction: UUID) -> Row[Any] | None:
    """The guest who came with an introduction."""
    return (await tx.execute(select(guests).where(guests.c.introduction == introduction))).one_or_none()
