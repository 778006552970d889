"""What a county does when a pass is closed: its couples and groups choose, its people's places are verified, introductions are held."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
from joserfc.errors import JoseError

from libs.common.database import Transaction
from libs.common.events.matching import PassReviewed
from libs.common.identity import read_signed
from libs.common.outbox import announce
from services.matching import files
from services.matching.files.columns import read_columns
from services.matching.kernel.array_types import I64
from services.matching.kernel.federation import CountySide
from services.matching.operations.introductions.placements import Placed, propose_placed
from services.matching.operations.runs.county import company_of, declared_by, outcome_of
from services.matching.rules.choice import INFINITE, seat_types
from services.matching.rules.couples import PASSES_MOST, wishes_of
from services.matching.rules.facts import Person
from services.matching.rules.joint_applicants import JointApplicants
from services.matching.rules.results import Place
from services.matching.rules.runs import AS_ENTERED, CityCertificate, Run
from services.matching.store import run_inputs
from services.matching.store import runs as store


async def review_pass(tx: Transaction, run: Run, number: int) -> None:
    """Couples and groups look at the last pass and choose; any new choice asks for another pass, at most five of them."""
    step = await store.find_pass(tx, run.run, number)
    if step is None or step.reviewed:
        return
    cases: dict[str, str] = {}
    another = False
    if step.base == 1:
        cases, another = await _review_company(tx, run, number)
    await run_inputs.update_residue(tx, run.run, number, cases)
    await store.update_pass(tx, run.run, number, reviewed=True)
    await announce(tx, PassReviewed(run=run.run, node=tx.node.id, number=number, another=another, residue=len(cases)))


async def _review_company(tx: Transaction, run: Run, number: int) -> tuple[dict[str, str], bool]:
    company = await company_of(tx, run, await run_inputs.get_roster(tx, run.run, AS_ENTERED))
    if not company:
        return {}, False
    side = await _closed(tx, run, number)
    places = {name: Place(name) for name in company.people} | places_among(side, company.people)
    vacancies = {vacancy.vacancy: vacancy for vacancy in side.offers.vacancies}
    prospects = await asyncio.to_thread(_prospects, side, company) if company.choices else _Known({})
    after = company.review(places, vacancies, prospects, side.run.weights)
    if after == company:
        return {}, False
    if number >= PASSES_MOST:
        return company.unsettled(places, vacancies), False
    await run_inputs.update_stands(tx, run.run, after.stands())
    return {}, True


async def _closed(tx: Transaction, run: Run, number: int) -> CountySide:
    side = await outcome_of(tx, run, number)
    if side is None:
        raise LookupError(f"pass {number} of run {run.run} was closed without a market")
    return side


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


async def verify_places(tx: Transaction, run: Run, number: int) -> None:
    """Checks every own person against the cities' signed cutoffs, with nobody else's data."""
    kept = await store.list_certificates(tx, run.run, number)
    step = await store.find_pass(tx, run.run, number)
    if step is None or step.closing is None or {each.city for each in kept} != set(run.cities):
        return
    side = await outcome_of(tx, run, number)
    if side is None:
        return
    tables = {each.city: read_table(tx, run, number, each) for each in kept}
    verdicts = {city: [] if table is not None else ["signature"] for city, table in tables.items()}
    if all(table is not None for table in tables.values()):
        signed = {name: cutoffs for table in tables.values() if table for name, cutoffs in table.items()}
        faults = await asyncio.to_thread(_faults, side, _table(signed, side))
        verdicts = {city: faults for city in tables}
    await store.update_verdicts(tx, run.run, number, verdicts)


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


def read_table(tx: Transaction, run: Run, number: int, signed: CityCertificate) -> dict[str, dict[str, int]] | None:
    """The cutoffs of a certificate: None unless the city signed such a table for this very pass and weights."""
    partner = tx.node.partners.get(signed.city)
    if partner is None and signed.city != tx.node.id:
        return None
    keys = partner.jwks if partner else tx.node.signer.jwks
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


async def offer_places(tx: Transaction, run: Run, number: int) -> None:
    """Holds an introduction (介绍) for everybody placed; of a couple that goes only together, not for one alone."""
    side = await outcome_of(tx, run, number)
    if side is None:
        return
    ids, apart = await run_inputs.list_person_ids(tx, run.run), await run_inputs.list_residue(tx, run.run, number)
    placed = {
        name: place
        for name, place in places_among(side).items()
        if place.vacancy and not apart.get(name, "").startswith("only")
    }
    declared = declared_by(await run_inputs.get_roster(tx, run.run, number), placed, side.run.weights)
    offering = {each.vacancy: side.offers.node_of(at) for at, each in enumerate(side.offers.vacancies)}
    places = [
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
    await propose_placed(tx, run.run, number, places, on=run.as_of, weights=run.weights)
