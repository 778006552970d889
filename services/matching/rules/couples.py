"""Couples (夫妻同往) share priority and choose one city together; a new pass from scratch follows each choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from services.matching.rules.choice import Cutoffs, admitted
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.results import Place
from services.matching.rules.scores import options
from services.matching.rules.weights import Weights

PASSES_MOST = 5
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a couple stands: on its own wishes (`city` None), set on one city, or out of the market."""

    city: str | None = None
    struck: tuple[str, ...] = ()
    final: bool = False
    out: bool = False


class Prospects(Protocol):
    """What couples look at when a pass is closed."""

    def bests(self, person: Person) -> Mapping[str, int]:
        """city -> utility of the best vacancy there that the last cutoffs leave open to a person."""


@dataclass(frozen=True)
class Outlook:
    """The prospects as they follow from the market and the last cutoffs."""

    vacancies: Mapping[str, Vacancy]
    cutoffs: Mapping[str, Cutoffs]
    weights: Weights
    seed: bytes

    def bests(self, person: Person) -> dict[str, int]:
        best: dict[str, int] = {}
        for each in options(person, self.vacancies.values(), self.weights, self.seed):
            if admitted(each.key, person.groups, self.cutoffs[each.vacancy]):
                best.setdefault(self.vacancies[each.vacancy].city, each.utility)
        return best


def pairs_of(people: Mapping[str, Person]) -> list[Pair]:
    """The couples: both name each other and have the same `together`; a partner without it means two singles."""
    return [
        (person.person, person.partner)
        for person in people.values()
        if person.partner and person.together and person.person < person.partner and _answers(person, people)
    ]


def _answers(person: Person, people: Mapping[str, Person]) -> bool:
    other = people.get(person.partner or "")
    return other is not None and other.partner == person.person and other.together == person.together


def shared_points(person: Person, partner: Person, weights: Weights) -> int:
    """What the partner's greater sum of group points and burden adds to a person's own."""
    own, other = (weights.points_of(each.groups) + each.burden for each in (person, partner))
    return max(0, other - own)


def declare(
    people: Mapping[str, Person], choices: Mapping[Pair, Choice], cities: Iterable[str], weights: Weights
) -> dict[str, Person]:
    """The facts of a pass: added points, other cities refused, partners gone; who left the market is not there."""
    declared = {name: replace(person, partner=None, together=None) for name, person in people.items()}
    for pair, choice in choices.items():
        for name, partner in (pair, pair[::-1]):
            if choice.out:
                del declared[name]
                continue
            points = shared_points(people[name], people[partner], weights)
            others = frozenset(cities) - {choice.city} if choice.city else frozenset()
            declared[name] = replace(declared[name], shared=points, refused=declared[name].refused | others)
    return declared


def review(
    people: Mapping[str, Person],
    choices: Mapping[Pair, Choice],
    places: Mapping[str, Place],
    prospects: Prospects,
    weights: Weights,
) -> dict[Pair, Choice]:
    """Every couple's choice after a pass; the same choices again mean that no couple asks for another pass."""
    wishes = wishes_of(people, choices, weights)
    return {pair: _next(people[pair[0]], pair, choice, wishes, places, prospects) for pair, choice in choices.items()}


def wishes_of(people: Mapping[str, Person], pairs: Iterable[Pair], weights: Weights) -> dict[str, Person]:
    """The facts of a pass in which couples follow each his own wishes."""
    return declare(people, {pair: Choice() for pair in pairs}, (), weights)


def _next(
    one: Person,
    pair: Pair,
    choice: Choice,
    wishes: Mapping[str, Person],
    places: Mapping[str, Place],
    prospects: Prospects,
) -> Choice:
    if choice.out or choice.final or (choice.city and _both_placed(pair, places)):
        return choice
    if choice.city and one.together == "preferred":
        return Choice(final=True)
    struck = (*choice.struck, choice.city) if choice.city else choice.struck
    city = best_city(wishes[pair[0]], wishes[pair[1]], struck, prospects)
    if city:
        return Choice(city=city, struck=struck)
    return Choice(struck=struck, out=True) if one.together == "only" else Choice(final=True)


def _both_placed(pair: Pair, places: Mapping[str, Place]) -> bool:
    return all(places[name].vacancy is not None for name in pair)


def best_city(one: Person, other: Person, struck: Iterable[str], prospects: Prospects) -> str | None:
    """The city in which the best admitted vacancies of the two are worth most together; equal: the lower code."""
    mine, theirs = prospects.bests(one), prospects.bests(other)
    common = (mine.keys() & theirs.keys()) - set(struck)
    return min(common, key=lambda city: (-(mine[city] + theirs[city]), city), default=None)


def unsettled(
    people: Mapping[str, Person], choices: Mapping[Pair, Choice], places: Mapping[str, Place]
) -> dict[str, str]:
    """Pseudonym -> case, for whom the passes did not suffice: `only_apart` (one placed), `only_unplaced`, `preferred_apart`."""
    cases: dict[str, str] = {}
    for pair, choice in choices.items():
        if choice.out or choice.final or (choice.city and _both_placed(pair, places)):
            continue
        cases.update(dict.fromkeys(pair, _case(people[pair[0]], pair, places)))
    return cases


def _case(one: Person, pair: Pair, places: Mapping[str, Place]) -> str:
    if one.together == "preferred":
        return "preferred_apart"
    return "only_apart" if any(places[name].vacancy for name in pair) else "only_unplaced"
