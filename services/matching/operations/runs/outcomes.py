"""What a run came to, as officers read it: their people placed or not with the sentence why, their vacancies filled or not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from uuid import UUID

from libs.common.database import Transaction
from services.matching.operations.runs import city
from services.matching.operations.runs.queries import show_certificates
from services.matching.operations.runs.standing import Stood, last_stood
from services.matching.rules.outlook import Outlook, outlook
from services.matching.rules.run_outcomes import (
    Allottable,
    PersonInRun,
    PersonsOutcome,
    VacancyOutcome,
    vacancy_outcome,
)
from services.matching.rules.runs import NotInTheRun, Run
from services.matching.store import lists, run_outcomes
from services.matching.store import runs as store


async def list_people(
    tx: Transaction, run: UUID, *, placed: bool | None, after: UUID | None, limit: int
) -> list[PersonsOutcome]:
    """At a county of the run; why somebody has no place is said once it has settled and while its messages are kept."""
    found = await store.get_run(tx, run)
    if tx.node.id not in found.counties:
        raise NotInTheRun
    rows = await run_outcomes.list_people_in_run(tx, run, placed=placed, after=after, limit=limit)
    await tx.widen()
    whys = await _outlooks(tx, found, [each.pseudonym for each in rows if not each.placed])
    spoken_of = [_spoken_of(each, whys.get(each.pseudonym)) for each in rows]
    listed = await lists.list_vacancies(tx, [each for each in spoken_of if each])
    return [
        PersonsOutcome(each, listed.get(one) if one else None, whys.get(each.pseudonym))
        for each, one in zip(rows, spoken_of, strict=True)
    ]


def _spoken_of(given: PersonInRun, why: Outlook | None) -> UUID | None:
    """The vacancy that the row names: the person's own, or the one wished for most."""
    return given.vacancy or (UUID(why.wished) if why and why.wished else None)


async def _outlooks(tx: Transaction, run: Run, names: Iterable[str]) -> dict[str, Outlook]:
    """Scores and lots of many people are no work for who answers others meanwhile."""
    if run.settled is None or run.forgotten or not run.is_under_way:
        return {}
    stood = [each async for each in last_stood(tx, run, names)]
    return await asyncio.to_thread(lambda: dict(chain.from_iterable(map(_of_pass, stood))))


def _of_pass(stood: Stood) -> Iterator[tuple[str, Outlook]]:
    offers, weights, seed = stood.offers, stood.inputs.weights, stood.inputs.seed
    for name, person in stood.people.items():
        yield name, outlook(person, offers, stood.cutoffs, weights, seed)


async def list_vacancies(tx: Transaction, run: UUID, *, after: UUID | None, limit: int) -> list[VacancyOutcome]:
    """At a city of the run, by id; the points are those of the pass it is in, once that is closed."""
    found = await store.get_run(tx, run)
    if tx.node.id not in found.cities:
        raise NotInTheRun
    offered = sorted(await city.offered(tx, found, max(found.number, 1)), key=lambda each: each.vacancy)
    offered = [each for each in offered if after is None or each.vacancy > str(after)][:limit]
    listed = await lists.list_vacancies(tx, [UUID(each.vacancy) for each in offered])
    taken: dict[str, dict[str, int]] = {}
    for each in await run_outcomes.list_places_taken(tx, run, tx.node.code):
        taken.setdefault(str(each.vacancy), {})[each.seat] = each.places
    cutoffs = await _own_cutoffs(tx, found)
    return [
        vacancy_outcome(
            each, listed.get(UUID(each.vacancy)), taken.get(each.vacancy, {}), cutoffs.get(each.vacancy, {})
        )
        for each in offered
    ]


async def _own_cutoffs(tx: Transaction, run: Run) -> Mapping[str, Mapping[str, int]]:
    """As this city has signed them; nothing before a pass is closed."""
    if not run.is_under_way:
        return {}
    _, _, certificates = await show_certificates(tx, run.run, None)
    mine = (each.cutoffs for each in certificates if each.kept.city == tx.node.id)
    return next(mine, None) or {}


async def list_allottable(tx: Transaction, run: UUID, *, after: UUID | None, limit: int) -> list[Allottable]:
    """At a city of the run that has not allotted yet: what it may give, with what is left."""
    found = await store.get_run(tx, run)
    await city.check_may_allot(tx, found)
    return await run_outcomes.list_allottable(tx, tx.node.id, after=after, limit=limit)
