"""配额, how cities allot openings to a run: few, so that people meet at them, and some where they are needed most.

A run over thousands of openings would be no match at all. One over a few random ones might leave out the couple and the
deaf applicant, and show nobody why a lot was drawn. So cities give openings first to posts where such a case is sure
of a seat, then to posts where many claims are equal, then to many others, the best paid first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from deploy.demo import textbook
from deploy.demo.cast import Row
from deploy.demo.needs import SIGNS, Case

# One opening for so many people, over all cities.
PEOPLE_FOR_AN_OPENING = 2.5
# Of a city's vacancies about this many enter the run besides, so that people meet at them.
VACANCIES_OF_A_CITY = 24
YELLOW_ROWS = 4
OPENINGS = (1, 2, 3, 4)
# vacancy -> everybody who may and would take it with the claim to it, the strongest first.
Queues = Mapping[str, Sequence[tuple[int, Row]]]


@dataclass(frozen=True)
class Seat:
    """So many openings of a post, reserved for a group or for all, make sure of a place for one person.

    `missing` are those that the post has not: then the place is not sure.
    """

    missing: int
    openings: int
    group: str | None
    post: Row


@dataclass(frozen=True)
class Suit:
    """The city where a case is made sure of with the fewest openings, and the seats there, one for each of its people."""

    case: Case
    city: str
    seats: tuple[Seat, ...]
    first: bool = False  # of its kind: the story needs this one

    @property
    def openings(self) -> int:
        return sum(seat.openings for seat in self.seats)

    @property
    def effort(self) -> tuple[int, int]:
        return sum(seat.missing for seat in self.seats), self.openings


def queues_of(offers: Iterable[Row], people: Sequence[Row], weights: Row) -> Queues:
    """Who would stand at the door of each post."""
    return {
        offer["vacancy"]: sorted(
            ((textbook.claim(person, offer, weights), person) for person in people if textbook.may_take(person, offer)),
            key=lambda each: (-each[0], each[1]["person"]),
        )
        for offer in offers
    }


def allot(offers: Sequence[Row], suits: Iterable[Suit], queues: Queues, quota: int) -> list[Row]:
    """A city's vacancies with openings and reserved openings, `quota` in all; `suits` are the cases that fit here best."""
    shares: dict[str, Row] = {}
    for suit in suits:
        if suit.first or _given(shares) + suit.openings <= quota // 3:
            for seat in suit.seats:
                _give(shares, seat.post, seat.openings, {seat.group: seat.openings} if seat.group else {}, quota)
    for post, openings in evenly_matched([offer for offer in offers if offer["vacancy"] not in shares], queues):
        if _given(shares) + openings <= quota * 2 // 3:
            _give(shares, post, openings, {}, quota)
    for number, offer in enumerate(_chosen([offer for offer in offers if offer["vacancy"] not in shares])):
        _give(shares, offer, 1 + number % 4, {group: 1 for group in list(offer["reserved"])[:1]}, quota)
    return list(shares.values())


# --- cases -------------------------------------------------------------------------------------------------------------


def suits_of(cases: Iterable[Case], offers: Iterable[Row], queues: Queues, groups: Sequence[str]) -> list[Suit]:
    """Where each case fits best; those who sign and the couples in turn, who needs the fewest openings first."""
    by_city: dict[str, list[Row]] = {}
    for offer in offers:
        by_city.setdefault(offer["city"], []).append(offer)
    found = [
        [suit for city, posts in sorted(by_city.items()) if (suit := _suit(case, city, posts, queues, groups))]
        for case in cases
    ]
    ranked = sorted((min(each, key=lambda suit: suit.effort) for each in found if each), key=lambda suit: suit.effort)
    kinds = [[suit for suit in ranked if suit.case.signs is wanted] for wanted in (True, False)]
    marked = [[replace(suit, first=not number) for number, suit in enumerate(kind)] for kind in kinds]
    return [suit for pair in zip_longest(*marked) for suit in pair if suit]


def _suit(case: Case, city: str, posts: Sequence[Row], queues: Queues, groups: Sequence[str]) -> Suit | None:
    """None where somebody of the case finds nothing in this city."""
    seats = [
        min(_seats(person, posts, queues, groups), key=lambda seat: (seat.missing, seat.openings), default=None)
        for person in case.people
    ]
    return Suit(case, city, tuple(seat for seat in seats if seat)) if all(seats) else None


def _seats(person: Row, posts: Iterable[Row], queues: Queues, groups: Sequence[str]) -> Iterable[Seat]:
    """With as many openings as there are people with a claim as strong or stronger, a place is sure; so it is in a group."""
    own: tuple[str | None, ...] = (None, *(group for group in groups if group in person["groups"]))
    for post in posts:
        queue = queues[post["vacancy"]]
        claim = next((claim for claim, each in queue if each["person"] == person["person"]), None)
        if claim is None:
            continue
        for group in own:
            ahead = sum(other >= claim for other, each in queue if group is None or group in each["groups"])
            missing = max(0, ahead - post["openings_left"])
            yield Seat(missing, ahead - missing, group, post)


def would_suit(case: Case, offers: Iterable[Row], weights: Row) -> list[Row]:
    """Posts to which nothing but sign language is wanting for somebody who needs it, the strongest claim first."""
    person = case.people[0]
    signing = [
        {**offer, "accommodations": [*offer["accommodations"], SIGNS]}
        for offer in offers
        if SIGNS not in offer["accommodations"]
    ]
    fitting = [offer for offer in signing if textbook.may_take(person, offer)]
    return sorted(fitting, key=lambda offer: (-textbook.claim(person, offer, weights), offer["vacancy"]))


# --- all others --------------------------------------------------------------------------------------------------------


def evenly_matched(offers: Iterable[Row], queues: Queues) -> list[tuple[Row, int]]:
    """Posts with that number of openings at which the last who gets one most likely has an equal, the likeliest first."""
    found = []
    for offer in offers:
        claims = [claim for claim, _ in queues[offer["vacancy"]]]
        chance, fewest = max((_chance_of_equals(claims, openings), -openings) for openings in OPENINGS)
        found.append((chance, offer["wage"], offer["vacancy"], offer, -fewest))
    likely = sorted((each for each in found if each[0] > 0), key=lambda each: each[:3], reverse=True)
    return [(offer, openings) for *_, offer, openings in likely]


def _chance_of_equals(claims: Sequence[int], openings: int) -> float:
    """How many of the places in the queue where the last opening may fall have an equal behind them.

    Not only the first: those with the strongest claims may have found something they want more.
    """
    around = range(openings, 3 * openings + 1)
    return sum(claims[at - 1 : at] == claims[at : at + 1] for at in around if at < len(claims)) / len(around)


def _chosen(offers: Sequence[Row]) -> list[Row]:
    """First rows reserved for the older or low-schooled, then the others, the best paid first."""
    by_wage = sorted(offers, key=lambda each: (-each["wage"], each["vacancy"]))
    yellow = [each for each in by_wage if each["reserved"]][:YELLOW_ROWS]
    others = [each for each in by_wage if each not in yellow]
    return [*yellow, *others[:: max(1, len(others) // VACANCIES_OF_A_CITY)]]


def _give(shares: dict[str, Row], offer: Row, openings: int, reserved: Mapping[str, int], quota: int) -> None:
    """Adds to a vacancy's share as far as it has openings left and the quota goes; never more reserved than given."""
    known = shares.get(offer["vacancy"], {"vacancy": offer["vacancy"], "openings": 0, "reserved": {}})
    given = min(openings, offer["openings_left"] - known["openings"], quota - _given(shares))
    if given > 0:
        added = {group: min(count, given) + known["reserved"].get(group, 0) for group, count in reserved.items()}
        shares[offer["vacancy"]] = {
            **known,
            "openings": known["openings"] + given,
            "reserved": {**known["reserved"], **added},
        }


def _given(shares: Mapping[str, Row]) -> int:
    return sum(share["openings"] for share in shares.values())
