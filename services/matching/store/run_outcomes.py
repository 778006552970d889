"""SQL of what a run came to: a county's people with the place that each was given, a city's vacancies and who holds them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, true

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import read_rows
from services.matching.rules.introductions.steps import OPEN as NOT_ENDED
from services.matching.rules.run_outcomes import Allottable, PersonInRun, PlacesTaken
from services.matching.tables import lists
from services.matching.tables.introductions import introductions
from services.matching.tables.runs import people


async def list_people_in_run(
    tx: Transaction, run: UUID, *, placed: bool | None, after: UUID | None, limit: int
) -> list[PersonInRun]:
    """Those within the caller's reach in the order of their ids, each with the last introduction of the run."""
    mine = introductions.c.run == run, introductions.c.person == people.c.person
    facts = [introductions.c[name] for name in ("introduction", "state", "vacancy", "seat", "priority")]
    newest = introductions.c.number.desc(), introductions.c.introduction.desc()
    last = select(*facts).where(*mine).order_by(*newest).limit(1).lateral("last")
    query = select(people.c.person, people.c.pseudonym, *last.c).select_from(people.outerjoin(last, true()))
    query = query.where(people.c.run == run, within(people, tx.reach)).order_by(people.c.person).limit(limit)
    if placed is not None:
        query = query.where(last.c.introduction.is_not(None) if placed else last.c.introduction.is_(None))
    if after:
        query = query.where(people.c.person > after)
    return read_rows(PersonInRun, await tx.execute(query))


async def list_places_taken(tx: Transaction, run: UUID, city: str) -> list[PlacesTaken]:
    """By vacancy and seat type, what of the run is held at a city and has not ended otherwise than by work."""
    seat = func.coalesce(introductions.c.seat, "open").label("seat")
    where = introductions.c.run == run, introductions.c.city == city, introductions.c.state.in_((*NOT_ENDED, "started"))
    query = select(introductions.c.vacancy, seat, func.count().label("places")).where(*where)
    return read_rows(PlacesTaken, await tx.execute(query.group_by(introductions.c.vacancy, seat)))


async def list_allottable(tx: Transaction, node: str, *, after: UUID | None, limit: int) -> list[Allottable]:
    """This city's own announced vacancies that have openings left and may take part in a run, in the order of entry."""
    table = lists.vacancies
    facts = [table.c[name] for name in ("vacancy", "title", "employer_name", "openings", "openings_left", "reserved")]
    where = table.c.node == node, table.c.withdrawn_on.is_(None), table.c.country.is_(None), table.c.openings_left > 0
    query = select(*facts).where(*where).order_by(table.c.vacancy).limit(limit)
    if after:
        query = query.where(table.c.vacancy > after)
    return read_rows(Allottable, await tx.execute(query))
