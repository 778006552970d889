"""The protocol's rules: any order of messages, exact closing, commitments that bind, seats that freeze with their people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.database import new_id
from libs.common.events.matching import Counted, ProgressStated
from libs.common.events.registry import Wish
from services.matching.reference.city import CityPass
from services.matching.reference.county import CountyPass, Proposal, Rise
from services.matching.reference.deferred_acceptance import match
from services.matching.rules.choice import INFINITE, first_cutoffs
from services.matching.rules.closing import agrees, channels, is_over, newer, residue
from services.matching.rules.entry import Candidate, age_on, destinations_in, enter
from services.matching.rules.facts import Person, Vacancy, check_people
from services.matching.rules.freezing import closed, freeze
from services.matching.rules.opening import allotment_fits, commitment_of, facts_of, misfits, seed_of
from services.matching.rules.results import hash_of
from tests.unit.matching.markets import (
    A_PERSON,
    A_VACANCY,
    CITIES,
    COUNTIES,
    SEED,
    people,
    published_weights,
    vacancies,
)

WEIGHTS = published_weights()
RUN = new_id()


@dataclass
class Node:
    """One side of a pass in memory: it acts only on messages and counts what it sends and handles."""

    name: str
    counts: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    seen: set[object] = field(default_factory=set)

    def count(self, kind: str, other: str, sent: int = 0, handled: int = 0) -> None:
        numbers = self.counts.setdefault((kind, other), [0, 0])
        numbers[0] += sent
        numbers[1] += handled

    def state(self) -> ProgressStated:
        counts = tuple(
            Counted.model_validate({"kind": kind, "counterpart": other, "sent": sent, "handled": handled})
            for (kind, other), (sent, handled) in self.counts.items()
        )
        return ProgressStated(run=RUN, node=self.name, number=1, counts=counts, rounds=1, idle=True)


@dataclass
class Network:
    """Counties, cities and a convener; messages wait here and are delivered in any order, some of them twice."""

    counties: dict[str, CountyPass]
    cities: dict[str, CityPass]
    nodes: dict[str, Node]
    known: dict[str, ProgressStated] = field(default_factory=dict)
    post: list[tuple[str, str, str, tuple[object, ...]]] = field(default_factory=list)
    closings: int = 0

    def send(self, kind: str, sender: str, receiver: str, items: tuple[object, ...]) -> None:
        if items:
            self.nodes[sender].count(kind, receiver, sent=len(items))
            self.post.append((kind, sender, receiver, items))

    def state(self, node: str) -> None:
        self.post.append(("progress", node, "convener", (self.nodes[node].state(),)))

    def cards(self, county: str, cards: list[Proposal]) -> None:
        for name, city in self.cities.items():
            self.send("cards", county, name, tuple(card for card in cards if card.vacancy in city.vacancies))

    def deliver(self, message: tuple[str, str, str, tuple[object, ...]]) -> None:
        kind, sender, receiver, items = message
        if kind == "progress":
            self._hear(items[0])
            return
        node = self.nodes[receiver]
        fresh = [item for item in items if (sender, item) not in node.seen]
        node.seen |= {(sender, item) for item in items}
        node.count(kind, sender, handled=len(fresh))
        if kind == "cards":
            answer = self.cities[receiver].hold([item for item in items if isinstance(item, Proposal)])
            for county in self.counties:
                self.send("cutoffs", receiver, county, answer.raised)
        else:
            self.cards(receiver, self.counties[receiver].hear([item for item in items if isinstance(item, Rise)]))
        self.state(receiver)

    def _hear(self, statement: object) -> None:
        assert isinstance(statement, ProgressStated)
        self.known[statement.node] = newer(self.known.get(statement.node), statement)
        if is_over(self.known, list(self.counties), list(self.cities)):
            self.closings += 1
            under_way = [message for message in self.post if message[0] != "progress"]
            undelivered = [message for message in under_way if self._is_fresh(message)]
            assert not undelivered, "closed while messages were under way"

    def _is_fresh(self, message: tuple[str, str, str, tuple[object, ...]]) -> bool:
        _, sender, receiver, items = message
        return any((sender, item) not in self.nodes[receiver].seen for item in items)


def _network(persons: Mapping[str, Person], jobs: Mapping[str, Vacancy]) -> Network:
    counties = {
        county: CountyPass({name: each for name, each in persons.items() if each.county == county}, jobs, WEIGHTS, SEED)
        for county in COUNTIES
    }
    cities = {
        city: CityPass({name: each for name, each in jobs.items() if each.city == city}, WEIGHTS, SEED)
        for city in CITIES
    }
    return Network(counties, cities, {name: Node(name) for name in (*COUNTIES, *CITIES)})


@settings(max_examples=80, deadline=None)
@given(people(), vacancies(), st.randoms(use_true_random=False))
def test_any_order_repetition_and_lateness_gives_the_central_hash_and_an_exact_close(
    persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random
) -> None:
    network = _network(persons, jobs)
    for name, county in network.counties.items():
        network.cards(name, county.propose(county.people))
    for node in network.nodes:
        network.state(node)
    while network.post:
        message = network.post.pop(random.randrange(len(network.post)))
        network.deliver(message)
        if message[0] != "progress" and random.random() < 0.15:
            network.post.append(message)
    assert network.closings > 0
    places = [place for county in network.counties.values() for place in county.places().values()]
    assert hash_of(places) == hash_of(match(persons, jobs, WEIGHTS, SEED).places.values())


def _statement(node: str, *counts: tuple[str, str, int, int]) -> ProgressStated:
    told = tuple(
        Counted.model_validate(dict(zip(("kind", "counterpart", "sent", "handled"), each, strict=True)))
        for each in counts
    )
    return ProgressStated(run=RUN, node=node, number=1, counts=told, rounds=1, idle=True)


def test_a_pass_is_over_only_when_everybody_said_so_and_every_count_agrees() -> None:
    county = _statement("n1", ("cards", "n2", 5, 0), ("cutoffs", "n2", 0, 2))
    city = _statement("n2", ("cards", "n1", 0, 5), ("cutoffs", "n1", 2, 0))
    behind = _statement("n2", ("cards", "n1", 0, 4), ("cutoffs", "n1", 2, 0))
    assert not is_over({"n1": county}, ["n1"], ["n2"])
    assert not is_over({"n1": county, "n2": behind}, ["n1"], ["n2"])
    assert is_over({"n1": county, "n2": city}, ["n1"], ["n2"])
    table = channels({"n1": county, "n2": behind}, ["n1"], ["n2"])
    assert residue(table) == 1
    assert newer(city, behind) == city
    closing = channels({"n1": county, "n2": city}, ["n1"], ["n2"])
    assert agrees("n2", city.counts, closing)
    assert not agrees("n2", behind.counts, closing)


def test_nobody_can_reveal_what_was_not_committed() -> None:
    shares = {"n1": "aa", "n2": "bb"}
    facts = {"n1": facts_of([A_PERSON], None), "n2": facts_of(None, [A_VACANCY])}
    commitments = {node: commitment_of(facts[node], shares[node]) for node in shares}
    assert misfits(commitments, facts, shares) == []
    assert misfits(commitments, facts, {**shares, "n2": "bc"}) == ["n2"]
    assert misfits(commitments, {**facts, "n1": facts_of([], None)}, shares) == ["n1"]
    assert misfits(commitments, facts, {"n1": "aa"}) == ["n2"]
    assert seed_of(shares) == seed_of(dict(reversed(shares.items())))
    assert seed_of(shares) != seed_of({**shares, "n2": "bc"})
    assert allotment_fits(facts["n2"], [A_VACANCY])
    assert not allotment_fits(facts["n2"], [replace(A_VACANCY, openings=9)])


@settings(max_examples=80, deadline=None)
@given(people(), vacancies(), st.data())
def test_nobody_is_worse_off_when_signed_places_leave_the_market(
    persons: dict[str, Person], jobs: dict[str, Vacancy], data: st.DataObject
) -> None:
    before = match(persons, jobs, WEIGHTS, SEED)
    placed = sorted(name for name, place in before.places.items() if place.vacancy)
    signed = set(data.draw(st.lists(st.sampled_from(placed), unique=True))) if placed else set()
    gone = (
        set(data.draw(st.lists(st.sampled_from(sorted(persons)), unique=True, max_size=2))) - signed
        if persons
        else set()
    )
    seats: dict[str, dict[str, str]] = {}
    for name, place in before.places.items():
        if place.vacancy and place.seat:
            seats.setdefault(place.vacancy, {})[name] = place.seat
    left = {name: freeze(job, seats.get(name, {}), signed, WEIGHTS.reserve_groups) for name, job in jobs.items()}
    assert all(sum(job.reserved.values()) <= job.openings for job in left.values())
    staying = {name: person for name, person in persons.items() if name not in signed | gone}
    after = match(staying, left, WEIGHTS, SEED)
    for name in staying:
        held, now = before.places[name], after.places[name]
        assert held.vacancy is None or (now.utility or 0) >= (held.utility or 0)


def test_an_open_sitter_on_an_unfilled_reserved_opening_takes_the_reservation_along() -> None:
    vacancy = replace(A_VACANCY, openings=1, reserved={"disabled": 1})
    assert freeze(vacancy, {"p0": "open"}, ["p0"], WEIGHTS.reserve_groups) == replace(
        vacancy, openings=0, reserved={"disabled": 0}
    )


def test_a_withdrawn_vacancy_has_no_opening_and_an_infinite_cutoff() -> None:
    vacancy = closed(replace(A_VACANCY, openings=3, reserved={"disabled": 1}))
    assert first_cutoffs(vacancy, WEIGHTS.reserve_groups) == {"open": INFINITE}


def test_wished_places_stand_for_the_cities_of_the_run_within_them() -> None:
    run = ("440300", "440100", "430100")
    assert destinations_in(("44",), "433124", run) == ("440100", "440300")
    assert destinations_in(("430000", "440300", "44"), "433124", run) == ("430100", "440300", "440100")
    assert destinations_in(("370100", "440300"), "433124", run) == ("370100", "440300")
    assert destinations_in(("433124", "433100", "37", "430100"), "433124", run) == ("430100",)


def test_age_is_counted_in_full_years() -> None:
    assert age_on(date(1990, 4, 11), date(2017, 4, 10)) == 26
    assert age_on(date(1990, 4, 10), date(2017, 4, 10)) == 27


def _candidate(person: UUID, **wish: object) -> Candidate:
    said = Wish.model_validate({"visited": date(2017, 2, 1), "willing": True, **wish})
    return Candidate(person, "433124", date(1990, 1, 1), 2, frozenset(), 0, said)


def test_who_enters_has_the_facts_of_section_9_and_a_partner_only_if_both_enter() -> None:
    one, other, third = new_id(), new_id(), new_id()
    candidates = [
        _candidate(one, partner=other, together="only", wage_minimum=2600),
        _candidate(other, partner=one, together="only", occupation="6-25"),
        _candidate(third, restrictions=("rain",)),
    ]
    names = {one: "p1", other: "p2", third: "p3"}
    entering, left_out = enter(candidates, names, ("440300",), date(2017, 4, 10), WEIGHTS)
    assert (entering[one].partner, entering[other].partner, entering[one].together) == ("p2", "p1", "only")
    assert (entering[one].wage_expected, entering[one].wage_reserve, entering[other].wage_expected) == (2600, 2600, 0)
    assert (entering[one].occupation, entering[other].occupation) == (WEIGHTS.general_occupation, "6-25")
    assert entering[one].available_from == date(2017, 2, 1)
    assert list(left_out) == [third]
    alone, _ = enter(candidates[:1], names, ("440300",), date(2017, 4, 10), WEIGHTS)
    assert alone[one].partner is None


@pytest.mark.parametrize(("listed", "alike"), [(1, 0), (2, 2), (20, 20), (21, 0)])
def test_fellow_villagers_enter_as_a_group_if_two_to_twenty_of_them_do(listed: int, alike: int) -> None:
    group, other = UUID(int=99), UUID(int=98)
    ids = [UUID(int=number) for number in range(1, listed + 3)]
    of = [group] * listed + [None, other]
    candidates = [_candidate(person, fellows=fellows) for person, fellows in zip(ids, of, strict=True)]
    names = {person: f"p{at:02}" for at, person in enumerate(reversed(ids))}
    entering, _ = enter(candidates, names, ("440300",), date(2017, 4, 10), WEIGHTS)
    said = [entering[person].fellows for person in ids]
    assert len(check_people(entering.values(), WEIGHTS)) == len(ids)
    assert said[listed:] == [None, None]
    assert [name for name in said if name] == [min(names[person] for person in ids[:listed])] * alike
