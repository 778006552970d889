"""Reserved openings (预留名额) when people are of several groups at once, and the lot that decides between equals."""

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.kernel.people_arrays import draw
from services.matching.reference.deferred_acceptance import match
from services.matching.rules.columns import TextColumn
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.scores import lottery, option
from tests.unit.matching.fast import Fast, fast
from tests.unit.matching.markets import A_PERSON, A_VACANCY, GROUPS, SEED, published_weights

WEIGHTS = published_weights()
groups = st.frozensets(st.sampled_from(GROUPS))
crowds = st.lists(st.tuples(groups, st.integers(0, 100)), max_size=20)
quotas = st.fixed_dictionaries({}, optional=dict.fromkeys(GROUPS, st.integers(0, 4)))


def crowd(kinds: list[tuple[frozenset[str], int]]) -> dict[str, Person]:
    named = ((f"p{at}", kind) for at, kind in enumerate(kinds))
    return {name: replace(A_PERSON, person=name, groups=own, burden=burden) for name, (own, burden) in named}


def filled(
    persons: dict[str, Person], reserved: dict[str, int], more: int
) -> tuple[Vacancy, Fast, dict[str, set[str]]]:
    """One vacancy for all of them: who sits on which seat type."""
    job = replace(A_VACANCY, openings=sum(reserved.values()) + more, reserved=reserved)
    found = fast(persons, {"v0": job}, WEIGHTS, SEED)
    seated = {seat: {name for name, place in found.places.items() if place.seat == seat} for seat in (*GROUPS, "open")}
    return job, found, seated


@settings(max_examples=100, deadline=None)
@given(crowds, quotas, st.integers(0, 4))
def test_reserved_openings_hold_the_strongest_members_and_none_stays_empty(
    kinds: list[tuple[frozenset[str], int]], reserved: dict[str, int], more: int
) -> None:
    persons = crowd(kinds)
    job, found, seated = filled(persons, reserved, more)
    key = {name: option(person, job, WEIGHTS, SEED).key for name, person in persons.items()}
    waiting = set(persons)
    for group in WEIGHTS.reserve_groups:
        members = sorted((name for name in waiting if group in persons[name].groups), key=key.__getitem__, reverse=True)
        assert seated[group] == set(members[: reserved.get(group, 0)])
        waiting -= seated[group]
    assert len(persons) - len(waiting - seated["open"]) == min(job.openings, len(persons))
    out = waiting - seated["open"]
    assert all(key[one] > key[other] for one in seated["open"] for other in out)
    assert {name for name, place in found.places.items() if place.vacancy is None} == out


TRIALS, RIVALS = 1_200, 6
# Chi-square with five degrees of freedom passes this once in ten thousand fair lotteries; the seeds below are always the same.
FAR = 25.7


def seeds() -> list[bytes]:
    random = Random(2017)
    return [random.randbytes(16) for _ in range(TRIALS)]


def distance(counts: list[int]) -> float:
    """Chi-square of counts that should all be equal."""
    due = sum(counts) / len(counts)
    return sum((count - due) ** 2 / due for count in counts)


def test_between_equals_everybody_wins_equally_often_over_the_seeds() -> None:
    persons, wins = crowd([(frozenset(), 0)] * RIVALS), dict.fromkeys((f"p{at}" for at in range(RIVALS)), 0)
    for seed in seeds():
        places = match(persons, {"v0": A_VACANCY}, WEIGHTS, seed).places
        wins[next(name for name, place in places.items() if place.vacancy)] += 1
    assert distance(list(wins.values())) < FAR


def test_every_order_of_three_lots_is_as_frequent_as_any_other_and_the_lots_fill_their_range() -> None:
    names = TextColumn(np.frombuffer(b"abc", np.uint8).copy(), np.arange(4, dtype=np.int64))
    orders: dict[tuple[int, ...], int] = {}
    tenths = [0] * 10
    for seed in seeds():
        drawn = draw(names, seed)
        lots = [int(each) >> 11 for each in drawn]
        assert lots == [lottery(seed, name) for name in "abc"]
        order = tuple(np.argsort(lots).tolist())
        orders[order] = orders.get(order, 0) + 1
        for lot in lots:
            tenths[lot * 10 >> 53] += 1
    assert len(orders) == 6
    assert distance(list(orders.values())) < FAR
    assert distance(tenths) < FAR + 8
