"""What cities allot to a run makes sure of the couple and the deaf applicant, whoever they are, and stays within bounds."""

from __future__ import annotations

import random
from typing import Any

import pytest

from deploy.demo import textbook
from deploy.demo.allotment import allot, evenly_matched, queues_of, suits_of, would_suit
from deploy.demo.needs import SIGNS, cases_among, facts_of
from services.matching.files import weights_file

WEIGHTS = textbook.read_weights(weights_file("2017.1"))
CITIES = ("370100", "430100", "440300")
QUOTA = 30
Row = dict[str, Any]


def _person(number: int, dice: random.Random, **more: Any) -> Row:
    return {
        "person": f"p{number:03}",
        "county": dice.choice(("433124", "433126")),
        "age": dice.randint(18, 58),
        "education": dice.randint(1, 3),
        "groups": ["disabled"] if number % 12 == 0 else [],
        "burden": dice.choice((0, 10, 15, 20, 35)),
        "shared": 0,
        "occupation": dice.choice(("9-99", "6-25", "4-03")),
        "experience": dice.randint(0, 5),
        "wage_expected": 3500,
        "wage_reserve": 3000,
        "available_from": "2017-04-10",
        "destinations": dice.sample(CITIES, 2),
        "elsewhere": "none",
        "refused": [],
        "relatives_city": None,
        "certificates": [],
        "restrictions": [],
        "accommodations": [],
        "needs": [],
        "partner": None,
        **more,
    }


def _offer(number: int, dice: random.Random) -> Row:
    return {
        "vacancy": f"v{number:03}",
        "city": CITIES[number % 3],
        "openings_left": dice.randint(2, 40),
        "wage": dice.randrange(3000, 5000, 100),
        "occupation": dice.choice(("9-99", "6-25", "4-03")),
        "age_min": None,
        "age_max": dice.choice((None, None, 45)),
        "education_min": 1,
        "certificates": [],
        "demands": [],
        "accommodations": [SIGNS] if number % 7 == 0 else [],
        "starts_by": "2017-06-30",
        "offers": [],
        "experience_points": 5,
        "reserved": {"older_or_low_schooled": 2} if number % 9 == 0 else {},
    }


def _market(seed: int) -> tuple[list[Row], list[Row]]:
    dice = random.Random(seed)
    people = [_person(number, dice) for number in range(120)]
    people[0] |= {"accommodations": [SIGNS], "destinations": ["430100"]}
    people[1] |= {"partner": "p002", "destinations": ["440300"]}
    people[2] |= {"partner": "p001", "destinations": ["440300", "370100"]}
    return people, [_offer(number, dice) for number in range(90)]


def _allotted(people: list[Row], offers: list[Row]) -> dict[str, list[Row]]:
    queues = queues_of(offers, people, WEIGHTS)
    suits = suits_of(cases_among(people), offers, queues, WEIGHTS["reserve_groups"])
    by_city = {city: [offer for offer in offers if offer["city"] == city] for city in CITIES}
    return {
        city: allot(posts, [suit for suit in suits if suit.city == city], queues, QUOTA)
        for city, posts in by_city.items()
    }


def _places(people: list[Row], offers: list[Row], shares: dict[str, list[Row]], seed: str) -> dict[str, str]:
    known = {offer["vacancy"]: offer for offer in offers}
    vacancies = [
        {
            **known[share["vacancy"]],
            **share,
            "reserved": [{"group": group, "openings": count} for group, count in share["reserved"].items()],
        }
        for shared in shares.values()
        for share in shared
    ]
    return textbook.play(people, vacancies, WEIGHTS, seed)[0]


@pytest.mark.parametrize("seed", range(6))
def test_who_signs_and_the_couple_have_places_whatever_the_lot_says(seed: int) -> None:
    people, offers = _market(seed)
    shares = _allotted(people, offers)
    for lot in range(3):
        places = _places(people, offers, shares, f"{lot + 1:032x}")
        assert {"p000", "p001", "p002"} <= places.keys()


@pytest.mark.parametrize("seed", range(6))
def test_a_city_gives_its_quota_and_no_more_than_it_has(seed: int) -> None:
    people, offers = _market(seed)
    left = {offer["vacancy"]: offer["openings_left"] for offer in offers}
    for shares in _allotted(people, offers).values():
        assert sum(share["openings"] for share in shares) == QUOTA
        assert all(0 < share["openings"] <= left[share["vacancy"]] for share in shares)
        assert all(sum(share["reserved"].values()) <= share["openings"] for share in shares)


def test_where_claims_are_equal_comes_before_where_they_differ() -> None:
    people, offers = _market(1)
    equal, different = offers[0], {**offers[0], "vacancy": "other"}
    queues = {
        equal["vacancy"]: [(90, each) for each in people[:9]],
        "other": [(90 - at, each) for at, each in enumerate(people[:9])],
    }
    assert evenly_matched([different, equal], queues) == [(equal, 1)]


def test_employers_are_asked_for_sign_language_where_all_else_suits() -> None:
    people, offers = _market(2)
    (case,) = (case for case in cases_among(people) if case.signs)
    silent = [{**offer, "accommodations": []} for offer in offers]
    asked = would_suit(case, silent, WEIGHTS)
    assert asked
    assert all(textbook.may_take(case.people[0], offer) for offer in asked)


def test_a_province_wished_for_stands_for_its_cities_in_the_run() -> None:
    wish = {
        "wage_minimum": None,
        "wage_expected": None,
        "occupation": "普工",
        "experience": 0,
        "elsewhere": "none",
        "available_from": None,
        "destinations": ["44", "433100", "430100"],
        "refused": ["370100"],
        "certificates": [],
        "restrictions": [],
        "accommodations": [],
        "needs": [],
        "relatives_city": None,
    }
    seeker = {"person": "p", "education": 2, "groups": [], "together": None, "partner": "q"}
    row = facts_of(seeker, {"age": 30, "burden": 5, "visited": "2017-02-01", "wish": wish}, "433124", CITIES)
    assert (row["destinations"], row["refused"], row["partner"], row["available_from"]) == (
        ["440300", "430100"],
        ["370100"],
        None,
        "2017-02-01",
    )
