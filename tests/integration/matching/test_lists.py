"""The two lists at a county and a city: who offers, who seeks, and one statement for many changes."""

from __future__ import annotations

from datetime import date

import pytest

from libs.common.events.jobs import VacancyWithdrawn
from libs.common.service import ServiceContext
from services.matching.app import SERVICE
from services.matching.operations import lists
from tests.support.nodes import Nodes, announced, assert_nothing_parked, carry, client_of
from tests.support.telling import a_labourer, a_vacancy, a_wish, ids, tell


@pytest.fixture
async def county(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n433124")


@pytest.fixture
async def city(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n440300")


async def restate(context: ServiceContext) -> bool:
    async with context.database.transaction() as tx:
        return await lists.restate_demand(tx)


async def test_the_supply_list_shows_vacancies_with_openings_left_and_filters_them(county: ServiceContext) -> None:
    near, far = a_vacancy("430100", wage=3000, occupation="4-03"), a_vacancy("440300", wage=4500)
    full, gone = a_vacancy("440300", openings_left=0), a_vacancy("440300")
    await tell(county, near, node="n430100", service="jobs")
    await tell(
        county,
        far,
        full,
        gone,
        VacancyWithdrawn(vacancy=gone.vacancy, city="440300", reason="filled", on=gone.on),
        node="n440300",
        service="jobs",
    )
    async with client_of(county) as client:
        assert await _offered(client) == sorted(map(str, ids(near, far)))
        assert await _offered(client, city="430100") == [str(near.vacancy)]
        assert await _offered(client, wage=4000) == [str(far.vacancy)]
        assert await _offered(client, occupation="4-03") == [str(near.vacancy)]


async def _offered(client: object, **wanted: object) -> list[str]:
    answer = await client.get("/matching/v1/supply", params=wanted)  # type: ignore[attr-defined]
    assert answer.status_code == 200, answer.text
    return [item["vacancy"] for item in answer.json()["items"]]


async def test_supply_is_paged_by_its_ids(county: ServiceContext) -> None:
    offers = [a_vacancy() for _ in range(5)]
    await tell(county, *offers, node="n440300", service="jobs")
    seen, after = [], None
    async with client_of(county) as client:
        while True:
            page = (
                await client.get("/matching/v1/supply", params={"limit": 2, **({"after": after} if after else {})})
            ).json()
            seen += [item["vacancy"] for item in page["items"]]
            after = page["next"]
            if not after:
                break
        bad = await client.get("/matching/v1/supply", params={"after": "nonsense"})
    assert seen == sorted(map(str, ids(*offers)))
    assert bad.status_code == 422


async def test_no_other_node_can_change_or_withdraw_a_vacancy(county: ServiceContext) -> None:
    mine = a_vacancy("440300", wage=4200)
    await tell(county, mine, node="n440300", service="jobs")
    await tell(county, mine.model_copy(update={"wage": 1}), node="n370100", service="jobs")
    await tell(
        county,
        VacancyWithdrawn(vacancy=mine.vacancy, city="440300", reason="x", on=mine.on),
        node="n370100",
        service="jobs",
    )
    async with client_of(county) as client:
        items = (await client.get("/matching/v1/supply")).json()["items"]
    assert [item["wage"] for item in items] == [4200]
    await assert_nothing_parked(county)


async def test_many_changes_are_one_statement_and_no_change_is_none(county: ServiceContext) -> None:
    people = [a_labourer() for _ in range(40)] + [a_labourer(labourer=False), a_labourer(wish=a_wish(willing=False))]
    await tell(county, *people)
    assert await restate(county)
    assert not await restate(county)
    await tell(county, people[0])
    assert not await restate(county)
    await tell(county, people[0].model_copy(update={"labourer": False, "on": date(2017, 6, 1)}))
    assert await restate(county)
    said = [arrival.data for arrival, _ in await announced(county)]
    assert len(said) == 2
    assert '"people": 39' in said[1] or '"people":39' in said[1]
    assert all(str(person.person) not in text for person in people for text in said)


async def test_a_city_sees_the_counts_of_a_county_and_no_person(county: ServiceContext, city: ServiceContext) -> None:
    await tell(county, *[a_labourer(wish=a_wish(destinations=("440300",))) for _ in range(5)])
    await restate(county)
    await carry(county, city)
    async with client_of(city) as client:
        seen = (await client.get("/matching/v1/demand")).json()
    assert seen["people"] == []
    assert seen["items"] == [
        {
            "county": "433124",
            "as_of": "2017-04-10",
            "people": 5,
            "by_occupation": {"6-25": 5},
            "by_wage": {"4000-4499": 5},
            "by_destination": {"440300": 5},
        }
    ]


async def test_people_are_listed_for_officers_of_the_county_alone(county: ServiceContext) -> None:
    here, there = a_labourer(), a_labourer(township="边城镇")
    await tell(county, here, there)
    async with client_of(county) as officer:
        seen = (await officer.get("/matching/v1/demand", params={"limit": 1})).json()
        assert seen["next"]
        rest = (await officer.get("/matching/v1/demand", params={"limit": 1, "after": seen["next"]})).json()
        assert sorted(each["person"] for each in seen["people"] + rest["people"]) == sorted(map(str, ids(here, there)))
    async with client_of(county, "cadre", regions=["433124:边城镇"]) as cadre:
        seen = (await cadre.get("/matching/v1/demand")).json()
        assert [each["person"] for each in seen["people"]] == [str(there.person)]
    for role in ("analyst", "employer", "auditor"):
        async with client_of(county, role) as other:
            assert (await other.get("/matching/v1/demand")).json()["people"] == []
    async with client_of(county, regions=["440300"]) as stranger:
        assert (await stranger.get("/matching/v1/demand")).status_code == 403
