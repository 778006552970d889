"""A pass between counties and cities is the central one: for any partition, order, repetition and delay of its messages."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching import files
from services.matching.files.columns import read_columns
from services.matching.kernel import match, prepare
from services.matching.kernel.federation import CitySide, CountySide
from services.matching.reference.deferred_acceptance import match as plain_match
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.freezing import closed
from services.matching.rules.results import hash_of
from tests.bench.federation import Federation, Message, play_at_random, play_rounds
from tests.bench.measure import Instance, digest
from tests.unit.matching.markets import SEED, people, published_weights, vacancies

WEIGHTS = published_weights()
many = settings(max_examples=60, deadline=None)


def instance_of(persons: dict[str, Person], jobs: dict[str, Vacancy]) -> Instance:
    columns, _ = read_columns(files.write_people(persons.values()), WEIGHTS)
    return Instance(columns, list(jobs.values()), WEIGHTS, SEED)


def nodes_of(instance: Instance, random: Random, counties: int) -> Federation:
    """People dealt out to counties at random, whatever their home; some county may have none."""
    names = tuple(f"n{number}" for number in range(counties))
    return Federation.of(
        instance, np.array([random.randrange(counties) for _ in range(len(instance.people))], np.int64), names
    )


def assert_central(nodes: Federation, instance: Instance, persons: dict[str, Person], jobs: dict[str, Vacancy]) -> None:
    found = digest(instance, nodes.places())
    assert found == digest(instance, match(prepare(*instance)).vacancy)
    assert found == hash_of(plain_match(persons, jobs, WEIGHTS, SEED).places.values())
    assert nodes.is_over()


@many
@given(people(), vacancies(), st.randoms(use_true_random=False), st.integers(1, 4))
def test_rounds_of_any_partition_give_the_central_result(
    persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random, counties: int
) -> None:
    instance = instance_of(persons, jobs)
    nodes = nodes_of(instance, random, counties)
    play_rounds(nodes)
    assert_central(nodes, instance, persons, jobs)


@many
@given(people(), vacancies(), st.randoms(use_true_random=False), st.integers(1, 4), st.floats(0, 1), st.floats(0, 0.9))
def test_any_order_repetition_and_delay_give_the_central_result(
    persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random, counties: int, twice: float, acts: float
) -> None:
    instance = instance_of(persons, jobs)
    nodes = nodes_of(instance, random, counties)
    play_at_random(nodes, random, twice, acts, look_over=1)
    assert_central(nodes, instance, persons, jobs)


@many
@given(people(), vacancies(), st.randoms(use_true_random=False), st.integers(0, 40))
def test_a_vacancy_withdrawn_at_any_moment_gives_the_result_of_the_market_without_it(
    persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random, turns: int
) -> None:
    instance = instance_of(persons, jobs)
    nodes = nodes_of(instance, random, 2)
    for _ in range(turns):
        _deliver_all(nodes, random)
    name = random.choice(sorted(jobs))
    city = nodes.cities[jobs[name].city]
    city.close(next(row for row, each in enumerate(city.run.vacancies) if each.vacancy == name))
    play_at_random(nodes, random, look_over=1)
    left = jobs | {name: closed(jobs[name])}
    assert digest(instance, nodes.places()) == hash_of(plain_match(persons, left, WEIGHTS, SEED).places.values())


def _deliver_all(nodes: Federation, random: Random) -> None:
    """One node acts, and what it sends arrives."""
    for message in nodes.act(random.choice([*nodes.counties, *nodes.cities])):
        nodes.deliver(message)


@many
@given(people(), vacancies(), st.randoms(use_true_random=False), st.integers(0, 40))
def test_a_side_made_anew_from_its_messages_stands_where_it_stood(
    persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random, turns: int
) -> None:
    nodes = nodes_of(instance_of(persons, jobs), random, 2)
    handled: list[Message] = []
    for _ in range(turns):
        sent = nodes.act(random.choice([*nodes.counties, *nodes.cities]))
        handled += sent
        for message in sent:
            nodes.deliver(message)
    for name, county in nodes.counties.items():
        again = CountySide(county.run.people, county.offers, WEIGHTS, SEED)
        told = [message for message in handled if message.to == name]
        for message in random.sample(told, len(told)):
            again.hear(message.sender, message.load)
        if county._begun:
            county.look(), again.look()
            assert np.array_equal(again.standing, county.standing)
    for name, city in nodes.cities.items():
        anew = CitySide(city.run.vacancies, WEIGHTS, SEED)
        for message in (message for message in handled if message.to == name):
            anew.hold(message.sender, message.load)
        assert np.array_equal(anew.cutoffs(), city.cutoffs())
        assert [sorted(each) for each in anew.sitters()] == [sorted(each) for each in city.sitters()]


@many
@given(people(), vacancies(), st.randoms(use_true_random=False))
def test_counts_close_exactly_and_not_before(
    persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random
) -> None:
    nodes = nodes_of(instance_of(persons, jobs), random, 2)
    moving = [message for name in nodes.counties for message in nodes.act(name)]
    while moving:
        assert not nodes.is_over()
        for message in moving:
            nodes.deliver(message)
        moving = [message for name in (*nodes.cities, *nodes.counties) for message in nodes.act(name)]
    assert nodes.is_over()
    sent, handled = (
        [sum(getattr(counts, name).values()) for counts in nodes.counts.values()] for name in ("sent", "handled")
    )
    assert sum(sent) == sum(handled)
