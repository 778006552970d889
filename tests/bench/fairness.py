"""What fairness costs and gives, measured: `python -m tests.bench.fairness price|exact|reserves|couples FOLDER` prints JSON.

`price`: the bound by shadow prices and what share of it the stable result reaches. `exact`: the greatest sum by ortools'
flow on whole lists. `reserves`: each reserve group's placement with the vacancies' reserved openings and without any.
`couples`: what becomes of couples, and how many places fewer there are than if all were two people on their own.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from services.matching import kernel
from services.matching.kernel.passes import Outcome
from services.matching.rules.columns import Claimed
from services.matching.rules.facts import TOGETHER, Vacancy
from services.matching.verify import complaints, verify
from tests.bench.measure import Instance, floor, memory_mb, peak_mb, read

Figures = dict[str, Any]
# Hundredths of all openings.
DEALT = {"disabled": 1, "zero_employment": 25, "older_or_low_schooled": 4}
Flags = npt.NDArray[np.bool_]


def price(instance: Instance) -> Figures:
    """`floor_seconds`: everybody looks once at an empty market and applies once; a round of prices is one look."""
    kernel.warm_up(instance.weights)
    run = kernel.prepare(*instance)
    begun = time.monotonic()
    outcome = kernel.match(run)
    matched_in = time.monotonic() - begun
    reached, before = _points(outcome), memory_mb()
    begun, spent = time.monotonic(), time.process_time()
    found = kernel.dual_upper_bound(run)
    seconds, spent = time.monotonic() - begun, time.process_time() - spent
    return {
        "people": len(instance.people),
        "vacancies": len(instance.vacancies),
        "openings": _openings(instance),
        "matched": _matched(outcome),
        "bound": found.bound,
        "reached": reached,
        "share": round(reached / max(1, found.bound), 4),
        "rounds": found.rounds,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(spent, 3),
        "peak_mb": round(peak_mb() - before),
        "match_seconds": round(matched_in, 3),
        "floor_seconds": round(floor(run)[0], 3),
        "proved": kernel.bound_at(run, found.price) == found.bound,
    }


def exact(instance: Instance) -> Figures:
    if importlib.util.find_spec("ortools") is None:
        return {"missing": ".venv/bin/python -m pip install 'ortools>=9.12'"}
    kernel.warm_up(instance.weights)
    run, before = kernel.prepare(*instance), memory_mb()
    begun, spent = time.monotonic(), time.process_time()
    found = kernel.max_weight_assignment(run)
    seconds, spent, peak = time.monotonic() - begun, time.process_time() - spent, peak_mb() - before
    wronged = complaints(*instance, found.vacancy.astype(np.int64))
    return {
        "points": found.points,
        "placed": int((found.vacancy >= 0).sum()),
        "people_in_blocking_pairs": wronged.people,
        "blocking_pairs": wronged.pairs,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(spent, 3),
        "peak_mb": round(peak),
    }


def reserves(instance: Instance) -> Figures:
    """`drawn`: as the generator reserves, rounded down in each vacancy; `dealt`: 30 % of all openings, by DEALT."""
    bare = instance._replace(vacancies=[replace(vacancy, reserved={}) for vacancy in instance.vacancies])
    dealt = instance._replace(vacancies=deal(instance.vacancies, DEALT))
    without = kernel.match(kernel.prepare(*bare))
    return {
        "people": len(instance.people),
        "vacancies": len(instance.vacancies),
        "openings": _openings(instance),
        "matched_without": _matched(without),
        "blocking_pairs_without": _blocking(bare, without),
        "dealt": _reserved(dealt, without),
        "drawn": _reserved(instance, without),
    }


def deal(vacancies: list[Vacancy], hundredths: dict[str, int]) -> list[Vacancy]:
    """Openings reserved so that they add up over the vacancies: what one is too small for falls to the next."""
    offered, given, dealt = 0, dict.fromkeys(hundredths, 0), []
    for vacancy in vacancies:
        offered, left, reserved = offered + vacancy.openings, vacancy.openings, {}
        for group, share in hundredths.items():
            reserved[group] = min(left, offered * share // 100 - given[group])
            given[group], left = given[group] + reserved[group], left - reserved[group]
        dealt.append(replace(vacancy, reserved=reserved))
    return dealt


def _reserved(instance: Instance, without: Outcome) -> Figures:
    outcome = kernel.match(kernel.prepare(*instance))
    reserved = {
        name: sum(vacancy.reserved.get(name, 0) for vacancy in instance.vacancies)
        for name in instance.weights.reserve_groups
    }
    members = {name: _members(instance, name) for name in reserved}
    return {
        "share": round(sum(reserved.values()) / _openings(instance), 3),
        "groups": {name: {"reserved": reserved[name], **_rise(members[name], without, outcome)} for name in reserved},
        "of_no_group": _rise(~np.any(list(members.values()), axis=0), without, outcome),
        "matched": _matched(outcome),
        "blocking_pairs": _blocking(instance, outcome),
    }


def _members(instance: Instance, group: str) -> Flags:
    at = sorted(instance.weights.groups).index(group)
    return (instance.people.groups[at // 8] >> np.uint8(at % 8) & np.uint8(1)).astype(bool)


def _rise(members: Flags, without: Outcome, with_them: Outcome) -> Figures:
    """Placed, of those who are meant, in hundredths."""
    before, after = (100 * float((each.vacancy[members] >= 0).mean()) for each in (without, with_them))
    return {
        "people": int(members.sum()),
        "without": round(before, 2),
        "with": round(after, 2),
        "rise": round(after - before, 2),
    }


def couples(instance: Instance) -> Figures:
    people = instance.people
    outcome = kernel.match(kernel.prepare(*instance))
    alone = instance._replace(people=people.taken(np.arange(len(people))))
    singles = kernel.match(kernel.prepare(*alone))
    one = np.flatnonzero(people.partner > np.arange(len(people)))
    kinds = {
        kind: _together(instance, outcome, one[people.together[one] == number]) for number, kind in enumerate(TOGETHER)
    }
    return {
        "people": len(people),
        "couples": len(one),
        "passes": outcome.passes,
        **kinds,
        "together_by_chance": _together(instance, singles, one)["same_city"],
        "residue": len(outcome.residue) // 2,
        "residue_share": round(len(outcome.residue) / 2 / len(one), 4),
        "matched": _matched(outcome),
        "matched_as_singles": _matched(singles),
        "seats_lost_share": round(1 - _matched(outcome) / _matched(singles), 5),
        "blocking_pairs": _blocking(instance, outcome),
    }


def _together(instance: Instance, outcome: Outcome, one: npt.NDArray[np.integer]) -> dict[str, int]:
    """Couples by what they got: both in one city, both in two, one of them, none."""
    city = np.array([*(int(vacancy.city) for vacancy in instance.vacancies), -1])
    mine, theirs = city[outcome.vacancy[one]], city[outcome.vacancy[instance.people.partner[one]]]
    both, none = (mine >= 0) & (theirs >= 0), (mine < 0) & (theirs < 0)
    counts = {
        "couples": mine >= -1,
        "same_city": both & (mine == theirs),
        "apart": both & (mine != theirs),
        "one": ~both & ~none,
        "none": none,
    }
    return {name: int(where.sum()) for name, where in counts.items()}


def _openings(instance: Instance) -> int:
    return sum(vacancy.openings for vacancy in instance.vacancies)


def _matched(outcome: Outcome) -> int:
    return int((outcome.vacancy >= 0).sum())


def _points(outcome: Outcome) -> int:
    return int(outcome.utility[outcome.vacancy >= 0].sum(dtype=np.int64))


def _blocking(instance: Instance, outcome: Outcome) -> int | None:
    columns = [getattr(outcome, name).astype(np.int64) for name in ("vacancy", "seat", "utility", "priority")]
    return verify(
        *instance, Claimed(np.arange(len(instance.people)), *columns), frozenset(outcome.residue)
    ).blocking_pairs


MEASURES: dict[str, Callable[[Instance], Figures]] = {
    "price": price,
    "exact": exact,
    "reserves": reserves,
    "couples": couples,
}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](read(Path(sys.argv[2])))))
