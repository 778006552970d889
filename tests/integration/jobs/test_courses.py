"""Courses and applications for their places over HTTP: never more than there are, in order, and whatever frees one gives it on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.common.calendar import add_days
from libs.common.database import new_id
from libs.common.events.jobs import AdmissionChanged, CourseAnnounced
from libs.common.events.registry import ApplicationSent
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE
from services.jobs.workers import settle_day
from tests.integration.jobs.test_employers import COLLECTIVE, FIRM, OTHER, act, enter, offer
from tests.integration.jobs.test_vacancies import change as change_vacancy
from tests.integration.jobs.test_vacancies import told
from tests.support.nodes import Nodes, assert_nothing_parked, client_of
from tests.support.telling import tell

COURSES, ADMISSIONS = "/jobs/v1/courses", "/jobs/v1/admissions"


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n440300")


@pytest.fixture
async def client(context: ServiceContext) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(context) as opened:
        yield opened


def a_course(context: ServiceContext, uscc: str = COLLECTIVE, /, **more: Any) -> dict[str, Any]:
    today = context.node.today()
    days = {"starts_on": str(today), "ends_on": str(add_days(today, 200)), "apply_by": str(add_days(today, 30))}
    school = {"provider_name": "深圳技工学校", "licence": "144030070000123"}
    return {"provider_uscc": uscc, "title": "电工班", "kind": "free", "places": 3, **days, **school, **more}


async def open_course(client: httpx.AsyncClient, context: ServiceContext, uscc: str = COLLECTIVE, **more: Any) -> str:
    answer = await client.post(COURSES, json=a_course(context, uscc, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def apply(context: ServiceContext, course: str, **more: Any) -> str:
    """An application as a county sends it."""
    today, one = context.node.today(), new_id()
    facts = {"county": "433124", "city": "440300", "age": 17, "education": 2, "consent": "2017.1", "state": "applied"}
    days = {"consent_on": today, "applied_on": today, "on": today, "turn": 1}
    event = ApplicationSent(**{"application": one, "course": course, **facts, **days, **more})
    await tell(context, event, node=f"n{event.county}")
    await assert_nothing_parked(context)
    return str(event.application)


async def step(client: httpx.AsyncClient, one: str, verb: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"{ADMISSIONS}/{one}/{verb}", json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def states(client: httpx.AsyncClient, *ids: str) -> list[str]:
    return [(await client.get(f"{ADMISSIONS}/{one}")).json()["state"] for one in ids]


async def withdraw(context: ServiceContext, one: str, course: str, **more: Any) -> None:
    await apply(context, course, application=UUID(one), **{"state": "withdrawn", "reason": "person", "turn": 2, **more})


async def test_places_are_never_oversold_and_go_on_in_the_order_of_applying(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    course = await open_course(client, context)
    ids = [await apply(context, course) for _ in range(8)]
    answers = await asyncio.gather(*(client.post(f"{ADMISSIONS}/{one}/admit", json={}) for one in ids))
    assert {answer.status_code for answer in answers} == {200}
    now = await states(client, *ids)
    assert Counter(now) == {"admitted": 3, "waiting": 5}
    shown = (await client.get(f"{COURSES}/{course}")).json()
    assert (shown["taken"], shown["waiting"], shown["places_left"]) == (3, 5, 0)
    waits = [one for one, state in zip(ids, now, strict=True) if state == "waiting"]
    has = [one for one, state in zip(ids, now, strict=True) if state == "admitted"]
    await asyncio.gather(step(client, has[0], "drop", reason="family"), withdraw(context, has[1], course))
    assert await states(client, *has) == ["dropped", "withdrawn", "admitted"]
    assert await states(client, *waits) == ["admitted", "admitted", "waiting", "waiting", "waiting"]
    etag = (await client.get(f"{COURSES}/{course}")).headers["ETag"]
    more = await client.patch(f"{COURSES}/{course}", json={"places": 5}, headers={"If-Match": etag})
    assert (more.json()["taken"], more.json()["waiting"]) == (5, 1)
    assert await states(client, *waits[2:]) == ["admitted", "admitted", "waiting"]
    fewer = await client.patch(f"{COURSES}/{course}", json={"places": 4}, headers={"If-Match": more.headers["ETag"]})
    assert (fewer.status_code, fewer.json()["errors"][0]["code"]) == (422, "below_taken")
    news = await told(context, CourseAnnounced)
    assert [each.turn for each in news] == sorted({each.turn for each in news})
    assert all(each.places_left >= 0 for each in news)


async def test_what_does_not_meet_the_conditions_is_refused_as_it_comes_and_told_twice(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    course = await open_course(client, context, age_min=16, education_min=3, demands=["heights"])
    young = await apply(context, course, age=15, education=3)
    afraid = await apply(context, course, education=3, restrictions=("heights",))
    late = await apply(context, course, education=3, applied_on=add_days(context.node.today(), 40))
    fits = await apply(context, course, education=3)
    assert await states(client, young, afraid, late, fits) == ["refused", "refused", "refused", "applied"]
    nowhere = await apply(context, str(new_id()))
    assert (await client.get(f"{ADMISSIONS}/{nowhere}")).status_code == 404
    news = {str(each.application): each for each in await told(context, AdmissionChanged)}
    assert [news[one].reason for one in (young, afraid, late, fits, nowhere)] == [
        "age",
        "demands",
        "too_late",
        None,
        "no_such_course",
    ]
    await step(client, young, "admit", 409)
    await step(client, fits, "admit", 422, on="2017-05-01")
    await step(client, fits, "refuse", 422, reason="too_late")


async def test_news_of_a_county_may_come_twice_late_or_first_and_of_another_it_counts_nothing(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    course = await open_course(client, context)
    first, other = await apply(context, course), str(new_id())
    await withdraw(context, other, course)
    assert await apply(context, course, application=UUID(other)) == other
    assert await states(client, first, other) == ["applied", "withdrawn"]
    await step(client, first, "admit")
    await apply(context, course, application=UUID(first))
    today = context.node.today()
    forged = {"age": 17, "education": 2, "consent": "2017.1", "consent_on": today, "applied_on": today, "on": today}
    false = ApplicationSent(
        application=UUID(first), county="433124", city="440300", course=course, state="withdrawn", turn=9, **forged
    )
    await tell(context, false, node="n433126")
    assert await states(client, first) == ["admitted"]
    await withdraw(context, first, course)
    await withdraw(context, first, course)
    assert await states(client, first) == ["withdrawn"]
    mine = [each for each in await told(context, AdmissionChanged) if str(each.application) == first]
    assert Counter((each.state, each.turn) for each in mine) == {
        ("applied", 1): 2,
        ("admitted", 2): 2,
        ("withdrawn", 3): 2,
    }


async def test_attendance_certificate_and_the_end_of_a_course(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    today = context.node.today()
    begun = {"starts_on": str(add_days(today, -20)), "apply_by": str(today)}
    course = await open_course(client, context, certificate="electrician", places=1, **begun)
    long_ago = {"applied_on": add_days(today, -30)}
    has, waits, asks = [await apply(context, course, **long_ago) for _ in range(3)]
    await step(client, has, "admit")
    await step(client, waits, "admit")
    days = await client.put(f"{ADMISSIONS}/{has}/attendance", json={"days": 21})
    assert (days.status_code, days.json()["attended"]) == (200, 21)
    assert (await client.put(f"{ADMISSIONS}/{has}/attendance", json={"days": 22})).status_code == 422
    assert (await client.put(f"{ADMISSIONS}/{waits}/attendance", json={"days": 1})).status_code == 409
    done = await step(client, has, "complete", certificate_number="1744000000400123", certificate_level="初级")
    assert (done["state"], done["certificate_level"]) == ("completed", "初级")
    assert await states(client, waits) == ["waiting"]
    etag = (await client.get(f"{COURSES}/{course}")).headers["ETag"]
    over = {"ends_on": str(add_days(today, -1)), "apply_by": str(add_days(today, -10))}
    await client.patch(f"{COURSES}/{course}", json=over, headers={"If-Match": etag})
    await asyncio.gather(settle_day(context), settle_day(context))
    ended = (await client.get(f"{COURSES}/{course}")).json()
    assert (ended["state"], ended["closed_on"]) == ("ended", over["ends_on"])
    assert await states(client, has, waits, asks) == ["completed", "refused", "refused"]
    told_last = {str(each.application): each for each in await told(context, AdmissionChanged)}
    assert (told_last[has].certificate, told_last[waits].reason) == ("electrician", "course_over")


async def test_an_order_class_has_no_more_places_than_its_firm_has_openings(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    await enter(client)
    vacancy, spare = await offer(client, openings=2), await offer(client, openings=1, title="装配工")
    bound = {"kind": "order_class", "places": 3, "vacancies": [vacancy, spare]}
    refused = await client.post(COURSES, json=a_course(context, FIRM, **{**bound, "vacancies": [str(new_id())]}))
    assert refused.json()["errors"][0]["pointer"] == "/vacancies/0"
    course = await open_course(client, context, FIRM, **bound)
    ids = [await apply(context, course) for _ in range(4)]
    for one in ids[:2]:
        await step(client, one, "admit")
    await client.post(f"/jobs/v1/vacancies/{vacancy}/withdraw", json={"reason": "订单取消"})
    await settle_day(context)
    shown = (await client.get(f"{COURSES}/{course}")).json()
    assert (shown["behind"], shown["short"], shown["taken"], shown["places_left"]) == (1, True, 2, 0)
    assert [each["id"] for each in (await client.get(COURSES, params={"short": True})).json()["items"]] == [course]
    assert (await step(client, ids[2], "admit"))["state"] == "waiting"
    await change_vacancy(client, spare, openings=5)
    await asyncio.gather(settle_day(context), settle_day(context))
    assert await states(client, *ids) == ["admitted", "admitted", "admitted", "applied"]
    (*_, last) = await told(context, CourseAnnounced)
    assert (last.places_left, last.kind, set(map(str, last.vacancies))) == (0, "order_class", {vacancy, spare})


async def test_a_withdrawn_course_tells_everybody_and_a_closed_one_answers_whom_it_has(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    course = await open_course(client, context)
    has, asks = await apply(context, course), await apply(context, course)
    await step(client, has, "admit")
    why = {"reason": "报名不足，不开班"}
    assert (await client.post(f"{COURSES}/{course}/close", json=why)).json()["state"] == "closed"
    late = await apply(context, course)
    assert await states(client, has, asks, late) == ["admitted", "applied", "refused"]
    assert (await step(client, asks, "admit"))["state"] == "admitted"
    gone = (await client.post(f"{COURSES}/{course}/withdraw", json=why)).json()
    assert (gone["state"], gone["places_left"]) == ("withdrawn", 0)
    assert await states(client, has, asks) == ["dropped", "dropped"]
    assert (await client.post(f"{COURSES}/{course}/withdraw", json=why)).status_code == 409
    etag = (await client.get(f"{COURSES}/{course}")).headers["ETag"]
    assert (
        await client.patch(f"{COURSES}/{course}", json={"places": 9}, headers={"If-Match": etag})
    ).status_code == 409


async def test_a_school_sees_and_decides_its_own_and_follows_a_merge(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    await enter(client)
    firm = await enter(client, OTHER)
    mine, theirs = await open_course(client, context), await open_course(client, context, OTHER)
    one, other = await apply(context, mine), await apply(context, theirs)
    async with client_of(context, "employer", organisation=COLLECTIVE) as school:
        assert [each["id"] for each in (await school.get(COURSES)).json()["items"]] == [mine]
        assert [each["id"] for each in (await school.get(ADMISSIONS)).json()["items"]] == [one]
        assert (await step(school, one, "admit"))["state"] == "admitted"
        await step(school, other, "admit", 404)
        assert (await school.post(COURSES, json=a_course(context, OTHER))).status_code == 403
        own = await school.post(COURSES, json=a_course(context), headers={"Idempotency-Key": "k1"})
        again = await school.post(COURSES, json=a_course(context), headers={"Idempotency-Key": "k1"})
        assert (own.status_code, again.json()["id"]) == (201, own.json()["id"])
    async with client_of(context, "station", regions=["433124"]) as station:
        assert {each["id"] for each in (await station.get(ADMISSIONS)).json()["items"]} == {one, other}
        assert (await station.post(f"{ADMISSIONS}/{other}/admit", json={})).status_code == 403
    stays = (await client.get("/jobs/v1/employers", params={"q": FIRM})).json()["items"][0]
    await act(client, stays["id"], "merge", goes=OTHER, reason="旧注册号")
    moved = (await client.get(f"{COURSES}/{theirs}")).json()
    assert (moved["provider_uscc"], moved["employer"]) == (FIRM, stays["id"])
    assert firm["id"] != stays["id"]


async def test_a_refusal_names_the_field_and_loses_nothing(context: ServiceContext, client: httpx.AsyncClient) -> None:
    for said, pointer in (
        ({"licence": ""}, "/licence"),
        ({"fee": 500}, "/fee_note"),
        ({"note": "须交押金 500 元"}, "/note"),
        ({"ends_on": "2017-01-01"}, "/ends_on"),
        ({"provider_uscc": "123"}, "/provider_uscc"),
    ):
        answer = await client.post(COURSES, json=a_course(context, **said))
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
    assert (await client.get(COURSES)).json()["items"] == []
    assert await told(context, CourseAnnounced) == []
