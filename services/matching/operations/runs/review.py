"""What a county does when a pass is closed: its couples and groups choose, its people's places are verified, introductions are held."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np
from joserfc.errors import JoseError

from libs.common.database import Transaction
from libs.common.events.matching import PassReviewed, PlacesStatedV2
from libs.common.identity import read_signed
from libs.common.node import NodeContext
from libs.common.outbox import announce
from services.matching import files
from services.matching.files import packing
from services.matching.files.columns import read_columns
from services.matching.kernel.array_types import I64
from services.matching.kernel.federation import CountySide
from services.matching.operations.introductions.placements import Placed, propose_placed
from services.matching.operations.runs.county import declared_by, find_company, outcome_side, places_in
from services.matching.operations.runs.moves import Move
from services.matching.operations.weights import weights_of
from services.matching.rules.choice import INFINITE, seat_types
from services.matching.rules.couples import PASSES_MOST, wishes_of
from services.matching.rules.facts import Person
from services.matching.rules.joint_applicants import JointApplicants, Stand
from services.matching.rules.results import Place
from services.matching.rules.runs import AS_ENTERED, CityCertificate, Run
from services.matching.store import run_inputs
from services.matching.store import runs as store


@dataclass(frozen=True)
class _Reviewed:
    """What this county's couples and groups say of a pass: where they stand now (`stands`) if they ask for another one."""

    cases: Mapping[str, str]
    stands: Mapping[str, Stand]

    @property
    def asks_for_another(self) -> bool:
        return bool(self.stands)


async def find_review(tx: Transaction, run: Run, number: int) -> Move[_Reviewed] | None:
    """Couples and groups look at the last pass and choose; any new choice asks for another pass, at most five of them."""
    step, side = await store.find_pass(tx, run.run, number), await outcome_side(tx, run, number)
    if step is None or side is None:
        return None
    if step.base > 1:
        return Move(lambda: _Reviewed({}, {}), partial(_write_review, run=run, number=number))
    entered = await run_inputs.get_roster(tx, run.run, AS_ENTERED)
    company = await find_company(tx, run, entered, await weights_of(tx, run))
    return Move(lambda: _review(company(), side, number), partial(_write_review, run=run, number=number))


def _review(company: JointApplicants, side_of: Callable[[], CountySide], number: int) -> _Reviewed:
    if not company:
        return _Reviewed({}, {})
    side = side_of()
    places = {name: Place(name) for name in company.people} | places_among(side, company.people)
    vacancies = {vacancy.vacancy: vacancy for vacancy in side.offers.vacancies}
    prospects = _prospects(side, company) if company.choices else _Known({})
    after = company.review(places, vacancies, prospects, side.run.weights)
    if after == company:
        return _Reviewed({}, {})
    if number >= PASSES_MOST:
        return _Reviewed(company.unsettled(places, vacancies), {})
    return _Reviewed({}, after.stands())


async def _write_review(tx: Transaction, made: _Reviewed, *, run: Run, number: int) -> bool:
    found, step = await store.lock_run(tx, run.run), await store.find_pass(tx, run.run, number)
    if not found.is_under_way or found.number != number or step is None or step.reviewed:
        return False
    await run_inputs.update_stands(tx, run.run, made.stands)
    await run_inputs.update_residue(tx, run.run, number, made.cases)
    await store.update_pass(tx, run.run, number, reviewed=True)
    said = {"another": made.asks_for_another, "residue": len(made.cases)}
    await announce(tx, PassReviewed.model_validate({"run": run.run, "node": tx.node.id, "number": number, **said}))
    return True


@dataclass(frozen=True)
class _Known:
    """Prospects that the kernel has computed for all couples at once; groups ask for none."""

    by_name: Mapping[str, Mapping[str, int]]

    def bests(self, person: Person) -> Mapping[str, int]:
        return self.by_name[person.person]


def _prospects(side: CountySide, company: JointApplicants) -> _Known:
    weights = side.run.weights
    wishes = wishes_of(company.people, company.choices, weights)
    names = sorted(name for pair in company.choices for name in pair)
    columns, _ = read_columns(files.write_people([replace(wishes[name], fellows=None) for name in names]), weights)
    bests = side.bests(columns).tolist()
    return _Known(
        {
            name: {city: best for city, best in zip(side.cities, row, strict=True) if best >= 0}
            for name, row in zip(names, bests, strict=True)
        }
    )


def places_among(side: CountySide, names: Iterable[str] | None = None) -> dict[str, Place]:
    """Places by pseudonym, of everybody or of some."""
    wanted, places, seats = set(names) if names is not None else None, side.places(), side.run.weights.seats
    columns = zip(side.run.people.person.listed(), *(column.tolist() for column in places), strict=True)
    return {
        name: Place(name, side.offers.vacancies[vacancy].vacancy, seats[seat], utility, priority)
        if vacancy >= 0
        else Place(name)
        for name, vacancy, seat, utility, priority in ((person.decode(), *rest) for person, *rest in columns)
        if wanted is None or name in wanted
    }


Verdicts = dict[str, list[str]]


async def find_verification(tx: Transaction, run: Run, number: int) -> Move[Verdicts] | None:
    """Checks every own person against the cities' signed cutoffs, with nobody else's data."""
    kept = await store.list_certificates(tx, run.run, number)
    side = await outcome_side(tx, run, number) if {each.city for each in kept} == set(run.cities) else None
    if side is None:
        return None
    return Move(lambda: _verdicts(tx.node, run, number, kept, side), partial(_write_verdicts, run=run, number=number))


def _verdicts(
    node: NodeContext, run: Run, number: int, kept: Sequence[CityCertificate], side_of: Callable[[], CountySide]
) -> Verdicts:
    tables = {each.city: read_table(node, run, number, each) for each in kept}
    if not all(table is not None for table in tables.values()):
        return {city: [] if table is not None else ["signature"] for city, table in tables.items()}
    side, signed = side_of(), {name: keys for table in tables.values() if table for name, keys in table.items()}
    faults = _faults(side, _table(signed, side))
    return {city: faults for city in tables}


async def _write_verdicts(tx: Transaction, verdicts: Verdicts, *, run: Run, number: int) -> bool:
    await store.update_verdicts(tx, run.run, number, verdicts)
    return True


def _table(signed: Mapping[str, Mapping[str, int]], side: CountySide) -> I64:
    """Signed cutoffs as the kernel holds them: infinite where a vacancy has no seats of a type, -1 where one is not signed."""
    weights, vacancies = side.run.weights, side.offers.vacancies
    table = np.full((len(vacancies), len(weights.seats)), INFINITE, np.int64)
    for row, vacancy in enumerate(vacancies):
        for seat in seat_types(vacancy, weights.reserve_groups):
            table[row, weights.seats.index(seat)] = signed.get(vacancy.vacancy, {}).get(seat, -1)
    return table


def _faults(side: CountySide, signed: I64) -> list[str]:
    """Pseudonyms whose place does not follow from the signed cutoffs, and vacancies whose cutoffs are not those published."""
    people, vacancies = side.judged_by(signed)
    return sorted(
        [side.run.people.person[int(row)] for row in people]
        + [side.offers.vacancies[int(row)].vacancy for row in vacancies]
    )


def read_table(node: NodeContext, run: Run, number: int, signed: CityCertificate) -> dict[str, dict[str, int]] | None:
    """The cutoffs of a certificate: None unless the city signed such a table for this very pass and weights."""
    partner = node.partners.get(signed.city)
    if partner is None and signed.city != node.id:
        return None
    keys = partner.jwks if partner else node.signer.jwks
    try:
        payload: dict[str, Any] = json.loads(read_signed(signed.certificate, keys))
        return payload["cutoffs"] if _is_of(payload, run, number, signed.city) else None
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_of(payload: Mapping[str, Any], run: Run, number: int, city: str) -> bool:
    """Whether a certificate is of a pass, and of its weights; older ones name no digest of the weights."""
    said = tuple(payload[name] for name in ("run", "number", "city", "seed", "weights"))
    same = said == (str(run.run), number, city, run.seed, run.weights) and payload.get("weights_digest") in (
        None,
        run.weights_digest,
    )
    return same and all(0 <= key <= INFINITE for seats in payload["cutoffs"].values() for key in seats.values())


@dataclass(frozen=True)
class _Offers:
    """A settled pass for this county: its places for the hash, and those that are offered to people."""

    stated: PlacesStatedV2
    places: Sequence[Placed]


async def find_offers(tx: Transaction, run: Run, number: int) -> Move[_Offers]:
    """States the places for the hash, and holds an introduction (介绍) for everybody placed; of a couple that goes only together,
    not for one alone."""
    side = await outcome_side(tx, run, number)
    ids, apart = await run_inputs.list_person_ids(tx, run.run), await run_inputs.list_residue(tx, run.run, number)
    roster = await run_inputs.find_roster(tx, run.run, number) or b""

    def compute() -> _Offers:
        found = side() if side else None
        places = _placed(found, roster, ids, apart) if found else []
        return _Offers(_stated(tx.node.id, run, number, found), places)

    return Move(compute, partial(_write_offers, run=run, number=number))


def _stated(county: str, run: Run, number: int, side: CountySide | None) -> PlacesStatedV2:
    """Pseudonym and vacancy of everybody placed, for the convener alone, which takes the hash and keeps nothing."""
    placed = {name: vacancy for name, (_, vacancy) in places_in(side).items()} if side else {}
    return PlacesStatedV2(run=run.run, county=county, number=number, count=len(placed), **packing.pack_places(placed))


def _placed(side: CountySide, roster: bytes, ids: Mapping[str, UUID], apart: Mapping[str, str]) -> list[Placed]:
    placed = {
        name: place
        for name, place in places_among(side).items()
        if place.vacancy and not apart.get(name, "").startswith("only")
    }
    declared = declared_by(roster, placed, side.run.weights)
    offering = {each.vacancy: side.offers.node_of(at) for at, each in enumerate(side.offers.vacancies)}
    return [
        Placed(
            person=ids[name],
            declared=declared[name],
            vacancy=UUID(place.vacancy),
            city=offering[place.vacancy or ""][1:],
            priority=place.priority or 0,
            seat=place.seat or "",
        )
        for name, place in placed.items()
    ]


async def _write_offers(tx: Transaction, offers: _Offers, *, run: Run, number: int) -> bool:
    found, step = await store.lock_run(tx, run.run), await store.find_pass(tx, run.run, number)
    if not found.is_under_way or found.settled != number or step is None or step.offered:
        return False
    await store.update_pass(tx, run.run, number, offered=True)
    await announce(tx, offers.stated, to=run.convener)
    await propose_placed(tx, run.run, number, offers.places, on=run.as_of, weights=run.weights)
    return True
