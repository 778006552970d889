"""Versions of the weights on real PostgreSQL: published once, kept by partners, and a run computes with the very ones it names."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.demo import textbook
from libs.common.database import new_id
from libs.common.events.matching import CommitmentMade, RunAnnounced, WeightsPublished
from libs.common.service import ServiceContext
from services.matching.app import SERVICE
from services.matching.files import WEIGHTS, weights_file
from services.matching.rules.weights_versions import canonical, digest_of
from services.matching.store import runs as store
from services.matching.workers import move_runs
from tests.integration.matching.scenes import AS_OF, CITIES, COUNTIES, PROVINCE, a_scene, announce_and_allot
from tests.support.nodes import Nodes, announced, carry, client_of
from tests.support.telling import a_labourer, tell

LIST = "/matching/v1/weights"
SHIPPED: dict[str, Any] = json.loads(weights_file("2017.1"))


def other_weights(version: str = "2018.1", **parts: Any) -> dict[str, Any]:
    """The shipped weights with other parts under another name."""
    return {**deepcopy(SHIPPED), "version": version, **parts}


async def publish(
    context: ServiceContext, weights: dict[str, Any], status: int = 201, *, role: str = "operator", key: str = ""
) -> httpx.Response:
    async with client_of(context, role) as client:
        answer = await client.post(
            LIST,
            json={"weights": weights, "note": "新一年 a new year"},
            headers={"Idempotency-Key": key} if key else {},
        )
    assert answer.status_code == status, answer.text[:500]
    return answer


async def listed(context: ServiceContext, **query: Any) -> dict[str, Any]:
    async with client_of(context, "analyst") as client:
        page: dict[str, Any] = (await client.get(LIST, params=query)).json()
    return page


def told(node: str, weights: dict[str, Any], digest: str = "") -> WeightsPublished:
    return WeightsPublished(
        node=node,
        version=weights["version"],
        digest=digest or digest_of(canonical(weights)),
        weights=weights,
        published_at=datetime(2018, 1, 10, tzinfo=UTC),
    )


def a_run(weights: dict[str, Any] | None, version: str = "2018.1") -> RunAnnounced:
    return RunAnnounced(
        run=new_id(),
        convener=PROVINCE,
        counties=("n433124",),
        cities=("n440300",),
        as_of=AS_OF,
        weights=version,
        deadline=date(2018, 4, 30),
        weights_digest=digest_of(canonical(weights)) if weights else None,
    )


async def commitments(context: ServiceContext) -> list[UUID]:
    """Runs to which the office has committed, once its worker has had a turn."""
    await move_runs(context)
    said = [arrival.data for arrival, _ in await announced(context) if arrival.envelope.type == CommitmentMade.TYPE]
    return [CommitmentMade.model_validate_json(data).run for data in said]


async def disputed(context: ServiceContext, run: UUID) -> str | None:
    async with context.database.reading() as tx:
        found = await store.find_run(tx, run)
    assert found
    return found.dispute


@pytest.fixture
async def county(nodes: Nodes) -> ServiceContext:
    context = await nodes.open(SERVICE, "n433124")
    await tell(context, a_labourer())
    return context


@pytest.fixture
async def province(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, PROVINCE)


async def test_the_shipped_files_begin_the_history_everywhere(county: ServiceContext) -> None:
    shipped = {path.stem: canonical(json.loads(path.read_text(encoding="utf-8"))) for path in WEIGHTS.glob("*.json")}
    items = (await listed(county))["items"]
    assert {each["version"]: each["digest"] for each in items} == {
        name: digest_of(text) for name, text in shipped.items()
    }
    assert {each["node"] for each in items} == {"shipped"}
    assert (items[-1]["before"], items[-1]["changes"]) == (None, [])


async def test_a_version_is_published_with_its_differences_and_its_file_bears_out_the_digest(
    province: ServiceContext,
) -> None:
    fresh = other_weights(relatives=70, group_points={**SHIPPED["group_points"], "disabled": 90})
    made = (await publish(province, fresh)).json()
    assert (made["node"], made["version"], made["published_by"], made["before"]) == (
        PROVINCE,
        "2018.1",
        "operator-1",
        "2017.1",
    )
    assert made["changes"] == [
        {"pointer": "/group_points/disabled", "from": 60, "to": 90},
        {"pointer": "/relatives", "from": 80, "to": 70},
    ]
    async with client_of(province, "cadre") as reader:
        file = await reader.get(f"{LIST}/2018.1")
        again = await reader.get(f"{LIST}/2018.1", headers={"If-None-Match": file.headers["ETag"]})
        assert (await reader.get(f"{LIST}/2099.1")).status_code == 404
        assert (await reader.get(f"{LIST}/a%00")).status_code == 422
        assert (await reader.get(f"{LIST}/2018.1", params={"node": "n440300"})).status_code == 404
    assert file.json() == fresh
    assert hashlib.sha256(file.content).hexdigest() == made["digest"]
    assert file.headers["ETag"] == f'"{made["digest"]}"'
    assert (again.status_code, again.content) == (304, b"")


async def test_the_list_goes_from_the_newest_to_the_first_page_by_page(province: ServiceContext) -> None:
    for number in (1, 2, 3):
        await publish(province, other_weights(f"2018.{number}", relatives=80 - number))
    seen, after = [], None
    while after or not seen:
        page = await listed(province, limit=1, **({"after": after} if after else {}))
        seen += [
            (each["version"], each["before"], [change["to"] for change in each["changes"]]) for each in page["items"]
        ]
        after = page["next"]
    assert seen == [
        ("2018.3", "2018.2", [77]),
        ("2018.2", "2018.1", [78]),
        ("2018.1", "2017.1", [79]),
        ("2017.1", None, []),
    ]


async def test_a_version_never_changes_and_is_told_of_once(province: ServiceContext) -> None:
    first = await publish(province, other_weights(), key="one")
    repeated = await publish(province, other_weights(), key="one")
    assert repeated.headers["Idempotent-Replayed"] == "true"
    assert first.json() == repeated.json() == (await publish(province, other_weights())).json()
    for taken in (other_weights(relatives=1), other_weights("2017.1", relatives=1)):
        assert (await publish(province, taken, 409)).json()["type"] == "urn:xieli:problem:version-taken"
    await publish(province, SHIPPED)
    assert [arrival.envelope.type for arrival, _ in await announced(province)] == [WeightsPublished.TYPE]


async def test_what_is_wrong_is_named_by_pointer_and_who_may_not_publish_is_refused(province: ServiceContext) -> None:
    shape = other_weights("2018.1", relatives=-1, remark=1, wage={"numerator": 1, "half_span": 10})
    answer = await publish(province, shape, 422)
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/weights/relatives",
        "/weights/remark",
        "/weights/wage/denominator",
    }
    answer = await publish(province, other_weights(agreement=900), 422)
    assert "/weights/agreement" in {error["pointer"] for error in answer.json()["errors"]}
    answer = await publish(province, other_weights("2018/1"), 422)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/weights/version"]
    far = {f"{county:06}": {f"{city:06}": 1 for city in range(300)} for county in range(200)}
    answer = await publish(province, other_weights(closeness=far), 422)
    assert [error["code"] for error in answer.json()["errors"]] == ["too_large"]
    for role in ("officer", "auditor", "analyst", "cadre", "employer"):
        await publish(province, other_weights(), 403, role=role)
    assert len((await listed(province))["items"]) == 1


async def test_two_nodes_may_use_one_name_and_nothing_mixes(
    nodes: Nodes, county: ServiceContext, province: ServiceContext
) -> None:
    city = await nodes.open(SERVICE, "n440300")
    theirs, ours = other_weights(relatives=10), other_weights(relatives=20)
    await publish(province, theirs)
    await publish(city, ours)
    await carry(county, city, province)
    for context in (county, city, province):
        items = (await listed(context))["items"]
        assert {(each["node"], each["changes"][0]["to"]) for each in items if each["changes"]} == {
            (PROVINCE, 10),
            ("n440300", 20),
        }
    async with client_of(city) as reader:
        assert (await reader.get(f"{LIST}/2018.1")).json() == ours
        assert (await reader.get(f"{LIST}/2018.1", params={"node": PROVINCE})).json() == theirs
        assert {each["published_by"] for each in (await listed(county))["items"]} == {None}


@pytest.mark.parametrize(
    ("event", "source"),
    [
        (told("n440300", other_weights()), PROVINCE),
        (told(PROVINCE, other_weights(), digest="0" * 64), PROVINCE),
        (told(PROVINCE, other_weights()).model_copy(update={"version": "2018.2"}), PROVINCE),
        (told(PROVINCE, other_weights(agreement=900)), PROVINCE),
        (told(PROVINCE, other_weights(remark=1)), PROVINCE),
        (told(PROVINCE, other_weights("2018/1")), PROVINCE),
    ],
    ids=[
        "in another's name",
        "another digest",
        "another version",
        "out of range",
        "a key nobody knows",
        "no name for an address",
    ],
)
async def test_weights_that_are_not_what_they_say_are_not_kept(
    county: ServiceContext, event: WeightsPublished, source: str
) -> None:
    await tell(county, event, node=source, service="matching")
    assert len((await listed(county))["items"]) == 1


async def test_a_run_heard_of_before_its_weights_waits_for_them(county: ServiceContext) -> None:
    weights = other_weights()
    run, elsewhere = a_run(weights), a_run(other_weights("2018.2"), "2018.2")
    await tell(county, run, elsewhere, node=PROVINCE, service="matching")
    assert await commitments(county) == []
    async with client_of(county, "auditor") as auditor:
        missing = await auditor.get(f"/matching/v1/runs/{run.run}/weights.json")
        assert (missing.status_code, missing.json()["type"]) == (409, "urn:xieli:problem:weights-missing")
        await tell(county, told("n440300", weights), node="n440300", service="matching")
        assert await commitments(county) == []
        await tell(county, told(PROVINCE, weights), node=PROVINCE, service="matching")
        assert (await auditor.get(f"/matching/v1/runs/{run.run}/weights.json")).json() == weights
    await tell(county, told(PROVINCE, weights), node=PROVINCE, service="matching")
    assert await commitments(county) == [run.run]


async def test_a_city_cannot_allot_before_the_weights_are_here(nodes: Nodes) -> None:
    city, weights = await nodes.open(SERVICE, "n440300"), other_weights()
    run = a_run(weights)
    await tell(city, run, node=PROVINCE, service="matching")
    async with client_of(city) as officer:
        early = await officer.post(f"/matching/v1/runs/{run.run}/allotments", json={"allotted": []})
        await tell(city, told(PROVINCE, weights), node=PROVINCE, service="matching")
        later = await officer.post(f"/matching/v1/runs/{run.run}/allotments", json={"allotted": []})
    assert (early.status_code, early.json()["type"], later.status_code) == (
        409,
        "urn:xieli:problem:weights-missing",
        201,
    )
    assert await commitments(city) == [run.run]


@pytest.mark.parametrize("weights_first", [True, False])
async def test_a_convener_that_published_other_weights_under_the_name_is_disputed(
    county: ServiceContext, weights_first: bool
) -> None:
    run = a_run(other_weights(relatives=1))
    events = [told(PROVINCE, other_weights(relatives=2)), run]
    for event in events if weights_first else reversed(events):
        await tell(county, event, node=PROVINCE, service="matching")
    await tell(county, told(PROVINCE, other_weights(relatives=1)), node=PROVINCE, service="matching")
    assert await commitments(county) == []
    assert "2018.1" in (await disputed(county, run.run) or "")


async def test_a_convener_of_an_earlier_day_means_the_shipped_weights(county: ServiceContext) -> None:
    await tell(county, told(PROVINCE, other_weights()), node=PROVINCE, service="matching")
    old, unknown = a_run(None, "2017.1"), a_run(None, "2018.1")
    await tell(county, old, unknown, node=PROVINCE, service="matching")
    assert await commitments(county) == [old.run]
    assert await disputed(county, unknown.run) is None


async def test_a_run_computes_with_the_published_weights_at_every_node(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 60)
    weights = other_weights(
        occupation_utility={"same": 200, "major": 100, "other": 20, "general_floor": 90},
        destination=[10, 5, 0],
        agreement=7,
    )
    await publish(scene.contexts[PROVINCE], weights)
    await announce_and_allot(scene, weights="2018.1")
    await scene.bus.run()
    shown = await scene.show()
    digests = {(await scene.show(node))["weights_digest"] for node in scene.contexts}
    assert (shown["state"], shown["weights"], digests) == ("settled", "2018.1", {digest_of(canonical(weights))})
    for node in (*COUNTIES, *CITIES):
        assert (await scene.get(node, f"/runs/{scene.run}/weights.json")).json() == weights
    people, vacancies = await scene.gathered("people"), await scene.gathered("vacancies")
    assert shown["hash"] == textbook.fingerprint(textbook.play(people, vacancies, weights, shown["seed"])[0])
    persons, jobs = {each["person"]: each for each in people}, {each["vacancy"]: each for each in vacancies}
    placed = [each for each in await scene.gathered("places") if each["vacancy"]]
    assert placed
    for each in placed:
        person, job = persons[each["person"]], jobs[each["vacancy"]]
        assert (each["utility"], each["priority"]) == (
            textbook.worth(person, job, weights),
            textbook.claim(person, job, weights),
        )
        assert each["utility"] < textbook.worth(person, job, SHIPPED)
    for county in COUNTIES:
        assert (await scene.get(county, f"/runs/{scene.run}/certificate")).json()["verified"] is True
