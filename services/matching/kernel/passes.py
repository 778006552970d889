"""All passes of a run over columns: match, let couples (夫妻同往) and fellows (同村结伴) choose, match again, at most five times."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from services.matching.kernel.array_types import (
    I8,
    I16,
    I32,
    I64,
    NEVER,
    U64,
    PassState,
    PeopleArrays,
    VacancyArrays,
    scratch_for,
)
from services.matching.kernel.batched_deferred_acceptance import DeferredAcceptance, RoundTally, Tell
from services.matching.kernel.couples import CityChoice, Couples
from services.matching.kernel.encodings import Classes, classes_of
from services.matching.kernel.fellows import Fellows
from services.matching.kernel.people_arrays import DeclaredColumns, build_people_arrays, draw, refuse_ties
from services.matching.kernel.scoring import city_bests, read_places
from services.matching.kernel.state import empty_state
from services.matching.kernel.vacancy_arrays import Scales, lay_out, scales_of
from services.matching.rules.columns import People
from services.matching.rules.couples import PASSES_MOST
from services.matching.rules.facts import Vacancy
from services.matching.rules.weights import Weights


@dataclass(frozen=True)
class Outcome:
    """What a run came to. Columns have an entry for each person in file order, -1 without a place.

    `vacancy` is a row of the vacancies, `seat` a number in `seats`; `cutoff` has shape (vacancies, seats).
    """

    vacancy: I32
    seat: I8
    utility: I16
    priority: I16
    seats: tuple[str, ...]
    cutoff: I64
    passes: int
    residue: dict[int, str]
    declared: DeclaredColumns
    tally: RoundTally = field(default_factory=RoundTally)


@dataclass
class PreparedMarket:
    """The facts of a run, prepared: what all passes share. `prepare` makes it, `match` plays it."""

    people: People
    vacancies: Sequence[Vacancy]
    weights: Weights
    seed: bytes
    drawn: U64
    classes: Classes
    scales: Scales
    market: VacancyArrays
    rows: I32
    couples: Couples
    threads: int
    batch: int | None = None
    fellows: Fellows = field(default_factory=lambda: Fellows([]))

    @property
    def placed(self) -> list[Vacancy]:
        """The vacancies in the order of their positions."""
        return [self.vacancies[row] for row in self.rows]

    @property
    def in_company(self) -> bool:
        """Whether anybody wishes to go with somebody else, so that one pass may not be enough."""
        return bool(self.couples) or bool(self.fellows)

    def declare(self) -> DeclaredColumns:
        return self.fellows.declare(self.couples.declare())

    def crowd(self, declared: DeclaredColumns) -> tuple[PeopleArrays, I32]:
        return build_people_arrays(
            self.people, self.drawn, self.classes, declared, self.market, self.scales, self.weights, self.threads
        )

    def state(self, count: int) -> PassState:
        return empty_state(self.market, self.placed, self.classes.kinds, count, self.weights.reserve_groups)


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def prepare(
    people: People,
    vacancies: Sequence[Vacancy],
    weights: Weights,
    seed: bytes,
    threads: int | None = None,
    batch: int | None = None,
) -> PreparedMarket:
    """Lots, classes and tables; raises LotteryTied if two people drew the same lot."""
    drawn = draw(people.person, seed)
    refuse_ties(people.person, drawn)
    classes = classes_of(people, weights)
    scales = scales_of(vacancies)
    market, rows = lay_out(vacancies, classes.kinds, scales, weights, seed)
    couples, fellows = Couples.of(people, classes), Fellows.of(people)
    return PreparedMarket(
        people,
        vacancies,
        weights,
        seed,
        drawn,
        classes,
        scales,
        market,
        rows,
        couples,
        threads or processors(),
        batch,
        fellows,
    )


@dataclass
class PlayedPass:
    """One pass as it ended: what was declared in it, by which choices of couples, and who sits where.

    Person i of the crowd is row `order[i]` of the file; columns may be longer than `count`, what lies behind is nobody's.
    """

    number: int
    declared: DeclaredColumns
    choices: list[CityChoice]
    crowd: PeopleArrays
    order: I32
    state: PassState
    count: int
    tally: RoundTally
    residue: dict[int, str] = field(default_factory=dict)
    # Of a pass that goes on: the next best of everybody, and where everybody was last known to sit.
    later: I32 | None = None
    known: I32 | None = None


def match(run: PreparedMarket, tell: Tell = lambda text: None) -> Outcome:
    """The labourer-optimal stable matching of the facts declared in the last pass. Source: matching v1, sections 5 and 6, and decision 0012."""
    if not len(run.people) or not run.vacancies:
        return nobody(run)
    [last] = deque(play(run, tell), maxlen=1)
    return outcome_of(run, last, len(run.people))


def play(run: PreparedMarket, tell: Tell = lambda text: None) -> Iterator[PlayedPass]:
    """Each pass when it is over; there are people and vacancies."""
    with ThreadPoolExecutor(run.threads) as pool:
        for number in range(1, PASSES_MOST + 1):
            declared, choices = run.declare(), run.couples.choices
            crowd, order = run.crowd(declared)
            state = run.state(len(order))
            waves = DeferredAcceptance(run.market, crowd, state, pool, run.threads, run.batch)
            waves.settle(np.arange(len(order), dtype=np.int32), _in_pass(tell, number, run.in_company))
            played = PlayedPass(number, declared, choices, crowd, order, state, len(order), waves.tally)
            moved = review(run, run.couples, run.fellows, played)
            yield played
            if not moved:
                return


def review(run: PreparedMarket, couples: Couples, fellows: Fellows, played: PlayedPass) -> bool:
    """Lets couples and fellows choose again after a pass; whether another one follows. After the last one the unsettled are its residue."""
    if not couples and not fellows:
        return False
    cities = _cities(run, rows_held(run, played, len(couples.shared)))
    moved = [couples.review(cities, _bests(run, played)), fellows.review(cities)]
    last = played.number == PASSES_MOST
    played.residue = couples.unsettled(cities) | fellows.unsettled(cities) if any(moved) and last else {}
    return any(moved) and not last


def _in_pass(tell: Tell, number: int, of_several: bool) -> Tell:
    return (lambda text: tell(f"Pass {number}, {text[:1].lower()}{text[1:]}")) if of_several else tell


def rows_held(run: PreparedMarket, played: PlayedPass, count: int) -> I32:
    """Row of the vacancy that each of `count` people holds, by row of the person."""
    position = played.state.held[: played.count]
    vacancy = np.where(position >= 0, run.rows[run.market.vacancy[position]], -1)
    return _by_row(vacancy, played.order[: played.count], count, np.int32)


def outcome_of(run: PreparedMarket, played: PlayedPass, count: int) -> Outcome:
    """What a run of `count` people came to, by its last pass."""
    room = len(played.crowd.lottery)
    utility, priority, seat = np.empty(room, np.int16), np.empty(room, np.int16), np.empty(room, np.int8)
    read_places(run.market, played.crowd, played.state, scratch_for(run.market), utility, priority, seat)
    cutoff = np.empty_like(played.state.cutoff)
    cutoff[run.rows] = played.state.cutoff
    by_row = partial(_by_row, order=played.order[: played.count], count=count)
    return Outcome(
        vacancy=rows_held(run, played, count),
        seat=by_row(seat, kind=np.int8),
        utility=by_row(utility, kind=np.int16),
        priority=by_row(priority, kind=np.int16),
        seats=run.weights.seats,
        cutoff=cutoff,
        passes=played.number,
        residue=played.residue,
        declared=played.declared,
        tally=played.tally,
    )


def _by_row(values: npt.NDArray[np.integer], order: I32, count: int, kind: type) -> npt.NDArray[Any]:
    spread: npt.NDArray[Any] = np.full(count, -1, kind)
    spread[order] = values[: len(order)]
    return spread


def _cities(run: PreparedMarket, vacancy: I32) -> I16:
    """City numbers of everybody's place, -1 without one."""
    cities = sorted({each.city for each in run.vacancies})
    number = np.array([*(cities.index(each.city) for each in run.vacancies), -1], np.int16)
    return number[vacancy]


def _bests(run: PreparedMarket, played: PlayedPass) -> Callable[[I32], I16]:
    """By file rows of people: utility of the best admitted vacancy in each city, by their own wishes."""
    order, chosen = played.order[: played.count], played.crowd.only_city

    def bests(people: I32) -> I16:
        where = np.full(int(order.max()) + 1, -1, np.int32)
        where[order] = np.arange(len(order))
        who = where[people]
        declared = chosen[who]
        chosen[who] = -1
        found = np.empty((len(who), run.market.numbers.cities), np.int16)
        city_bests(run.market, played.crowd, played.state, scratch_for(run.market), who, found)
        chosen[who] = declared
        return found

    return bests


def nobody(run: PreparedMarket) -> Outcome:
    """No people or no vacancies: nobody sits, and what is open is open."""
    groups = run.weights.reserve_groups
    cutoff = [
        [*(0 if each.reserved.get(group, 0) else NEVER for group in groups), 0 if each.openings else NEVER]
        for each in run.vacancies
    ]
    none = np.full(len(run.people), -1)
    return Outcome(
        none.astype(np.int32),
        none.astype(np.int8),
        none.astype(np.int16),
        none.astype(np.int16),
        run.weights.seats,
        np.array(cutoff, np.int64).reshape(len(cutoff), len(groups) + 1),
        1,
        {},
        run.declare(),
    )
