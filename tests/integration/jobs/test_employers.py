"""An employer's entry over HTTP: entered, corrected on the version that was read, vetted and appealed, merged, blacklisted for a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from libs.common.calendar import add_days
from libs.common.database import new_id
from libs.common.events.jobs import EmployersMerged, JobsIndicatorsStated, VacancyAnnounced, VacancyWithdrawn
from libs.common.events.matching import IntroductionHired
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE
from services.jobs.workers import settle_day
from tests.integration.jobs.test_imports import import_file
from tests.integration.jobs.test_vacancies import change as change_vacancy
from tests.integration.jobs.test_vacancies import hear, told
from tests.support.nodes import Nodes, client_of

FIRM, OTHER, COLLECTIVE = "91440300MA5PX00173", "440301103097413", "N2433124MF00000135"
FIRMS = "/jobs/v1/employers"
FACTS = {"licence": "440306110000067", "contact": "王主任", "phone": "0755-27000067"}
TODAY, YESTERDAY = "2017-05-02", "2017-05-01"


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n440300")


@pytest.fixture
async def client(context: ServiceContext) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(context) as opened:
        yield opened


async def enter(client: httpx.AsyncClient, uscc: str = FIRM, **more: Any) -> dict[str, Any]:
    body = {"uscc": uscc, "name": "深圳参宿食品有限公司", "on": TODAY, **more}
    answer = await client.post(FIRMS, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def act(client: httpx.AsyncClient, employer: str, verb: str, **body: Any) -> httpx.Response:
    return await client.post(f"{FIRMS}/{employer}/{verb}", json=body)


async def change(client: httpx.AsyncClient, employer: str, **said: Any) -> httpx.Response:
    etag = (await client.get(f"{FIRMS}/{employer}")).headers["ETag"]
    return await client.patch(f"{FIRMS}/{employer}", json=said, headers={"If-Match": etag})


async def offer(client: httpx.AsyncClient, uscc: str = FIRM, **more: Any) -> str:
    body = {"employer_uscc": uscc, "title": "叉车司机", "openings": 3, "wage": 4500, "on": TODAY, **more}
    answer = await client.post("/jobs/v1/vacancies", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_an_officers_entry_is_listed_and_a_second_one_is_shown_the_first(client: httpx.AsyncClient) -> None:
    made = await enter(client, COLLECTIVE, **FACTS)
    assert (made["state"], made["contact"], made["phone"]) == ("listed", "王主任", "0755-27000067")
    again = await client.post(FIRMS, json={"uscc": COLLECTIVE, "name": "麻栗场村合作社"})
    assert (again.status_code, again.json()["known_as"]) == (409, f"{FIRMS}/{made['id']}")
    wrong = await client.post(FIRMS, json={"uscc": "N2433124MF00000136", "name": "麻栗场村合作社"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/uscc")


async def test_two_officers_who_enter_one_firm_at_once_make_one_entry(client: httpx.AsyncClient) -> None:
    body = {"uscc": FIRM, "name": "深圳参宿食品有限公司"}
    answers = await asyncio.gather(*(client.post(FIRMS, json=body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_the_list_is_searched_narrowed_sorted_counted_and_paged(client: httpx.AsyncClient) -> None:
    await import_file(client, "employers")
    await enter(client, name="一二三 100% 食品")

    async def names(**asked: Any) -> list[str]:
        found: list[str] = []
        after: str | None = ""
        while after is not None:
            page = (await client.get(FIRMS, params={"limit": 30, **asked} | ({"after": after} if after else {}))).json()
            found, after = found + [item["name"] for item in page["items"]], page["next"]
        assert (await client.get(f"{FIRMS}/counts", params={k: v for k, v in asked.items() if k != "sort"})).json() == {
            "employers": len(found)
        }
        return found

    everybody = await names()
    assert len(set(everybody)) == len(everybody) > 70
    assert await names(q="100%") == await names(q="00173") == ["一二三 100% 食品"]
    assert await names(q="_") == []
    assert set(await names(sort="name")) == set(everybody)
    assert len(await names(designated=True)) + len(await names(designated=False)) == len(everybody)
    assert len(await names(base=True)) + len(await names(blacklisted=True)) < len(everybody)


async def test_a_correction_rests_on_the_version_that_was_read_and_stands_in_the_history(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    made = await enter(client, **FACTS)
    await offer(client)
    here = f"{FIRMS}/{made['id']}"
    assert (await client.patch(here, json={"staff": 8})).status_code == 428
    renamed = await change(client, made["id"], name="深圳市参宿食品有限公司", phone="0755-1", reason="换了招牌")
    assert (renamed.status_code, renamed.json()["phone"]) == (200, "0755-1")
    stale = await client.patch(here, json={"staff": 8, "phone": "0755-2"}, headers={"If-Match": '"v1"'})
    assert (stale.status_code, stale.json()["current"]) == (412, {"staff": None, "phone": "0755-1"})
    assert (await told(context, VacancyAnnounced))[-1].employer_name == "深圳市参宿食品有限公司"
    history = (await client.get(f"{here}/history")).json()["items"]
    assert {(each["field"], each["before"], each["after"]) for each in history} == {
        ("entered", "", "深圳参宿食品有限公司"),
        ("name", "深圳参宿食品有限公司", "深圳市参宿食品有限公司"),
        ("phone", "0755-27000067", "0755-1"),
    }
    async with client_of(context, "auditor") as auditor:
        seen = (await auditor.get(f"{here}/history")).json()["items"]
    assert {each["after"] for each in seen if each["field"] == "phone"} == {"0755-1"[:3].ljust(11, "*")}


async def test_a_sheet_that_says_otherwise_overwrites_nothing_in_silence(client: httpx.AsyncClient) -> None:
    await import_file(client, "employers")
    first = (await client.get(FIRMS, params={"limit": 1})).json()["items"][0]
    await change(client, first["id"], name="深圳另一个名字有限公司")
    await import_file(client, "employers")
    newest = (await client.get(f"{FIRMS}/{first['id']}/history", params={"limit": 1})).json()["items"][0]
    assert (newest["source"], newest["field"], newest["after"]) == ("file", "name", first["name"])


async def test_a_firm_registers_itself_is_refused_appeals_in_time_and_is_let_in(context: ServiceContext) -> None:
    async with client_of(context) as officer, client_of(context, "employer", organisation=COLLECTIVE) as firm:
        bare = await firm.post(FIRMS, json={"uscc": COLLECTIVE, "name": "麻栗场村合作社"})
        assert {error["pointer"] for error in bare.json()["errors"]} == {"/licence", "/contact", "/phone"}
        assert (await firm.post(FIRMS, json={"uscc": FIRM, "name": "别人", **FACTS})).status_code == 403
        made = await enter(firm, COLLECTIVE, **FACTS)
        assert made["state"] == "pending"
        early = await firm.post(
            "/jobs/v1/vacancies", json={"employer_uscc": COLLECTIVE, "title": "采茶", "openings": 2}
        )
        assert (early.status_code, early.json()["type"]) == (409, "urn:xieli:problem:employer-not-listed")
        assert (await act(officer, made["id"], "vet", decision="refuse")).status_code == 422
        blind = await act(officer, made["id"], "vet", decision="pass")
        assert blind.json()["errors"][0]["pointer"] == "/contact_confirmed"
        refused = await act(officer, made["id"], "vet", decision="refuse", reasons=["执照已过期"], on="2017-05-03")
        assert (refused.json()["state"], refused.json()["appeal_by"]) == ("refused", "2017-07-02")
        late = await act(firm, made["id"], "appeal", words="已换新执照", on="2017-07-03")
        assert (late.status_code, late.json()["type"]) == (409, "urn:xieli:problem:appeal-too-late")
        assert "2017-07-02" in late.json()["detail"]
        appealed = await act(firm, made["id"], "appeal", words="已换新执照", on="2017-07-02")
        assert appealed.json()["state"] == "pending"
        again = await act(officer, made["id"], "vet", decision="refuse", reasons=["仍不符"], on="2017-07-05")
        assert again.json()["appeal_by"] is None
        assert (await act(firm, made["id"], "appeal", words="再看看", on="2017-07-06")).status_code == 409
        passed = await act(officer, made["id"], "vet", decision="pass", contact_confirmed=True, on="2017-07-08")
        assert (passed.json()["state"], passed.json()["contact_confirmed_on"]) == ("listed", "2017-07-08")
        posted = await firm.post(
            "/jobs/v1/vacancies", json={"employer_uscc": COLLECTIVE, "title": "采茶", "openings": 2}
        )
        assert (posted.status_code, posted.json()["state"]) == (201, "pending")


async def test_a_firm_sees_itself_alone(context: ServiceContext, client: httpx.AsyncClient) -> None:
    other = await enter(client)
    await offer(client)
    async with client_of(context, "employer", organisation=COLLECTIVE) as firm:
        made = await enter(firm, COLLECTIVE, **FACTS)
        assert [item["id"] for item in (await firm.get(FIRMS)).json()["items"]] == [made["id"]]
        assert (await firm.get(f"{FIRMS}/counts")).json() == {"employers": 1}
        assert (await firm.get(f"{FIRMS}/{other['id']}")).status_code == 404
        assert (await firm.get(f"{FIRMS}/{other['id']}/history")).status_code == 404
        assert (await change(firm, made["id"], staff=8)).json()["staff"] == 8
        etag = {"If-Match": '"v1"'}
        assert (await firm.patch(f"{FIRMS}/{other['id']}", json={"staff": 8}, headers=etag)).status_code == 404
        assert (await firm.get("/jobs/v1/vacancies")).json()["items"] == []


async def test_of_two_entries_of_one_firm_one_stands_for_both(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    stays = await enter(client)
    goes = await enter(client, OTHER, name="深圳参宿食品厂", **FACTS)
    vacancy, gone = await offer(client, OTHER), await offer(client, OTHER)
    await client.post(f"/jobs/v1/vacancies/{gone}/withdraw", json={"reason": "已招满", "on": TODAY})
    itself = await act(client, stays["id"], "merge", goes=FIRM, reason="同一家")
    assert itself.json()["errors"][0]["pointer"] == "/goes"
    merged = (await act(client, stays["id"], "merge", goes=OTHER, reason="旧注册号", on=TODAY)).json()
    assert (merged["contact"], merged["licence"]) == ("王主任", FACTS["licence"])
    for each in (vacancy, gone):
        carried = (await client.get(f"/jobs/v1/vacancies/{each}")).json()
        assert (carried["employer"], carried["employer_uscc"]) == (stays["id"], FIRM)
    (event,) = await told(context, EmployersMerged)
    assert (event.former_uscc, event.uscc, str(event.goes)) == (OTHER, FIRM, goes["id"])
    last = (await told(context, VacancyAnnounced))[-1]
    assert (str(last.vacancy), last.employer_uscc) == (vacancy, FIRM)
    assert [item["id"] for item in (await client.get(FIRMS)).json()["items"]] == [stays["id"]]
    assert (await client.get(f"{FIRMS}/{goes['id']}")).json()["merged_into"] == stays["id"]
    assert (await change(client, goes["id"], staff=8)).json()["merged_into"] == f"{FIRMS}/{stays['id']}"
    assert (await client.get(f"/jobs/v1/vacancies/{await offer(client, OTHER)}")).json()["employer_uscc"] == FIRM
    assert (await told(context, JobsIndicatorsStated))[-1].figures["employers"] == 1


async def test_what_a_blacklisted_firm_offers_leaves_the_supply_and_comes_back_by_itself(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    made = await enter(client)
    vacancy = await offer(client)
    today = context.node.today()
    turned = await act(client, made["id"], "blacklist", reason="拖欠工资", until=TODAY, on="2017-05-03")
    assert turned.json()["errors"][0]["pointer"] == "/until"
    listed = await act(client, made["id"], "blacklist", reason="拖欠工资", until=str(add_days(today, 9)), on=str(today))
    assert listed.status_code == 200
    assert [event.reason for event in await told(context, VacancyWithdrawn)] == ["blacklisted"]
    assert (await client.get(f"/jobs/v1/vacancies/{vacancy}")).json()["paused"] == "blacklisted"
    more = await client.post("/jobs/v1/vacancies", json={"employer_uscc": FIRM, "title": "焊工", "openings": 1})
    assert (more.status_code, more.json()["type"]) == (409, "urn:xieli:problem:employer-blacklisted")
    figures = (await told(context, JobsIndicatorsStated))[-1].figures
    assert (figures["vacancies"], figures["openings"], figures["openings_left"]) == (0, 0, 0)
    await settle_day(context)
    assert len(await told(context, VacancyAnnounced)) == 1
    await act(client, made["id"], "blacklist", reason="拖欠工资", until="2017-05-04", on="2017-05-03")
    await settle_day(context)
    await settle_day(context)
    back = await told(context, VacancyAnnounced)
    assert ([str(event.vacancy) for event in back], back[-1].openings_left) == ([vacancy, vacancy], 3)
    assert (await told(context, JobsIndicatorsStated))[-1].figures["openings_left"] == 3


async def test_a_vacancy_expires_by_itself_once_and_one_press_renews_it(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    await enter(client)
    over = await client.post(
        "/jobs/v1/vacancies",
        json={"employer_uscc": FIRM, "title": "焊工", "openings": 1, "on": TODAY, "valid_until": YESTERDAY},
    )
    assert over.json()["errors"][0]["pointer"] == "/valid_until"
    vacancy = await offer(client, valid_until="2017-06-30")
    await asyncio.gather(settle_day(context), settle_day(context))
    assert (await client.get(f"/jobs/v1/vacancies/{vacancy}")).json()["paused"] == "expired"
    announced = await told(context, VacancyAnnounced)
    assert [event.openings_left for event in announced] == [3, 0]
    assert await told(context, VacancyWithdrawn) == []
    today: date = context.node.today()
    renewed = await client.post(f"/jobs/v1/vacancies/{vacancy}/renew", json={})
    assert (renewed.json()["paused"], renewed.json()["valid_until"]) == (None, str(add_days(today, 90)))
    assert [event.openings_left for event in await told(context, VacancyAnnounced)][-1] == 3


async def test_openings_rise_and_fall_but_not_below_those_who_hold_places(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    await enter(client)
    vacancy = await offer(client)
    for sequence in (1, 2):
        about = {"introduction": new_id(), "vacancy": vacancy, "county": "433124", "city": "440300"}
        await hear(context, IntroductionHired(**about, on=date(2017, 5, 3), wage=4500), sequence)
    fewer = await change_vacancy(client, vacancy, openings=1)
    assert (fewer.status_code, fewer.json()["errors"][0]["pointer"]) == (422, "/openings")
    assert "2" in fewer.json()["errors"][0]["message"]
    assert [(await change_vacancy(client, vacancy, openings=each)).json()["openings_left"] for each in (2, 9)] == [0, 7]


async def test_a_correction_brings_no_words_in_that_vetting_refuses(client: httpx.AsyncClient) -> None:
    await enter(client)
    vacancy = await offer(client)
    refused = await change_vacancy(client, vacancy, welfare="包吃住，入职收取押金200元")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/welfare")
    assert "收取押金" in refused.json()["errors"][0]["message"]
    assert (await change_vacancy(client, vacancy, welfare="包吃住，不收押金")).status_code == 200
    entered = {"employer_uscc": FIRM, "title": "普工（限女性）", "openings": 1, "wage": 4500, "on": TODAY}
    advert = (await client.post("/jobs/v1/vacancies", json=entered)).json()
    assert (advert["state"], advert["reasons"][0]["words"]) == ("refused", "限女性")


async def test_a_firm_taken_off_the_list_offers_nothing_until_it_is_let_in_again(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    made = await enter(client)
    vacancy = await offer(client)
    await act(client, made["id"], "vet", decision="refuse", reasons=["执照被吊销"])
    assert (await client.get(f"/jobs/v1/vacancies/{vacancy}")).json()["paused"] == "unlisted"
    assert [event.reason for event in await told(context, VacancyWithdrawn)] == ["unlisted"]
    await act(client, made["id"], "vet", decision="pass", contact_confirmed=True)
    assert (await client.get(f"/jobs/v1/vacancies/{vacancy}")).json()["paused"] is None


async def test_a_sheet_brings_nothing_of_a_blacklisted_firm_into_the_supply(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    await import_file(client, "employers")
    firm = (await client.get(FIRMS, params={"q": "鬼宿汽车部件"})).json()["items"][0]
    until = str(add_days(context.node.today(), 9))
    assert (await act(client, firm["id"], "blacklist", reason="拖欠工资", until=until)).status_code == 200
    await import_file(client, "vacancies")
    theirs = (await client.get("/jobs/v1/vacancies", params={"employer": firm["uscc"]})).json()["items"]
    assert theirs
    assert {each["paused"] for each in theirs if each["state"] == "vetted"} == {"blacklisted"}
