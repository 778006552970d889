"""The largest county of an instance as its node would know it: lists of people and offers, and the cutoffs of a run over all."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import numpy as np

from libs.common.events.registry import Wish
from services.matching import kernel
from services.matching.operations.recommendations import LastRun, ListsRead, RecommendationIndex
from services.matching.rules.columns import person_at
from services.matching.rules.entry import Candidate
from services.matching.rules.facts import Person, Vacancy
from tests.bench.measure import Instance, read

DAY, RUN = date(2017, 3, 31), UUID(int=1)


def largest_county(folder: Path, county: str) -> tuple[RecommendationIndex, float]:
    """Its book, under the code of a county of ours, and the seconds of processor that it took to write, without reading the lists."""
    instance = read(folder)
    counted = np.bincount(instance.people.county.codes)
    rows = np.flatnonzero(instance.people.county.codes == counted.argmax()).tolist()
    seekers = [
        _candidate(person_at(instance.people, row, instance.weights, 0, ()), UUID(int=row + 1), county) for row in rows
    ]
    ids = {vacancy.vacancy: UUID(int=at + 1) for at, vacancy in enumerate(instance.vacancies)}
    offers: list[Any] = [_offer(vacancy, ids[vacancy.vacancy]) for vacancy in instance.vacancies]
    last = LastRun(RUN, instance.weights, instance.seed, _cutoffs(instance, ids), {})
    lists = ListsRead(county, (0,), DAY, seekers, {each.person: "花垣镇" for each in seekers}, offers, last)
    begun = time.process_time()
    return RecommendationIndex(lists), round(time.process_time() - begun, 2)


def _cutoffs(instance: Instance, ids: dict[str, UUID]) -> dict[str, dict[str, int]]:
    outcome = kernel.match(kernel.prepare(*instance))
    named = zip(instance.vacancies, outcome.cutoff.tolist(), strict=True)
    return {
        str(ids[vacancy.vacancy]): {
            seat: key
            for seat, key in zip(outcome.seats, keys, strict=True)
            if seat == "open" or vacancy.reserved.get(seat)
        }
        for vacancy, keys in named
    }


def _candidate(person: Person, name: UUID, county: str) -> Candidate:
    wish = Wish(
        visited=DAY,
        willing=True,
        occupation=person.occupation,
        experience=person.experience,
        certificates=tuple(person.certificates),
        restrictions=tuple(person.restrictions),
        accommodations=tuple(person.accommodations),
        wage_expected=person.wage_expected,
        wage_minimum=person.wage_reserve,
        available_from=person.available_from,
        destinations=person.destinations,
        elsewhere=person.elsewhere,
        refused=tuple(person.refused),
        relatives_city=person.relatives_city,
        needs=tuple(person.needs),
    )
    return Candidate(
        name, county, DAY - timedelta(days=366 * person.age + 1), person.education, person.groups, person.burden, wish
    )


def _offer(vacancy: Vacancy, name: UUID) -> SimpleNamespace:
    sets = {
        column: sorted(getattr(vacancy, column)) for column in ("certificates", "demands", "accommodations", "offers")
    }
    same = {
        column: getattr(vacancy, column)
        for column in (
            "city",
            "openings",
            "reserved",
            "occupation",
            "age_min",
            "age_max",
            "education_min",
            "wage",
            "starts_by",
            "experience_points",
        )
    }
    return SimpleNamespace(
        vacancy=name,
        title="电子组装工",
        employer_name="深圳某电子有限公司",
        wage_max=vacancy.wage + 800,
        openings_left=vacancy.openings,
        **same,
        **sets,
    )
