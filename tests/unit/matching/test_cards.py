"""What a city says of its cards: who sits and on which seat, the others by how near they are, points as far as a card tells."""

from __future__ import annotations

from dataclasses import replace

from services.matching.rules.cards import Held, ProposedCard, hold
from services.matching.rules.choice import INFINITE
from services.matching.rules.freezing import closed
from services.matching.rules.scores import key_of, lottery
from tests.unit.matching.markets import A_VACANCY, SEED, published_weights

WEIGHTS = published_weights()
TWO = replace(A_VACANCY, openings=2, reserved={"disabled": 1})


def card(person: str, priority: int, *groups: str, county: str = "433126") -> ProposedCard:
    return ProposedCard(person, county, priority, frozenset(groups))


def held(*cards: ProposedCard, vacancy: object = TWO, limit: int = 20) -> Held:
    return hold(vacancy, cards, WEIGHTS, SEED, limit)  # type: ignore[arg-type]


def test_those_seated_come_first_and_the_nearest_to_a_seat_next() -> None:
    said = held(card("a", 300, "disabled"), card("b", 500), card("c", 480), card("d", 290, "disabled"), card("e", 100))
    assert [(each.card.person, each.seat, each.kind, each.needed) for each in said.best] == [
        ("b", "open", "seated", 500),
        ("a", "disabled", "seated", 300),
        ("d", None, "cutoff", 300),
        ("c", None, "cutoff", 500),
        ("e", None, "cutoff", 500),
    ]
    assert (said.cards, said.seated) == (5, 2)
    assert said.cutoffs == {"disabled": key_of(300, lottery(SEED, "a")), "open": key_of(500, lottery(SEED, "b"))}
    assert said.best[3].en == "this place needed 500 points, this card had 480"
    assert said.best[0].zh == "已录取: 录取线 500 分, 此卡 500 分"
    assert len(held(*(card(name, 1) for name in "abc"), limit=2).best) == 2


def test_equal_points_are_told_by_the_lot() -> None:
    said = held(*(card(name, 400) for name in "abc"), vacancy=replace(TWO, reserved={}))
    last = said.best[-1]
    assert (last.kind, last.needed) == ("lottery", 400)
    assert last.lottery == lottery(SEED, last.card.person) == min(lottery(SEED, name) for name in "abc")
    assert last.en.startswith("equal points (400), the lot was lower")


def test_where_openings_are_left_it_says_so() -> None:
    assert held(card("a", 40)).best[0].en == "seated, and openings are left; this card has 40 points"


def test_a_withdrawn_vacancy_seats_nobody() -> None:
    said = held(card("a", 40), card("b", 50), vacancy=closed(TWO))
    assert (said.seated, said.cutoffs) == (0, {"open": INFINITE})
    assert [(each.card.person, each.kind, each.needed) for each in said.best] == [
        ("b", "closed", None),
        ("a", "closed", None),
    ]
    assert said.best[0].zh == "没有可供竞争的名额; 此卡 50 分"


def test_points_are_told_as_far_as_the_card_tells_them() -> None:
    agreed = replace(WEIGHTS, agreements=frozenset({("433126", TWO.city)}))
    here, there = hold(TWO, [card("a", 440, "disabled"), card("b", 440, county="433124")], agreed, SEED, 20).best
    parts = {each.card.person: each.priority_parts for each in (here, there)}
    assert parts == {"a": {"groups": 60, "agreement": 50, "rest": 330}, "b": {"groups": 0, "agreement": 0, "rest": 440}}


def test_a_card_that_came_twice_counts_once() -> None:
    assert held(card("a", 40), card("a", 40)).cards == 1
