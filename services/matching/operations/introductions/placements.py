"""What a settled run means for introductions, and what introductions mean for the run's next pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from services.matching.operations.introductions import messages as news
from services.matching.operations.introductions.county import end
from services.matching.rules.facts import Person
from services.matching.rules.introductions import steps as rules
from services.matching.rules.introductions.reasons import MISTAKE
from services.matching.rules.introductions.records import DeclaredFacts, Introduction
from services.matching.store import introductions as store
from services.matching.store import lists, merges


@dataclass(frozen=True)
class Placed:
    """One of this county's people with a place in a settled pass; `declared` are the facts of the pass."""

    person: UUID
    declared: Person
    vacancy: UUID
    city: str
    priority: int
    seat: str

    @property
    def pseudonym(self) -> str:
        return self.declared.person


@dataclass(frozen=True)
class Frozen:
    """A signed place of a run: it has left the market with its seat. `person` is known at the county alone."""

    pseudonym: str
    vacancy: UUID
    city: str
    seat: str | None
    county: str
    person: UUID | None


async def propose_placed(
    tx: Transaction, run: UUID, number: int, places: Sequence[Placed], *, on: date, weights: str
) -> int:
    """Hold an introduction for everybody placed; answers how many are new.

    Whoever moved up since an earlier pass gets a new one and the old one is obsolete. Signed ones are never touched,
    nor is anybody who has agreed elsewhere meanwhile; who was erased while the run was open is introduced to nobody.
    """
    listed = await lists.lock_people(tx, [place.person for place in places])
    undecided = await store.lock_introductions_of_run(tx, run, tx.node.code, rules.UNDECIDED)
    known = {row.recorded or row.whose: row for row in undecided}
    signed = await store.list_signed_people(tx)
    wanted = {place.person: place for place in places if place.person in listed - signed}
    await _obsolete(tx, known, wanted, on)
    kept = {person for person, row in known.items() if person in wanted and row.vacancy == wanted[person].vacancy}
    await _restate(tx, [(known[person], _standing(known[person], wanted[person], number)) for person in kept])
    fresh = [_held(tx, run, number, place, on, weights) for person, place in wanted.items() if person not in kept]
    added = await store.insert_introductions_if_absent(tx, fresh, tx.node.id)
    await merges.update_owners(tx, [each.whose for each in added])
    await news.send(tx, added)
    return len(fresh)


async def _obsolete(tx: Transaction, known: dict[UUID, Introduction], wanted: dict[UUID, Placed], on: date) -> None:
    moved = [row for person, row in known.items() if person in wanted and row.vacancy != wanted[person].vacancy]
    await end(tx, moved, "obsolete", "moved_up", on, tx.node.id)
    without = [row for person, row in known.items() if person not in wanted]
    await end(tx, without, "obsolete", "no_longer_held", on, tx.node.id)


async def _restate(tx: Transaction, kept: Iterable[tuple[Introduction, Introduction]]) -> None:
    """The same places after another pass: where they stand in the run may have changed, the offers have not."""
    changed = [after for before, after in kept if replace(after, number=before.number) != before]
    await news.send(tx, await store.update_standings(tx, changed))


def _standing(introduction: Introduction, place: Placed, number: int) -> Introduction:
    """An introduction as it stands in a pass."""
    return replace(
        introduction,
        number=number,
        priority=place.priority,
        shared=place.declared.shared or 0,
        groups=sorted(place.declared.groups),
        seat=place.seat,
        declared=_declared(place.declared),
    )


def _declared(person: Person) -> DeclaredFacts:
    return DeclaredFacts(
        occupation=person.occupation,
        experience=person.experience,
        certificates=sorted(person.certificates),
        groups=sorted(person.groups),
        burden=person.burden,
    )


def _held(tx: Transaction, run: UUID, number: int, place: Placed, on: date, weights: str) -> Introduction:
    held = Introduction(
        introduction=new_id(),
        county=tx.node.code,
        city=place.city,
        vacancy=place.vacancy,
        state="held",
        changed_on=on,
        run=run,
        pseudonym=place.pseudonym,
        person=place.person,
        weights=weights,
    )
    return _standing(held, place, number)


async def frozen_places(tx: Transaction, run: UUID) -> list[Frozen]:
    """The signed places of a run as this node knows them: a county its own, a city those at its vacancies."""
    rows = await store.list_introductions_of_run(tx, run, rules.SIGNED)
    return [Frozen(row.pseudonym or "", row.vacancy, row.city, row.seat, row.county, row.person) for row in rows]


async def gone_people(tx: Transaction, run: UUID) -> set[UUID]:
    """This county's people who have left a run's market: said no, were not taken, or have agreed outside the run.

    Those whose vacancy was withdrawn stay: the vacancy has left the market, not they.
    """
    ended = await store.list_introductions_of_run(tx, run, rules.LEFT)
    left = {row.recorded for row in ended if row.recorded and row.reason != MISTAKE}
    signed_here = {row.recorded for row in await store.list_introductions_of_run(tx, run, rules.SIGNED) if row.recorded}
    return left | (await store.list_signed_people(tx) - signed_here)
