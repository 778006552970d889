"""The cards of a run at a city: the counties' places and the signed cutoffs say the same; only a city's officers see them, of its own vacancies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from libs.common.database import new_id
from libs.common.events.jobs import VacancyWithdrawn
from services.matching import files
from services.matching.files import published_weights
from services.matching.rules.choice import INFINITE, OPEN
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.scores import LOTTERY_BITS, key_of, lottery, priority_parts
from services.matching.schemas.cards import CardsForVacancy
from tests.integration.matching.scenes import (
    AS_OF,
    CITIES,
    COUNTIES,
    PROVINCE,
    Scene,
    a_scene,
    announce_and_allot,
    fill_city,
)
from tests.support.nodes import Nodes, client_of
from tests.support.telling import a_vacancy, tell

WEIGHTS = published_weights()["2017.1"]
CITY, PLACE = CITIES[0], CITIES[0][1:]


async def cards_at(scene: Scene, city: str, vacancy: object, **asked: object) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    got = await scene.get(city, f"/recommendations/vacancies/{vacancy}/cards?{query}", "officer")
    said: dict[str, Any] = got.json()
    CardsForVacancy.model_validate({**said, "number": said["pass"]})
    return said


async def refused(scene: Scene, node: str, vacancy: object, role: str = "officer", query: str = "") -> tuple[int, str]:
    got = await scene.door(node, role).get(f"/recommendations/vacancies/{vacancy}/cards{query}")
    return got.status_code, got.json()["type"].removeprefix("urn:xieli:problem:")


async def first_vacancy(scene: Scene, city: str) -> str:
    return str((await scene.get(city, f"/supply?city={city[1:]}", "officer")).json()["items"][0]["vacancy"])


async def declared(scene: Scene) -> dict[str, Person]:
    """Everybody's facts in the last pass, which no city has."""
    people: dict[str, Person] = {}
    for county in COUNTIES:
        people |= files.read_people((await scene.get(county, f"/runs/{scene.run}/people.parquet")).content, WEIGHTS)
    return people


@pytest.mark.parametrize(("seed", "couples"), [(40, 0), (10, 3)])
async def test_a_citys_cards_say_what_the_counties_places_and_the_certificate_say(
    nodes: Nodes, seed: int, couples: int
) -> None:
    scene = await a_scene(nodes, seed, people=24, couples=couples)
    await announce_and_allot(scene, openings=3)
    await scene.bus.run()
    shown, people, places = await scene.show(), await declared(scene), await scene.gathered("places")
    certificates = (await scene.get(COUNTIES[0], f"/runs/{scene.run}/certificate")).json()["certificates"]
    signed = {name: cutoffs for each in certificates for name, cutoffs in each["cutoffs"].items()}
    kinds = set()
    for city in CITIES:
        table = files.read_vacancies((await scene.get(city, f"/runs/{scene.run}/vacancies.parquet")).content, WEIGHTS)
        said = {name: await cards_at(scene, city, name) for name in table}
        for name, each in said.items():
            assert (each["run"], each["pass"], each["state"]) == (str(scene.run), shown["pass"], "settled")
            assert each["cutoffs"] == signed[name]
            due = {row["person"]: row["seat"] for row in places if row["vacancy"] == name}
            assert {item["pseudonym"]: item["seat"] for item in each["items"] if item["seat"]} == due
            assert each["seated"] == len(due)
            check_items(each, people, table[name], bytes.fromhex(shown["seed"]))
            kinds |= {item["kind"] for item in each["items"]}
        handled = sum(
            channel["handled"] for channel in shown["channels"] if (channel["kind"], channel["to"]) == ("cards", city)
        )
        assert sum(each["cards"] for each in said.values()) == handled
    assert {"seated", "cutoff"} <= kinds


def check_items(said: dict[str, Any], people: dict[str, Person], vacancy: Vacancy, seed: bytes) -> None:
    """Every card by the plain rules: lot, points in their parts, the cutoff met, and the order."""
    order = []
    for item in said["items"]:
        person = people[item["pseudonym"]]
        parts, lot = priority_parts(person, vacancy, WEIGHTS), lottery(seed, person.person)
        key, bar = (
            key_of(sum(parts.values()), lot),
            min(said["cutoffs"][seat] for seat in said["cutoffs"] if seat == OPEN or seat in person.groups),
        )
        assert (item["county"], item["priority"], item["lottery"]) == (person.county, sum(parts.values()), lot)
        known = {name: parts.pop(name) for name in ("groups", "agreement")}
        assert item["priority_parts"] == {**known, "rest": sum(parts.values())}
        assert (key >= bar) == (item["seat"] is not None)
        assert item["needed"] == (None if bar == INFINITE else bar >> LOTTERY_BITS)
        order.append((item["seat"] is None, (0 if item["seat"] else bar) - key))
    assert order == sorted(order)


async def test_a_withdrawn_vacancy_says_so_and_seats_nobody(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 70)
    await announce_and_allot(scene)
    withdrawn = {city: await first_vacancy(scene, city) for city in CITIES}
    while not any([(await cards_at(scene, city, vacancy))["items"] for city, vacancy in withdrawn.items()]):
        await scene.bus.run(steps=1)
    for city, vacancy in withdrawn.items():
        await tell(
            scene.contexts[city],
            VacancyWithdrawn(vacancy=UUID(vacancy), city=city[1:], reason="filled", on=AS_OF),
            service="jobs",
        )
    await scene.bus.run()
    said = [await cards_at(scene, city, vacancy) for city, vacancy in withdrawn.items()]
    assert all(each["withdrawn"] and each["seated"] == 0 and each["cutoffs"] == {"open": INFINITE} for each in said)
    assert {item["kind"] for each in said for item in each["items"]} == {"closed"}


async def test_before_a_run_is_played_there_are_no_cards(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 41)
    vacancy = await first_vacancy(scene, CITY)
    none = {"vacancy": vacancy, "run": None, "pass": None, "state": None, "items": []}
    assert none.items() <= (await cards_at(scene, CITY, vacancy)).items()
    await announce_and_allot(scene)
    assert none.items() <= (await cards_at(scene, CITY, vacancy)).items()
    assert await refused(scene, CITY, vacancy, query=f"?run={scene.run}") == (404, "pass-not-found")
    await scene.bus.run()
    played, later = scene.run, a_vacancy(PLACE)
    await tell(scene.contexts[CITY], later, service="jobs")
    wanted = {
        "counties": COUNTIES,
        "cities": CITIES,
        "as_of": str(AS_OF),
        "weights": "2017.1",
        "deadline": "2017-04-30",
    }
    assert (await scene.post(PROVINCE, "/runs", wanted)).status_code == 201
    await scene.bus.run()
    assert (await cards_at(scene, CITY, vacancy))["run"] == str(played)
    assert (await cards_at(scene, CITY, vacancy, run=played, limit=1))["run"] == str(played)
    assert (await cards_at(scene, CITY, later.vacancy))["run"] is None
    assert await refused(scene, CITY, later.vacancy, query=f"?run={played}") == (404, "not-in-run-here")
    assert await refused(scene, CITY, vacancy, query=f"?run={new_id()}") == (404, "run-not-found")


async def test_only_the_officers_of_the_city_that_offers_a_vacancy_see_its_cards(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 42)
    home = COUNTIES[0]
    await fill_city([scene.contexts[home]], scene.random, 1)
    await announce_and_allot(scene)
    await scene.bus.run()
    vacancy, own = await first_vacancy(scene, CITY), await first_vacancy(scene, home)
    assert await refused(scene, home, vacancy) == (409, "offered-elsewhere")
    assert await refused(scene, home, own, query=f"?run={scene.run}") == (409, "not-in-the-run")
    assert (await cards_at(scene, home, own))["run"] is None
    assert await refused(scene, CITY, new_id()) == (404, "not-on-the-lists")
    for role in ("cadre", "employer", "analyst", "auditor"):
        assert (await refused(scene, CITY, vacancy, role))[0] == 403
    for query in ("?limit=21", "?pass=1"):
        assert (await refused(scene, CITY, vacancy, query=query))[0] == 422
    async with client_of(scene.contexts[CITY], regions=["433124"]) as stranger:
        assert (await stranger.get(f"/matching/v1/recommendations/vacancies/{vacancy}/cards")).status_code == 403
