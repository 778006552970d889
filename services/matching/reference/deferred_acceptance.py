"""Deferred acceptance (延迟接受) in one place: people propose, vacancies hold the best, until nobody moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.matching.reference.city import CityPass
from services.matching.reference.county import CountyPass
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.results import Place
from services.matching.rules.scores import lottery
from services.matching.rules.weights import Weights


class LotteryTied(ValueError):
    """Two people drew the same lot: the run is refused and a new seed is drawn."""


@dataclass(frozen=True)
class Matching:
    """The outcome of one pass: a place for everybody (perhaps none), the cutoffs, and how it came about."""

    places: Mapping[str, Place]
    cutoffs: Mapping[str, Mapping[str, int]]
    rounds: int
    refused: int
    displaced: int


@dataclass
class MatchingTally:
    rounds: int = 0
    refused: int = 0
    displaced: int = 0


def match(people: Mapping[str, Person], vacancies: Mapping[str, Vacancy], weights: Weights, seed: bytes) -> Matching:
    """The labourer-optimal stable matching of declared facts; couples are treated as singles (see couples)."""
    refuse_ties(people, seed)
    county = CountyPass(people, vacancies, weights, seed)
    city = CityPass(vacancies, weights, seed)
    tally = MatchingTally()
    cards = county.propose(people)
    while cards:
        answer = city.hold(cards)
        tally.rounds += 1
        tally.refused += len(answer.refused)
        tally.displaced += len(answer.displaced)
        cards = county.hear(answer.raised)
    return Matching(county.places(), city.cutoffs, tally.rounds, tally.refused, tally.displaced)


def refuse_ties(people: Mapping[str, Person], seed: bytes) -> None:
    """Raises LotteryTied if two people have the same lot (about 3e-5 at 760,000 people)."""
    lots: dict[int, str] = {}
    for person in people:
        other = lots.setdefault(lottery(seed, person), person)
        if other != person:
            raise LotteryTied(f"{other} and {person} drew the same lot")
