"""Runs between six nodes on real PostgreSQL: the same hash from any order of events, exact closing, nobody worse off later."""

from __future__ import annotations

import asyncio
import json
import re
from inspect import getsource
from typing import Any
from uuid import UUID

import pytest

from deploy.demo import textbook
from libs.common.events.jobs import VacancyWithdrawn
from libs.common.identity import read_signed
from services.matching.files import published_weights
from services.matching.operations.runs import review
from services.matching.reference.passes import run as run_centrally
from services.matching.rules import couples, fellows
from services.matching.rules.fellows import Gathering
from services.matching.rules.results import hash_of
from services.matching.rules.runs import CityCertificate
from services.matching.rules.unresolved import CASES
from services.matching.store import run_inputs
from services.matching.store import runs as store
from services.matching.workers import keep_runs_moving
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
from tests.support import eventually
from tests.support.nodes import Nodes
from tests.support.telling import tell


async def _textbook_hash(scene: Scene, number: int | None = None) -> str:
    shown = await scene.show()
    people, vacancies = await scene.gathered("people", number), await scene.gathered("vacancies", number)
    places, _, _ = textbook.play(people, vacancies, await scene.weights(), shown["seed"])
    return textbook.fingerprint(places)


async def _central_hash(scene: Scene) -> tuple[str, int]:
    """The kernel's passes on the facts that everybody entered with, all in one place."""
    assert scene.run is not None
    people: dict[str, Any] = {}
    for county in COUNTIES:
        async with scene.contexts[county].database.reading() as tx:
            people |= await run_inputs.list_people(tx, scene.run)
    async with scene.contexts[COUNTIES[0]].database.reading() as tx:
        stated = await run_inputs.list_allotments(tx, scene.run, 1)
    vacancies = {name: each for city in CITIES for name, each in stated[city].items()}
    seed = bytes.fromhex((await scene.show())["seed"])
    outcome = run_centrally(people, vacancies, published_weights()["2017.1"], seed)
    return hash_of(outcome.places.values()), outcome.number


@pytest.mark.parametrize("seed", [1])
async def test_any_order_of_events_gives_the_textbook_result_and_closes_exactly(nodes: Nodes, seed: int) -> None:
    scene = await a_scene(nodes, seed)
    await announce_and_allot(scene)
    await scene.bus.run()
    shown = await scene.show()
    assert shown["state"] == "settled"
    assert shown["dispute"] is None
    assert all(channel["sent"] == channel["handled"] for channel in shown["channels"])
    assert sum(channel["sent"] for channel in shown["channels"] if channel["kind"] == "cards") > 0
    assert shown["hash"] == await _textbook_hash(scene)
    assert (shown["hash"], shown["pass"]) == await _central_hash(scene)
    assert shown["placed"] == len([row for row in await scene.gathered("places") if row["vacancy"]])


@pytest.mark.parametrize("seed", [11])
async def test_couples_make_further_passes_and_the_result_is_that_of_one_place(nodes: Nodes, seed: int) -> None:
    scene = await a_scene(nodes, seed, people=12, couples=3)
    await announce_and_allot(scene)
    await scene.bus.run()
    shown = await scene.show()
    assert shown["state"] == "settled"
    assert shown["pass"] > 1
    assert (shown["hash"], shown["pass"]) == await _central_hash(scene)
    assert shown["hash"] == await _textbook_hash(scene)


@pytest.mark.parametrize(("seed", "pairs"), [(11, 0), (12, 2)])
async def test_fellow_villagers_gather_in_further_passes_as_they_would_in_one_place(
    nodes: Nodes, seed: int, pairs: int
) -> None:
    scene = await a_scene(nodes, seed, people=14, couples=pairs, fellows=4)
    await announce_and_allot(scene)
    await scene.bus.run()
    shown = await scene.show()
    assert (shown["state"], shown["dispute"]) == ("settled", None)
    assert shown["pass"] > 1
    assert (shown["hash"], shown["pass"]) == await _central_hash(scene)
    assert shown["hash"] == await _textbook_hash(scene)
    assert scene.run is not None
    for county in COUNTIES:
        async with scene.contexts[county].database.reading() as tx:
            gathered = [
                stand
                for stand in (await run_inputs.list_stands(tx, scene.run)).values()
                if isinstance(stand, Gathering)
            ]
        assert (len(gathered), len(set(gathered))) == (4, 1), county


async def test_a_county_names_its_residue_with_ids_to_its_officers_alone(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 72)
    await announce_and_allot(scene)
    assert (await scene.door(COUNTIES[0], "auditor").get(f"/runs/{scene.run}/residue")).status_code == 404
    await scene.bus.run()
    assert scene.run is not None
    async with scene.contexts[COUNTIES[0]].database.transaction() as tx:
        ids = await run_inputs.list_person_ids(tx, scene.run)
        one, other = sorted(ids)[:2]
        await run_inputs.update_residue(tx, scene.run, 1, {other: "only_unplaced", one: "fellows_apart"})
    path = f"/runs/{scene.run}/residue?pass=1"
    seen = (await scene.get(COUNTIES[0], path, "officer")).json()["items"]
    assert [(each["pseudonym"], each["person"], each["case"]) for each in seen] == [
        (one, str(ids[one]), "fellows_apart"),
        (other, str(ids[other]), "only_unplaced"),
    ]
    assert all(each["zh"] and each["en"] for each in seen)
    assert [each["person"] for each in (await scene.get(COUNTIES[0], path)).json()["items"]] == [None, None]
    assert (await scene.get(PROVINCE, path, "officer")).json() == {"items": []}


def test_every_case_of_the_residue_has_words() -> None:
    found = set(re.findall(r'"((?:only|preferred|fellows)_[a-z]+)"', getsource(couples) + getsource(fellows)))
    assert found == set(CASES)


async def test_a_vacancy_withdrawn_in_mid_pass_closes_there(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 70)
    await announce_and_allot(scene)
    while (await scene.show())["state"] != "open":
        await scene.bus.run(steps=1)
    withdrawn = [await _withdraw_first(scene, city) for city in CITIES]
    await scene.bus.run()
    shown = await scene.show()
    assert (shown["state"], shown["dispute"]) == ("settled", None)
    closed = {row["vacancy"] for row in await scene.gathered("vacancies") if not row["openings"]}
    assert set(withdrawn) <= closed
    assert not closed & {row["vacancy"] for row in await scene.gathered("places")}
    assert shown["hash"] == await _textbook_hash(scene)
    for county in COUNTIES:
        assert (await scene.get(county, f"/runs/{scene.run}/certificate")).json()["verified"] is True


async def _withdraw_first(scene: Scene, city: str) -> str:
    """The city's own jobs service says that a vacancy is withdrawn, before any card has come."""
    vacancy = (await scene.get(city, f"/supply?city={city[1:]}", "officer")).json()["items"][0]["vacancy"]
    event = VacancyWithdrawn(vacancy=UUID(vacancy), city=city[1:], reason="filled", on=AS_OF)
    await tell(scene.contexts[city], event, service="jobs")
    return str(vacancy)


@pytest.mark.parametrize("seed", [60])
async def test_a_node_may_be_county_and_city_of_one_run(nodes: Nodes, seed: int) -> None:
    """A county has vacancies of its own: people who stay are placed by the same run."""
    scene = await a_scene(nodes, seed)
    home = COUNTIES[0]
    scene.bus.strangers = [CITIES]
    await fill_city([scene.contexts[home], scene.contexts[COUNTIES[1]]], scene.random, 3)
    cities = (*CITIES, home)
    await announce_and_allot(scene, cities=cities)
    await scene.bus.run()
    shown = await scene.show()
    assert (shown["state"], shown["dispute"]) == ("settled", None)
    people, vacancies = (
        await scene.gathered("people"),
        [row for node in cities for row in await scene.rows(node, "vacancies")],
    )
    places, _, _ = textbook.play(people, vacancies, await scene.weights(), shown["seed"])
    assert shown["hash"] == textbook.fingerprint(places)


async def test_a_node_that_was_away_changes_nothing_but_the_time(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 20)
    await announce_and_allot(scene)
    await scene.bus.run(steps=40)
    scene.bus.away = {"n440300"}
    await scene.bus.run()
    assert (await scene.show())["state"] not in ("closed", "settled")
    scene.bus.away = set()
    await scene.bus.run()
    shown = await scene.show()
    assert shown["state"] == "settled"
    assert shown["hash"] == await _textbook_hash(scene)


async def test_every_county_verifies_its_own_people_with_the_signed_cutoffs(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 30)
    await announce_and_allot(scene)
    await scene.bus.run()
    for county in COUNTIES:
        certificates = (await scene.get(county, f"/runs/{scene.run}/certificate")).json()
        assert certificates["verified"] is True
        assert {each["city"] for each in certificates["certificates"]} == set(CITIES)
        assert all(each["faults"] == [] for each in certificates["certificates"])
    assert (await scene.get(PROVINCE, f"/runs/{scene.run}/certificate")).json()["verified"] is None
    await _check_nobody_is_elsewhere(scene)


async def test_only_a_table_signed_for_the_very_pass_and_its_weights_is_a_certificate(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 30)
    await announce_and_allot(scene)
    await scene.bus.run()
    [signed, *_] = (await scene.get(COUNTIES[0], f"/runs/{scene.run}/certificate")).json()["certificates"]
    county, city = scene.contexts[COUNTIES[0]], scene.contexts[signed["city"]]
    payload = json.loads(read_signed(signed["certificate"], city.node.signer.jwks))
    run = (await scene.show())["run"]
    assert payload["weights_digest"] == (await scene.show())["weights_digest"]
    one = next(iter(payload["cutoffs"]))
    wrong: list[dict[str, Any]] = [
        {"weights_digest": "0" * 64},
        {"weights": "2018.1"},
        {"number": 2},
        {"city": "n000000"},
        {"cutoffs": [1]},
        {"cutoffs": {one: {"open": "1"}}},
        {"cutoffs": {one: {"open": -1}}},
    ]
    async with county.database.reading() as tx:
        found = await store.find_run(tx, UUID(run))
        assert found is not None
        for change in ({}, *wrong):
            told = city.node.signer.sign(json.dumps({**payload, **change}).encode())
            read = review.read_table(county.node, found, found.number, CityCertificate(signed["city"], told, None, []))
            assert read == (None if change else signed["cutoffs"]), change
        other = CityCertificate(signed["city"], city.node.signer.sign(b"[]"), None, [])
        assert review.read_table(county.node, found, found.number, other) is None


async def _check_nobody_is_elsewhere(scene: Scene) -> None:
    """Neither the province nor a city holds a person's facts or place; what the convener hashed it has not kept."""
    for node in (PROVINCE, *CITIES):
        assert await scene.rows(node, "people") == []
        assert await scene.rows(node, "places") == []
    async with scene.contexts[PROVINCE].database.reading() as tx:
        connection = await tx.raw()
        assert await connection.fetchval("SELECT count(*) FROM run_statements WHERE kind = 'places'") == 0


async def test_whoever_does_not_reveal_is_named_and_the_run_is_stopped(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 32)
    await announce_and_allot(scene)
    while (await scene.show())["state"] == "announced":
        await scene.bus.run(steps=1)
    scene.bus.away = {"n433126"}
    await scene.bus.run()
    answer = await scene.post(PROVINCE, f"/runs/{scene.run}/stop", {"reason": "deadline passed"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.json()["missing"]) == ("stopped", ["n433126"])
    scene.bus.away = set()
    await scene.bus.run()
    assert {(await scene.show(node))["state"] for node in scene.contexts} == {"stopped"}


async def test_an_allotment_is_made_once_and_only_of_own_vacancies(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 33)
    await announce_and_allot(scene)
    again = await scene.post("n440300", f"/runs/{scene.run}/allotments", {"allotted": []})
    assert again.status_code == 409
    elsewhere = await scene.post("n433124", f"/runs/{scene.run}/allotments", {"allotted": []})
    assert elsewhere.status_code == 409
    wanted = {
        "counties": ["n433124"],
        "cities": ["n999999"],
        "as_of": str(AS_OF),
        "deadline": "2017-04-30",
        "weights": "1999.1",
    }
    refused = await scene.post(PROVINCE, "/runs", wanted)
    assert refused.status_code == 422
    assert {error["pointer"] for error in refused.json()["errors"]} == {"/cities/0", "/weights"}
    unknown = {"vacancy": str(scene.run), "openings": 1}
    fresh = await scene.post(PROVINCE, "/runs", {**wanted, "cities": list(CITIES), "weights": "2017.1"})
    await scene.bus.run()
    answer = await scene.post("n440300", f"/runs/{fresh.json()['run']}/allotments", {"allotted": [unknown]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/allotted/0/vacancy"


async def test_the_reasons_at_the_county_name_the_rule_the_cutoff_or_the_place(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 34)
    await announce_and_allot(scene)
    await scene.bus.run()
    kinds = set()
    supply = (await scene.get(COUNTIES[0], "/supply", "officer")).json()["items"]
    people = (await scene.get(COUNTIES[0], "/demand", "officer")).json()["people"]
    for person in people:
        for job in supply:
            said = (
                await scene.get(COUNTIES[0], f"/people/{person['person']}/explanations/{job['vacancy']}", "officer")
            ).json()
            kinds.add(said["kind"])
            assert said["zh"]
            assert said["en"]
    assert {"rule", "cutoff", "held"} <= kinds


async def test_a_pass_for_freed_places_freezes_who_said_yes_and_makes_nobody_worse_off(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 40)
    await announce_and_allot(scene)
    await scene.bus.run()
    before = await scene.gathered("places")
    signed, declined = await _decide(scene)
    answer = await scene.post(PROVINCE, f"/runs/{scene.run}/passes", None)
    assert answer.status_code == 201, answer.text
    await scene.bus.run()
    shown = await scene.show()
    assert (shown["state"], shown["pass"]) == ("settled", 2)
    assert shown["hash"] == await _textbook_hash(scene)
    after = {row["person"]: row for row in await scene.gathered("places")}
    assert not (signed | declined) & after.keys()
    for row in before:
        if row["vacancy"] and row["person"] in after:
            assert (after[row["person"]]["utility"] or 0) >= row["utility"]
    first, second = [sum(row["openings"] for row in await scene.gathered("vacancies", number)) for number in (1, 2)]
    assert first - second == len(signed)
    for county in COUNTIES:
        assert (await scene.get(county, f"/runs/{scene.run}/certificate")).json()["verified"] is True
        await _check_reasons_stay(scene, county)


async def _check_reasons_stay(scene: Scene, county: str) -> None:
    """Who said yes or no before this pass stands in it no more, and is still told why: by the last pass that had the person."""
    for state in ("agreed", "declined"):
        listed = await scene.get(county, f"/introductions?run={scene.run}&state={state}&limit=200", "officer")
        for each in listed.json()["items"]:
            path = f"/people/{each['person']}/explanations/{each['vacancy']}"
            said = await scene.get(county, path, "officer")
            assert (said.status_code, said.json()["kind"]) == (200, "held"), said.text


async def _decide(scene: Scene) -> tuple[set[str], set[str]]:
    """Of those placed every second says yes, every third of the others no; answers with their pseudonyms."""
    signed, declined = set(), set()
    for county in COUNTIES:
        held = (await scene.get(county, f"/introductions?run={scene.run}&state=held&limit=200", "officer")).json()[
            "items"
        ]
        for at, each in enumerate(held):
            path = f"/introductions/{each['id']}"
            assert (await scene.post(county, f"{path}/offer", {"on": str(AS_OF)})).status_code == 200
            if at % 2 == 0:
                signed.add(await _answered(scene, county, f"{path}/agree", {"consent": "2017.1", "on": str(AS_OF)}))
            elif at % 3 == 0:
                declined.add(await _answered(scene, county, f"{path}/decline", {"reason": "too_far", "on": str(AS_OF)}))
    assert signed
    assert declined
    return signed, declined


async def _answered(scene: Scene, county: str, path: str, body: dict[str, str]) -> str:
    answer = await scene.post(county, path, body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["pseudonym"])


async def test_the_workers_answer_messages_by_themselves_when_they_are_told_of_them(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 50)
    await announce_and_allot(scene)
    scene.bus.answers = False
    workers = [asyncio.create_task(keep_runs_moving(context)) for context in scene.contexts.values()]

    async def settled() -> bool:
        await scene.bus.run()
        return (await scene.show())["hash"] is not None

    await eventually(settled, within=120)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    assert (await scene.show())["hash"] == await _textbook_hash(scene)
