"""The machine code made ready: a market of one couple and two vacancies has every function compiled, or read from `.cache`."""

from __future__ import annotations

from datetime import date
from threading import Event

import numpy as np

from services.matching.kernel.federation import CitySide, CountySide, Offers
from services.matching.kernel.jit import mark_kept
from services.matching.kernel.passes import match, prepare
from services.matching.kernel.recommending import Recommender
from services.matching.rules.columns import CodedColumn, ListColumn, People, TextColumn
from services.matching.rules.facts import Vacancy
from services.matching.rules.weights import Weights

CITY, NODE, TRADE = "440300", "n440300", "6-18"


def warm_up(weights: Weights) -> None:
    """Takes up to a minute on a machine that has not seen these sources, a tenth of it later."""
    people, vacancies = _two_people(weights), [_vacancy("v1"), _vacancy("v2")]
    match(prepare(people, vacancies, weights, bytes(16), threads=1))
    Recommender(people, vacancies, weights, bytes(16), {}).rehearse()
    warm_up_sides(weights)
    mark_kept()


def warm_up_sides(weights: Weights) -> None:
    """What a node needs to take part in a pass; reading it takes a second or two once in a process."""
    people, offers = _two_people(weights), Offers.of({NODE: [_vacancy("v1"), _vacancy("v2")]})
    county, city = CountySide(people, offers, weights, bytes(16)), CitySide(offers.own(NODE), weights, bytes(16))
    city.hold(NODE, county.look()[NODE])
    county.hear(NODE, city.publish())
    county.look()
    county.bests(people)


_READY = Event()


def warm_up_sides_once(weights: Weights) -> None:
    """The same, if this process has not done it; the machine code is the same for all weights."""
    if not _READY.is_set():
        warm_up_sides(weights)
        _READY.set()


def _two_people(weights: Weights) -> People:
    def names(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        return np.zeros((max(1, -(-count // 8)), 2), np.uint8)

    none, both = ListColumn(np.zeros(3, np.int64), np.zeros(0, np.int32), ()), np.zeros(2, np.int32)
    return People(
        person=TextColumn(np.frombuffer(b"ab", np.uint8).copy(), np.arange(3, dtype=np.int64)),
        county=CodedColumn(both, ("433124",)),
        age=np.full(2, 30, np.int16),
        education=np.zeros(2, np.int8),
        occupation=CodedColumn(both, (TRADE,)),
        experience=np.zeros(2, np.int8),
        certificates=names(len(weights.certificates)),
        restrictions=names(len(weights.restrictions)),
        accommodations=names(len(weights.accommodations)),
        wage_expected=np.zeros(2, np.int64),
        wage_reserve=np.zeros(2, np.int64),
        available_from=both,
        destinations=none,
        elsewhere=np.zeros(2, np.int8),
        refused=none,
        relatives_city=CodedColumn(both - 1, ()),
        needs=names(len(weights.offers)),
        groups=names(len(weights.groups)),
        burden=np.zeros(2, np.int16),
        shared=np.zeros(2, np.int16),
        partner=np.array([1, 0], np.int32),
        together=np.zeros(2, np.int8),
    )


def _vacancy(name: str) -> Vacancy:
    nothing: frozenset[str] = frozenset()
    return Vacancy(name, CITY, 1, {}, TRADE, None, None, 0, nothing, nothing, nothing, 0, date(2017, 1, 1), nothing, 0)
