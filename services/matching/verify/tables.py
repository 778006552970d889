"""Facts and weights as the verifier's loop reads them: straight from the columns, in file order, all whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from siphash24 import siphash24

from services.matching.rules.columns import Bytes, ListColumn, People
from services.matching.rules.facts import TOGETHER, Vacancy
from services.matching.rules.weights import Fit, Weights
from services.matching.verify.pairs import I64, Folk, Formula, Jobs

EPOCH = 719_163
NEVER = 2**63 - 1


def draw(seed: bytes, name: str) -> int:
    """The 53 bits of the lottery and, below them, the five of the spread."""
    h = int.from_bytes(siphash24(name.encode(), key=seed).digest(), "little")
    return h >> 11 << 5 | h & 31


def jobs_of(vacancies: Sequence[Vacancy], cities: Sequence[str], weights: Weights, seed: bytes) -> Jobs:
    trades = trades_of(vacancies)
    rank = {name: at for at, name in enumerate(sorted(vacancy.vacancy for vacancy in vacancies))}
    names = [
        (weights.certificates, "certificates"),
        (weights.restrictions, "demands"),
        (weights.accommodations, "accommodations"),
    ]
    asked = [
        row
        for known, column in names
        for row in _eights(known, [_asked(vacancy, column, known) for vacancy in vacancies])
    ]

    def numbers(column: str, missing: int = 0) -> I64:
        return np.array(
            [missing if getattr(each, column) is None else getattr(each, column) for each in vacancies], np.int64
        )

    return Jobs(
        np.array([cities.index(each.city) for each in vacancies], np.int64),
        np.array([trades.index(each.occupation) for each in vacancies], np.int64),
        numbers("age_min"),
        numbers("age_max", 999),
        numbers("education_min"),
        numbers("wage"),
        np.array([each.starts_by.toordinal() - EPOCH for each in vacancies], np.int64),
        numbers("experience_points"),
        np.array([[name in each.offers for each in vacancies] for name in weights.offers], np.uint8).reshape(
            len(weights.offers), len(vacancies)
        ),
        np.array(asked, np.uint8).reshape(len(asked), len(vacancies)),
        np.array([draw(seed, each.vacancy) & 31 for each in vacancies], np.int64),
        np.array([rank[each.vacancy] for each in vacancies], np.int64),
        np.full((len(vacancies), len(weights.reserve_groups) + 1), NEVER, np.int64),
    )


def trades_of(vacancies: Sequence[Vacancy]) -> list[str]:
    return sorted({each.occupation for each in vacancies})


def _asked(vacancy: Vacancy, column: str, known: Sequence[str]) -> frozenset[str]:
    names: frozenset[str] = getattr(vacancy, column)
    return frozenset(known) - names if column == "accommodations" else names


def _eights(known: Sequence[str], sets: Sequence[frozenset[str]]) -> list[list[int]]:
    parts = [known[first : first + 8] for first in range(0, max(1, len(known)), 8)]
    return [[sum(1 << at for at, name in enumerate(part) if name in one) for one in sets] for part in parts]


def folk_of(
    people: People, vacancies: Sequence[Vacancy], cities: Sequence[str], weights: Weights, seed: bytes, held: I64
) -> Folk:
    own = points_of(people, weights)
    known = {city: number for number, city in enumerate(cities)}
    shared, only_city, skip = _couples(people, own, vacancies, known, held)
    provinces = sorted({city[:2] for city in cities})
    home = np.array(
        [*(provinces.index(county[:2]) if county[:2] in provinces else -1 for county in people.county.names), -1],
        np.int64,
    )
    number = np.int64
    return Folk(
        people.county.codes.astype(number),
        people.age.astype(number),
        people.education.astype(number),
        people.occupation.codes.astype(number),
        people.experience.astype(number),
        people.wage_expected,
        people.wage_reserve,
        people.available_from.astype(number),
        _flags(people.needs, len(weights.offers)),
        np.concatenate([~people.certificates, people.restrictions, people.accommodations]),
        own + shared,
        _seats(people.groups, weights),
        np.array([draw(seed, people.person[at]) for at in range(len(people))], number),
        people.elsewhere.astype(number),
        home[people.county.codes],
        _numbered(people.relatives_city.names, known)[people.relatives_city.codes],
        only_city,
        people.destinations.offsets,
        _cities(people.destinations, known),
        people.refused.offsets,
        _cities(people.refused, known),
        held,
        skip,
    )


def points_of(people: People, weights: Weights) -> I64:
    """Group points and burden."""
    points = people.burden.astype(np.int64)
    for flags, name in zip(_flags(people.groups, len(weights.groups)), sorted(weights.groups), strict=True):
        points += flags.astype(np.int64) * weights.group_points.get(name, 0)
    return points


def _flags(sets: Bytes, count: int) -> Bytes:
    return np.array([sets[at // 8] >> np.uint8(at % 8) & np.uint8(1) for at in range(count)], np.uint8).reshape(
        count, sets.shape[1]
    )


def _seats(groups: Bytes, weights: Weights) -> I64:
    """A bit for each reserve group that a person is of, in the order of the list, and one for open seats."""
    names = sorted(weights.groups)
    flags = _flags(groups, len(names))
    seats = np.full(groups.shape[1], 1 << len(weights.reserve_groups), np.int64)
    for at, name in enumerate(weights.reserve_groups):
        seats |= flags[names.index(name)].astype(np.int64) << at
    return seats


def _couples(
    people: People, own: I64, vacancies: Sequence[Vacancy], known: dict[str, int], held: I64
) -> tuple[I64, I64, npt.NDArray[np.uint8]]:
    """What couples and groups declared, as far as a result shows it: shared points; one city, if all are there; who is out."""
    shared, only_city = people.shared.astype(np.int64), np.full(len(people), -1, np.int64)
    skip = np.zeros(len(people), np.uint8)
    city = [known[each.city] for each in vacancies]
    for one in np.flatnonzero((people.partner >= 0) & (people.together >= 0)).tolist():
        other = int(people.partner[one])
        shared[one] = max(0, int(own[other] - own[one]))
        mine, theirs = (city[held[row]] if held[row] >= 0 else -1 for row in (one, other))
        if mine >= 0 and mine == theirs:
            only_city[one] = mine
        elif TOGETHER[people.together[one]] == "only":
            skip[one] = 1
    _gather(people, np.array([*city, -1], np.int64)[held], only_city)
    return shared, only_city, skip


def _gather(people: People, city: I64, only_city: I64) -> None:
    """A group of fellow villagers that is all in one city may have declared it; of couples neither is of a group."""
    if people.fellows is None:
        return
    members: dict[int, list[int]] = {}
    for row in np.flatnonzero((people.fellows.codes >= 0) & ~((people.partner >= 0) & (people.together >= 0))).tolist():
        members.setdefault(int(people.fellows.codes[row]), []).append(row)
    for rows in members.values():
        if len(rows) > 1 and len(set(city[rows].tolist())) == 1:
            only_city[rows] = city[rows]


def _numbered(names: Sequence[str], known: dict[str, int]) -> I64:
    return np.array([*(known.get(name, -1) for name in names), -1], np.int64)


def _cities(lists: ListColumn, known: dict[str, int]) -> I64:
    """Cities outside the run are told apart by numbers below -1, so that none is taken for the same city named again."""
    names = np.array([*(known.get(name, -2 - at) for at, name in enumerate(lists.names)), -1], np.int64)
    return names[lists.codes]


def formula_of(people: People, vacancies: Sequence[Vacancy], cities: Sequence[str], weights: Weights) -> Formula:
    counties, shape = people.county.names, (len(people.county.names), len(cities))
    provinces = sorted({city[:2] for city in cities})
    trades, known = trades_of(vacancies), people.occupation.names
    near = [[weights.closeness.get(county, {}).get(city, 0) for city in cities] for county in counties]
    agreed = [
        [weights.agreement if (county, city) in weights.agreements else 0 for city in cities] for county in counties
    ]
    single = (
        weights.numerator,
        weights.denominator,
        weights.half_span // 10,
        weights.relatives,
        weights.extra,
        weights.education_step,
        weights.education_cap,
    )
    return Formula(
        np.array(near, np.int64).reshape(shape),
        np.array(agreed, np.int64).reshape(shape),
        np.array([provinces.index(city[:2]) for city in cities], np.int64),
        _fit(known, trades, weights.occupation_utility, weights),
        _fit(known, trades, weights.occupation_priority, weights),
        np.array(list(weights.offers.values()), np.int64),
        np.array(weights.destination, np.int64),
        np.array(single, np.int64),
    )


def _fit(own: Sequence[str], trades: Sequence[str], fit: Fit, weights: Weights) -> I64:
    def points(mine: str, theirs: str) -> int:
        floor = fit.general_floor if theirs == weights.general_occupation else 0
        near = fit.major if mine.split("-")[0] == theirs.split("-")[0] else fit.other
        return max(floor, fit.same if mine == theirs else near)

    return np.array([[points(mine, theirs) for theirs in trades] for mine in own], np.int64).reshape(
        len(own), len(trades)
    )
