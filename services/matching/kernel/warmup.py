"""The machine code made ready: a market of one couple and two vacancies has every function compiled, or read from `.cache`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from threading import Event

import numpy as np

from services.matching.kernel.federation import CitySide, CountySide, Offers
from services.matching.kernel.jit import mark_kept
from services.matching.kernel.passes import match, prepare
from services.matching.kernel.recommending import Recommender
from services.matching.rules.columns import People, TextColumn
from services.matching.rules.facts import Vacancy
from services.matching.rules.weights import Weights

_READY = Event()
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
    _READY.set()


def sides_are_warm() -> bool:
    """Whether this process has done it; the machine code is the same for all weights."""
    return _READY.is_set()


def _two_people(weights: Weights) -> People:
    """A couple."""
    ids = TextColumn(np.frombuffer(b"ab", np.uint8).copy(), np.arange(3, dtype=np.int64))
    plain = People.plain(ids, weights, "433124", TRADE)
    return replace(
        plain, age=np.full(2, 30, np.int16), partner=np.array([1, 0], np.int32), together=np.zeros(2, np.int8)
    )


def _vacancy(name: str) -> Vacancy:
    nothing: frozenset[str] = frozenset()
    return Vacancy(name, CITY, 1, {}, TRADE, None, None, 0, nothing, nothing, nothing, 0, date(2017, 1, 1), nothing, 0)
