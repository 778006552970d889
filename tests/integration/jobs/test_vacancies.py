"""A vacancy's life over HTTP: listed, changed, vetted, withdrawn, and what its hires do to openings."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from libs.common.database import new_id
from libs.common.events.envelope import Envelope, Event
from libs.common.events.jobs import JobsIndicatorsStated, VacancyAnnounced, VacancyWithdrawn
from libs.common.events.matching import IntroductionHired, IntroductionReleased
from libs.common.events.retention import SpellEnded, SpellStarted
from libs.common.inbox import Arrival
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE
from tests.integration.jobs.test_imports import import_file
from tests.support.nodes import Nodes, announced, assert_nothing_parked, client_of

FIRM, OTHER = "91440300XL0000066R", "91440300XL0000015H"


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    opened = await nodes.open(SERVICE, "n440300")
    async with client_of(opened) as client:
        await import_file(client, "employers")
        await import_file(client, "vacancies")
    return opened


@pytest.fixture
async def client(context: ServiceContext) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(context) as opened:
        yield opened


async def listed(client: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = (await client.get("/jobs/v1/vacancies", params={"limit": 40, **params, **after})).json()
        items += page["items"]
        if page["next"] is None:
            return items
        after = {"after": page["next"]}


async def told(context: ServiceContext, kind: type[Event]) -> list[Any]:
    return [
        kind(**json.loads(arrival.data))
        for arrival, _ in await announced(context)
        if arrival.envelope.type == kind.TYPE
    ]


async def change(client: httpx.AsyncClient, vacancy: str, **fields: Any) -> httpx.Response:
    etag = (await client.get(f"/jobs/v1/vacancies/{vacancy}")).headers["ETag"]
    return await client.patch(f"/jobs/v1/vacancies/{vacancy}", json=fields, headers={"If-Match": etag})


async def hear(context: ServiceContext, event: Event, sequence: int) -> None:
    envelope = Envelope(
        id=new_id(),
        source="/n440300/matching",
        type=event.TYPE,
        time=context.node.clock.now(),
        topic=f"home.{event.AGGREGATE}",
        partition=0,
        sequence=sequence,
        key=event.key(),
    )
    await context.inbox.receive([Arrival(envelope, event.model_dump_json())])
    await assert_nothing_parked(context)


async def test_the_list_is_paged_and_narrowed(client: httpx.AsyncClient) -> None:
    everything = await listed(client)
    assert len({item["id"] for item in everything}) == 109
    vetted = await listed(client, state="vetted")
    assert len(vetted) == 101
    assert len(await listed(client, state="refused")) == 8
    forklift = await listed(client, occupation="6-30")
    assert forklift
    assert all(item["occupation"] == "6-30" for item in forklift)
    assert all(item["wage"] >= 5000 for item in await listed(client, wage_from=5000))
    assert {tuple(item["reserved"]) for item in await listed(client, reserved=True)} == {("older_or_low_schooled",)}
    assert len(await listed(client, reserved=True)) + len(await listed(client, reserved=False)) == 109


async def test_an_officer_adds_what_the_sheet_lacks_and_it_is_announced_again(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    vacancy = (await listed(client, state="vetted"))[0]["id"]
    terms = {
        "starts_by": "2017-04-20",
        "demands": ["standing"],
        "accommodations": ["sign_language"],
        "experience_points": 5,
    }
    changed = await change(client, vacancy, **terms, on="2017-04-01")
    assert changed.status_code == 200
    assert {name: changed.json()[name] for name in terms} == terms
    last = (await told(context, VacancyAnnounced))[-1]
    assert (str(last.vacancy), last.accommodations, last.starts_by) == (vacancy, ("sign_language",), date(2017, 4, 20))
    assert last.on == date(2017, 4, 1)


async def test_a_change_says_which_version_it_is_based_on(client: httpx.AsyncClient) -> None:
    vacancy = (await listed(client))[0]["id"]
    address = f"/jobs/v1/vacancies/{vacancy}"
    assert (await client.patch(address, json={"experience_points": 3})).status_code == 428
    assert (await change(client, vacancy, experience_points=3)).status_code == 200
    assert (await client.patch(address, json={"experience_points": 4}, headers={"If-Match": '"v1"'})).status_code == 412


async def test_unknown_names_and_impossible_terms_are_refused_by_pointer(client: httpx.AsyncClient) -> None:
    vacancy = (await listed(client, state="vetted"))[0]
    answer = await change(
        client,
        vacancy["id"],
        demands=["standing", "flying"],
        accommodations=["sauna"],
        occupation="welder",
        wage=1000,
        reserved={"older_or_low_schooled": vacancy["openings"] + 1},
    )
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/demands/1",
        "/accommodations/0",
        "/occupation",
        "/wage",
        "/reserved",
    }
    assert (await change(client, vacancy["id"], experience_points=16)).json()["errors"][0][
        "pointer"
    ] == "/experience_points"


async def test_vetting_is_decided_with_reasons(context: ServiceContext, client: httpx.AsyncClient) -> None:
    refused = (await listed(client, state="refused"))[0]
    assert refused["reasons"][0]["law"]
    address = f"/jobs/v1/vacancies/{refused['id']}/vet"
    assert (await client.post(address, json={"decision": "pass"})).status_code == 422
    passed = await client.post(address, json={"decision": "pass", "reasons": ["企业已改正用语"], "on": "2017-04-02"})
    assert (passed.status_code, passed.json()["state"]) == (200, "vetted")
    assert str((await told(context, VacancyAnnounced))[-1].vacancy) == refused["id"]
    assert (await client.post(address, json={"decision": "refuse", "reasons": []})).status_code == 422
    await client.post(address, json={"decision": "refuse", "reasons": ["discriminatory_sex"], "on": "2017-04-03"})
    assert str((await told(context, VacancyWithdrawn))[-1].vacancy) == refused["id"]


async def test_a_withdrawn_vacancy_is_told_and_stays_withdrawn(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    vacancy = (await listed(client, state="vetted"))[0]
    address = f"/jobs/v1/vacancies/{vacancy['id']}/withdraw"
    assert (await client.post(address, json={"reason": "已招满", "on": "2017-05-01"})).json()["state"] == "withdrawn"
    assert (await client.post(address, json={"reason": "已招满"})).status_code == 409
    assert [str(event.vacancy) for event in await told(context, VacancyWithdrawn)] == [vacancy["id"]]
    stated = (await told(context, JobsIndicatorsStated))[-1]
    assert (stated.as_of, stated.figures["vacancies"], stated.figures["openings"]) == (
        date(2017, 5, 1),
        100,
        3031 - vacancy["openings"],
    )


async def test_a_vacancy_is_entered_once_however_often_it_is_sent(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    body = {
        "employer_uscc": FIRM,
        "title": "叉车司机",
        "openings": 3,
        "wage": 4500,
        "offers": ["board"],
        "on": "2017-04-01",
    }
    first = await client.post("/jobs/v1/vacancies", json=body, headers={"Idempotency-Key": "one"})
    again = await client.post("/jobs/v1/vacancies", json=body, headers={"Idempotency-Key": "one"})
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert (first.json()["state"], first.json()["occupation"], first.json()["starts_by"]) == (
        "vetted",
        "6-30",
        "2017-06-30",
    )
    assert len(await listed(client, employer=FIRM, occupation="6-30")) == 2
    unknown = await client.post("/jobs/v1/vacancies", json=body | {"employer_uscc": "91440300XL9999996M"})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (404, "/employer_uscc")


async def test_discriminatory_words_are_refused_at_the_door_of_vetting(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    body = {"employer_uscc": FIRM, "title": "普工，只招女工", "openings": 3, "wage": 4500}
    created = (await client.post("/jobs/v1/vacancies", json=body)).json()
    assert (created["state"], created["reasons"][0]["code"]) == ("refused", "discriminatory_sex")


async def test_an_employer_sees_and_changes_its_own_vacancies_only(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    foreign = next(item for item in await listed(client, state="vetted") if item["employer_uscc"] != FIRM)
    async with client_of(context, "employer", organisation=FIRM) as firm:
        own = await listed(firm)
        assert own
        assert {item["employer_uscc"] for item in own} == {FIRM}
        assert (await firm.get(f"/jobs/v1/vacancies/{foreign['id']}")).status_code == 404
        assert (await change(firm, own[0]["id"], openings=own[0]["openings"] + 1)).status_code == 200
        assert (await firm.post(f"/jobs/v1/vacancies/{own[0]['id']}/vet", json={"decision": "pass"})).status_code == 403
        body = {"employer_uscc": OTHER, "title": "普工", "openings": 1, "wage": 4500}
        assert (await firm.post("/jobs/v1/vacancies", json=body)).status_code == 403
        waiting = (await firm.post("/jobs/v1/vacancies", json=body | {"employer_uscc": FIRM})).json()
        assert waiting["state"] == "pending"
    passed = await client.post(f"/jobs/v1/vacancies/{waiting['id']}/vet", json={"decision": "pass", "on": "2017-04-01"})
    assert passed.json()["state"] == "vetted"


async def test_contacts_are_for_officers(context: ServiceContext, client: httpx.AsyncClient) -> None:
    employers = (await client.get("/jobs/v1/employers", params={"designated": True, "limit": 100})).json()["items"]
    assert len(employers) == 23
    assert employers[0]["phone"]
    async with client_of(context, "analyst") as analyst:
        shown = (await analyst.get(f"/jobs/v1/employers/{employers[0]['id']}")).json()
    assert (shown["name"], shown["contact"], shown["phone"]) == (employers[0]["name"], None, None)


async def test_a_hire_takes_one_opening_once_and_the_end_of_the_spell_gives_it_back(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    vacancy = next(item for item in await listed(client, state="vetted") if item["openings"] == 5)
    introduction = new_id()
    about: dict[str, Any] = {
        "introduction": introduction,
        "county": "433124",
        "city": "440300",
        "vacancy": vacancy["id"],
    }
    hired = IntroductionHired(**about, on=date(2017, 4, 10), wage=4500)
    await hear(context, hired, 1)
    await hear(context, hired, 2)
    assert (await client.get(f"/jobs/v1/vacancies/{vacancy['id']}")).json()["openings_left"] == 4
    assert [event.openings_left for event in await told(context, VacancyAnnounced)][-1] == 4
    ended = SpellEnded(spell=new_id(), **about, end=date(2017, 7, 1), reason="own_wish")
    await hear(context, ended, 3)
    await hear(context, ended, 4)
    assert (await client.get(f"/jobs/v1/vacancies/{vacancy['id']}")).json()["openings_left"] == 5
    stated = {event.as_of: event.figures["openings_left"] for event in await told(context, JobsIndicatorsStated)}
    assert stated == {date(2017, 3, 31): 3031, date(2017, 4, 10): 3030, date(2017, 7, 1): 3031}


async def test_an_opening_follows_the_last_step_whatever_came_first(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    """Hired, not turned up, hired again; the same told again, the end of work before its hire: as many are taken as have the place."""
    vacancy = next(item for item in await listed(client, state="vetted") if item["openings"] == 5)
    place = {"county": "433124", "city": "440300", "vacancy": vacancy["id"]}
    one = {**place, "introduction": new_id(), "on": date(2017, 4, 10)}
    hired, gone = (
        IntroductionHired(**one, turn=5, wage=4500),
        IntroductionReleased(**one, turn=6, state="no_show", reason="did_not_come"),
    )
    again = IntroductionHired(**one, turn=7, wage=4500)
    left = {**place, "introduction": new_id()}
    ended = SpellEnded(spell=new_id(), **left, end=date(2017, 7, 1), reason="own_wish")
    late = IntroductionHired(**left, turn=5, on=date(2017, 4, 10), wage=4500)
    seen = []
    for number, event in enumerate((hired, gone, hired, gone, again, gone, ended, late), start=1):
        await hear(context, event, number)
        seen.append((await client.get(f"/jobs/v1/vacancies/{vacancy['id']}")).json()["openings_left"])
    assert seen == [4, 5, 5, 5, 4, 4, 4, 4]


async def test_a_transfer_takes_an_opening_once_and_gives_it_back(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    vacancy = next(item for item in await listed(client, state="vetted") if item["openings"] == 5)
    about: dict[str, Any] = {
        "spell": new_id(),
        "introduction": new_id(),
        "county": "433124",
        "city": "440300",
        "vacancy": vacancy["id"],
    }
    began = SpellStarted(**about, start=date(2017, 4, 21), wage_fen=360000, previous=new_id())
    await hear(context, began, 1)
    await hear(context, began, 2)
    assert (await client.get(f"/jobs/v1/vacancies/{vacancy['id']}")).json()["openings_left"] == 4
    await hear(context, SpellEnded(**about, end=date(2017, 7, 1), reason="own_wish"), 3)
    assert (await client.get(f"/jobs/v1/vacancies/{vacancy['id']}")).json()["openings_left"] == 5


async def test_an_earlier_change_restates_every_later_date(context: ServiceContext, client: httpx.AsyncClient) -> None:
    vacancy = next(item for item in await listed(client, state="vetted") if item["openings"] == 5)
    for sequence, day in enumerate((date(2017, 5, 2), date(2017, 4, 10)), start=1):
        about: dict[str, Any] = {
            "introduction": new_id(),
            "county": "433124",
            "city": "440300",
            "vacancy": vacancy["id"],
        }
        await hear(context, IntroductionHired(**about, on=day, wage=4500), sequence)
    stated = {event.as_of: event.figures["openings_left"] for event in await told(context, JobsIndicatorsStated)}
    assert stated == {date(2017, 3, 31): 3031, date(2017, 4, 10): 3030, date(2017, 5, 2): 3029}


async def test_an_opening_that_the_employer_does_not_fill_again_stays_closed(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    vacancy = next(item for item in await listed(client, state="vetted") if item["openings"] == 5)
    await change(client, vacancy["id"], refills=False)
    about: dict[str, Any] = {"introduction": new_id(), "county": "433124", "city": "440300", "vacancy": vacancy["id"]}
    await hear(context, IntroductionHired(**about, on=date(2017, 4, 10), wage=4500), 1)
    await hear(context, SpellEnded(spell=new_id(), **about, end=date(2017, 7, 1), reason="employer_notice"), 2)
    assert (await client.get(f"/jobs/v1/vacancies/{vacancy['id']}")).json()["openings_left"] == 4


async def test_nobody_gets_in_without_a_token_or_a_role(context: ServiceContext, client: httpx.AsyncClient) -> None:
    assert (await client.get("/jobs/v1/vacancies", headers={"Authorization": ""})).status_code == 401
    async with client_of(context, "operator") as operator:
        assert (await operator.get("/jobs/v1/vacancies")).status_code == 403
    async with client_of(context, regions=["430100"]) as elsewhere:
        assert (await elsewhere.get("/jobs/v1/vacancies")).status_code == 403
    assert (await client.get(f"/jobs/v1/vacancies/{new_id()}")).status_code == 404
