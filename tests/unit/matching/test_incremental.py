"""People who come between runs: going on from a kept run, or from its saved bytes, is a run from scratch with everybody."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching import files
from services.matching.files.columns import read_columns
from services.matching.files.outcomes import hash_of_columns, texts
from services.matching.kernel import match, prepare
from services.matching.kernel.incremental import (
    COUPLE_CAME,
    COUPLE_MOVED,
    GROUPS,
    NOBODY_YET,
    ExtendableRun,
    extend,
    match_extendable,
)
from services.matching.kernel.serialization import StateRefused, load, save
from services.matching.reference.deferred_acceptance import LotteryTied
from services.matching.rules.columns import People
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.weights import Weights
from tests.unit.matching import rich
from tests.unit.matching.markets import (
    A_PERSON,
    A_VACANCY,
    SEED,
    people,
    published_weights,
    sample,
    vacancies,
    with_couples,
)

WEIGHTS = published_weights()
many = settings(max_examples=80, deadline=None)
Persons, Jobs = dict[str, Person], dict[str, Vacancy]


def columns_of(persons: Persons, weights: Weights = WEIGHTS) -> People:
    return read_columns(files.write_people(persons.values()), weights)[0]


def kept_of(persons: Persons, jobs: Jobs, weights: Weights = WEIGHTS) -> ExtendableRun:
    return match_extendable(prepare(columns_of(persons), list(jobs.values()), weights, SEED, threads=1))


def assert_as_from_scratch(kept: ExtendableRun, persons: Persons, jobs: Jobs) -> None:
    """Everything that an outcome says, person by person, whatever the order in which they came."""
    scratch, found = match(prepare(columns_of(persons), list(jobs.values()), WEIGHTS, SEED, threads=1)), kept.outcome()
    everybody = kept.people().person
    rows = [list(persons).index(everybody[at]) for at in range(len(everybody))]
    for name in ("vacancy", "seat", "utility", "priority"):
        assert getattr(found, name).tolist() == getattr(scratch, name)[rows].tolist()
    assert found.cutoff.tolist() == scratch.cutoff.tolist()
    assert {rows[row]: case for row, case in found.residue.items()} == scratch.residue
    assert [part[rows].tolist() for part in vars(scratch.declared).values()] == [
        part.tolist() for part in vars(found.declared).values()
    ]
    assert (found.passes, found.seats) == (scratch.passes, scratch.seats)


def some(persons: Persons, names: list[str]) -> Persons:
    return {name: persons[name] for name in names}


def dealt(persons: Persons, random: Random, parts: int) -> list[Persons]:
    """Days on which people come; partners come together. Some day may bring nobody."""
    day = {name: random.randrange(parts) for name in persons}
    day |= {name: day[min(name, person.partner)] for name, person in persons.items() if person.partner}
    return [some(persons, [name for name in persons if day[name] == at]) for at in range(parts)]


@many
@given(rich.people(), rich.vacancies(), st.randoms(use_true_random=False), st.integers(2, 4))
def test_any_days_on_which_people_come_end_as_from_scratch(
    persons: Persons, jobs: Jobs, random: Random, parts: int
) -> None:
    """Kinds of people that nobody had before among them: occupations, counties, provinces, needs, groups, days, wages."""
    first, *later = dealt(persons, random, parts)
    kept = kept_of(first, jobs)
    for day in later:
        nobody = not kept.passes
        before = kept.outcome().vacancy
        added = extend(kept, columns_of(day))
        kept, after = added.run, added.run.outcome().vacancy
        assert added.from_scratch == (NOBODY_YET if nobody else "")
        if not nobody:
            came = np.concatenate([before, np.full(len(day), -1, np.int32)])
            assert sorted(added.moved.tolist()) == np.flatnonzero(came != after).tolist()
    assert_as_from_scratch(kept, persons, jobs)


@many
@given(
    people(),
    vacancies(),
    st.lists(st.sampled_from(("only", "preferred")), max_size=4),
    st.randoms(use_true_random=False),
)
def test_couples_are_where_a_run_from_scratch_puts_them(
    persons: Persons, jobs: Jobs, wishes: list[str], random: Random
) -> None:
    names = sorted(persons)
    couples = [(names[2 * at], names[2 * at + 1], wish) for at, wish in enumerate(wishes) if 2 * at + 1 < len(names)]
    married = with_couples(persons, couples)
    first, second = dealt(married, random, 2)
    added = extend(kept_of(first, jobs), columns_of(second))
    if any(person.partner for person in second.values()) and first:
        assert added.from_scratch == COUPLE_CAME
    assert added.from_scratch in ("", COUPLE_CAME, COUPLE_MOVED, NOBODY_YET)
    assert_as_from_scratch(added.run, married, jobs)


def test_couples_that_choose_as_before_need_no_run_from_scratch_and_others_get_one() -> None:
    why = set()
    for seed in range(60):
        persons, jobs = rich.crowd(Random(seed), 24), rich.offer(Random(seed), 6)
        old = with_couples(
            some(persons, list(persons)[:20]), [(f"p{2 * at}", f"p{2 * at + 1}", "only") for at in range(4)]
        )
        added = extend(kept_of(old, jobs), columns_of(some(persons, list(persons)[20:])))
        assert_as_from_scratch(added.run, {**persons, **old}, jobs)
        why |= {added.from_scratch} if len(added.run.passes) > 1 else set()
    assert why == {"", COUPLE_MOVED}


@many
@given(rich.people(), rich.vacancies(), st.randoms(use_true_random=False), st.booleans())
def test_saved_and_loaded_goes_on_as_if_it_had_been_kept(
    persons: Persons, jobs: Jobs, random: Random, married: bool
) -> None:
    names = sorted(persons)
    persons = with_couples(persons, [(names[0], names[1], "only")] if married and len(names) > 1 else [])
    first, second = dealt(persons, random, 2)
    kept = load(save(kept_of(first, jobs)), list(jobs.values()), WEIGHTS)
    assert_as_from_scratch(kept, first, jobs)
    added = extend(kept, columns_of(second))
    assert_as_from_scratch(added.run, persons, jobs)
    turned = dict(reversed(jobs.items()))
    assert_as_from_scratch(load(save(added.run), list(turned.values()), WEIGHTS), persons, turned)


def crowd_of(count: int, first: int = 0, **changes: object) -> Persons:
    return {f"p{at}": replace(A_PERSON, person=f"p{at}", **changes) for at in range(first, first + count)}  # type: ignore[arg-type]


JOBS = {name: replace(A_VACANCY, vacancy=name, openings=3, reserved={"disabled": 1}) for name in ("v0", "v1")}


def test_more_people_than_there_was_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.matching.kernel.incremental.LEAST_ROOM", 1)
    persons = rich.crowd(Random(3), 60)
    jobs = {name: replace(job, openings=job.openings + 40) for name, job in rich.offer(Random(4), 9).items()}
    kept = kept_of(some(persons, list(persons)[:10]), jobs)
    for at in range(10, 60, 5):
        added = extend(kept, columns_of(some(persons, list(persons)[at : at + 5])))
        assert not added.from_scratch
        kept = added.run
    assert_as_from_scratch(kept, persons, jobs)


def test_what_a_daily_batch_brings_needs_no_new_tables() -> None:
    persons = rich.crowd(Random(3), 400)
    kept = kept_of(some(persons, list(persons)[:390]), JOBS)
    assert not extend(kept, kept.people().taken(np.zeros(0, np.int64))).tables_rebuilt
    assert not extend(kept, columns_of(crowd_of(3, 400, age=61, wage_expected=9_999))).tables_rebuilt
    assert extend(kept, columns_of(crowd_of(3, 500, occupation="1-01"))).tables_rebuilt


def test_a_person_who_is_there_already_is_refused_and_nothing_changes() -> None:
    kept = kept_of(crowd_of(5), JOBS)
    before = kept.outcome()
    with pytest.raises(LotteryTied, match="p4 and p4"):
        extend(kept, columns_of(crowd_of(2, 4)))
    assert kept.outcome().vacancy.tolist() == before.vacancy.tolist()
    added = extend(kept, columns_of(crowd_of(2, 5)))
    assert added.run.count == 7
    with pytest.raises(LotteryTied, match="p6 and p6"):
        extend(added.run, columns_of(crowd_of(1, 6)))


@pytest.mark.parametrize("what", ["weights", "vacancies"])
def test_a_state_of_other_weights_or_vacancies_is_refused_by_name(what: str) -> None:
    saved = save(kept_of(crowd_of(5), JOBS))
    weights = replace(WEIGHTS, relatives=WEIGHTS.relatives - 1) if what == "weights" else WEIGHTS
    jobs = [replace(job, wage=job.wage + 10) if what == "vacancies" else job for job in JOBS.values()]
    with pytest.raises(StateRefused, match=f"other {what}"):
        load(saved, jobs, weights)
    with pytest.raises(StateRefused, match="no saved state"):
        load(saved[: len(saved) // 2], list(JOBS.values()), WEIGHTS)
    with pytest.raises(StateRefused, match="no saved state"):
        load(b"something else", list(JOBS.values()), WEIGHTS)


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_the_samples_people_come_on_three_days_and_have_their_published_hash(name: str) -> None:
    market = sample(name)
    days = dealt(market.people, Random(1), 3)
    jobs = list(market.vacancies.values())
    kept = match_extendable(prepare(columns_of(days[0], market.weights), jobs, market.weights, market.seed))
    for day in days[1:]:
        kept = extend(kept, columns_of(day, market.weights)).run
    assert (
        hash_of_columns(texts(kept.people().person), kept.outcome().vacancy, list(market.vacancies))
        == market.expected["hash"]
    )


def test_fellows_who_come_later_gather_as_if_they_had_been_there() -> None:
    persons = {
        name: replace(A_PERSON, person=name, fellows=group)
        for name, group in (("p1", None), ("p2", "village"), ("p3", "village"))
    }
    jobs = {
        name: replace(A_VACANCY, vacancy=name, city=city)
        for name, city in (("v1", "440300"), ("v2", "370100"), ("v3", "370100"))
    }
    kept = kept_of(some(persons, ["p1"]), jobs)
    added = extend(kept, columns_of(some(persons, ["p2", "p3"])))
    assert added.from_scratch == GROUPS
    assert_as_from_scratch(added.run, persons, jobs)
