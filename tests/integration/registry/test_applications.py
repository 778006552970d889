"""Training places between a county and a city: applied for with consent, a name with the place alone, given on, withdrawn, forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.common.calendar import add_days
from libs.common.database import new_id
from libs.common.events.envelope import Event
from libs.common.events.jobs import AdmissionChanged
from libs.common.events.registry import ApplicationSent, CardSealed, GuestReceived, LabourerRecorded
from libs.common.events.retention import SpellReported
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE as JOBS
from services.registry.app import SERVICE
from services.registry.rules.guests import Card
from services.registry.store import guests
from tests.integration.jobs.test_courses import COURSES, a_course, step
from tests.integration.jobs.test_employers import COLLECTIVE, FIRM, enter, offer
from tests.integration.registry.files import a_file, a_row, listed, send_bytes, told_by
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, announced, assert_nothing_parked, carry, client_of, hand_over
from tests.support.telling import tell

APPLICATIONS = "/registry/v1/applications"


@dataclass
class Three:
    """A county's registry, a city's, and the city's jobs; an officer at each."""

    county: ServiceContext
    city: ServiceContext
    jobs: ServiceContext
    home: httpx.AsyncClient
    guests: httpx.AsyncClient
    school: httpx.AsyncClient

    async def carry(self) -> None:
        await carry(self.county, self.city, self.jobs)

    async def course(self, uscc: str = COLLECTIVE, **more: Any) -> str:
        made = await self.school.post(COURSES, json=a_course(self.jobs, uscc, **more))
        assert made.status_code == 201, made.text
        await self.carry()
        return str(made.json()["id"])

    async def apply(self, person: str, course: str, status: int = 201, **more: Any) -> dict[str, Any]:
        body = {"person": person, "course": course, "consented_by": "guardian", **more}
        answer = await self.home.post(APPLICATIONS, json=body)
        assert answer.status_code == status, answer.text
        await self.carry()
        return dict(answer.json())

    async def decide(self, application: str, verb: str, **body: Any) -> dict[str, Any]:
        done = await step(self.school, application, verb, **body)
        await self.carry()
        return done

    async def withdraw(self, application: str) -> dict[str, Any]:
        answer = await self.home.post(f"{APPLICATIONS}/{application}/withdraw", json={"reason": "person"})
        assert answer.status_code == 200, answer.text
        await self.carry()
        return dict(answer.json())

    async def states(self, application: str) -> tuple[str, str]:
        here = (await self.home.get(f"{APPLICATIONS}/{application}")).json()
        there = (await self.school.get(f"/jobs/v1/admissions/{application}")).json()
        return here["state"], there["state"]

    async def names(self) -> list[str]:
        found = (await self.guests.get("/registry/v1/guests")).json()["items"]
        assert all((one["vacancy"], bool(one["course"])) == (None, True) for one in found)
        return sorted(one["name"] for one in found)


@pytest.fixture
async def three(nodes: Nodes) -> AsyncIterator[Three]:
    county, city = await nodes.open(SERVICE), await nodes.open(SERVICE, "n440300")
    jobs = await nodes.open(JOBS, "n440300")
    async with client_of(county) as home, client_of(city) as guests_of, client_of(jobs) as school:
        yield Three(county, city, jobs, home, guests_of, school)


@pytest.fixture
async def young(three: Three) -> list[str]:
    """Four who are seventeen this year, and one of thirty."""
    year = three.county.node.today().year
    rows = [
        a_row(a_number(f"{year - 17}0101", f"00{place}"), name, 户编号=f"43000{place}")
        for place, name in enumerate(("甲一", "乙二", "丙三", "丁四"), 1)
    ]
    rows.append(a_row(a_number(f"{year - 30}0101", "009"), "戊五", 户编号="430009"))
    (await send_bytes(three.home, a_file(*rows), "people.csv", as_of="2016-12-31")).raise_for_status()
    return [one["id"] for one in await listed(three.home)]


async def test_a_student_is_admitted_by_name_and_one_who_drops_out_makes_room(three: Three, young: list[str]) -> None:
    course = await three.course(places=1, age_min=15, age_max=22, certificate="electrician")
    offered = (await three.home.get("/registry/v1/courses", params={"open": True, "person": young[0]})).json()["items"]
    assert [(one["id"], one["places_left"]) for one in offered] == [(course, 1)]
    none = await three.home.get("/registry/v1/courses", params={"open": True, "person": young[4]})
    assert none.json()["items"] == []
    first, second, third = [(await three.apply(one, course))["id"] for one in young[:3]]
    assert await three.names() == []
    assert (await three.states(first)) == ("applied", "applied")
    for one in (first, second, third):
        await three.decide(one, "admit")
    assert [await three.states(one) for one in (first, second, third)] == [
        ("admitted",) * 2,
        ("waiting",) * 2,
        ("waiting",) * 2,
    ]
    assert await three.names() == ["甲**"]
    sent = await told_by(three.county, ApplicationSent)
    assert "甲" not in str([one.model_dump_json() for one in sent])
    await three.decide(first, "drop", reason="family")
    assert [await three.states(one) for one in (first, second, third)] == [
        ("dropped",) * 2,
        ("admitted",) * 2,
        ("waiting",) * 2,
    ]
    assert await three.names() == ["乙**", "甲**"]
    await three.decide(second, "complete", certificate_number="17440001", certificate_level="初级")
    done = (await three.home.get(f"{APPLICATIONS}/{second}")).json()
    assert (done["certificate"], done["certificate_number"]) == ("electrician", "17440001")
    assert await told_by(three.city, GuestReceived) == []


async def test_the_school_of_the_course_alone_sees_its_students(three: Three, young: list[str]) -> None:
    course = await three.course()
    one = (await three.apply(young[0], course))["id"]
    await three.decide(one, "admit")
    async with client_of(three.city, "employer", organisation=COLLECTIVE) as school:
        (mine,) = (await school.get("/registry/v1/guests", params={"introduction": one})).json()["items"]
        told = await school.post(
            f"/registry/v1/guests/{mine['id']}/reveal", json={"purpose": "contact", "reference": "报到第 1 号"}
        )
        assert told.json()["name"] == "甲一"
    async with client_of(three.city, "employer", organisation=FIRM) as other:
        assert (await other.get("/registry/v1/guests")).json()["items"] == []


async def test_a_withdrawal_frees_the_place_and_erases_the_card_in_whatever_order_news_comes(
    three: Three, young: list[str]
) -> None:
    course = await three.course(places=1)
    first, second = [(await three.apply(one, course))["id"] for one in young[:2]]
    await three.decide(first, "admit")
    await three.decide(second, "admit")
    assert (await three.withdraw(first))["state"] == "withdrawn"
    again = await three.home.post(f"{APPLICATIONS}/{first}/withdraw", json={"reason": "person"})
    assert again.status_code == 409
    assert [await three.states(one) for one in (first, second)] == [("withdrawn",) * 2, ("admitted",) * 2]
    assert await three.names() == ["乙**"]
    # Withdrawn while the city admits: the card was never sealed, and both sides agree.
    third = (await three.apply(young[2], course))["id"]
    await step(three.school, third, "admit")
    (await three.home.post(f"{APPLICATIONS}/{third}/withdraw", json={"reason": "guardian"})).raise_for_status()
    await three.carry()
    assert await three.states(third) == ("withdrawn",) * 2
    # A card that comes after the withdrawal is not opened.
    cards = [each for each, _ in await announced(three.county) if each.envelope.type == CardSealed.TYPE]
    await hand_over(cards, three.city)
    assert await three.names() == ["乙**"]
    assert first not in {str(each.introduction) for each in await told_by(three.city, GuestReceived)}


async def test_whoever_applies_twice_or_without_meeting_what_is_asked_is_told_why(
    three: Three, young: list[str]
) -> None:
    course = await three.course(age_min=15, age_max=22, education_min=2)
    body = {"person": young[0], "course": course, "consented_by": "guardian"}
    answers = await asyncio.gather(*(three.home.post(APPLICATIONS, json=body) for _ in range(3)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    made = next(each.json()["id"] for each in answers if each.status_code == 201)
    assert {each.json()["known_as"] for each in answers if each.status_code == 409} == {f"{APPLICATIONS}/{made}"}
    key = {"Idempotency-Key": "once"}
    twice = [await three.home.post(APPLICATIONS, json={**body, "person": young[1]}, headers=key) for _ in range(2)]
    assert [each.json()["id"] for each in twice] == [twice[0].json()["id"]] * 2
    old = await three.apply(young[4], course, 422, consented_by="person")
    assert [error["code"] for error in old["errors"]] == ["age"]
    alone = await three.apply(young[2], course, 422, consented_by="person")
    assert alone["errors"][0]["pointer"] == "/consented_by"
    assert (await three.apply(young[2], str(new_id()), 404))["type"] == "urn:xieli:problem:course-not-found"
    await three.school.post(f"{COURSES}/{course}/close", json={"reason": "满了"})
    await three.carry()
    assert (await three.apply(young[2], course, 409))["type"] == "urn:xieli:problem:course-not-open"
    await three.home.post(
        f"/registry/v1/labourers/{young[3]}/departures", json={"way": "moved_out", "on": "2017-05-01"}
    )
    assert (await three.apply(young[3], course, 409))["type"] == "urn:xieli:problem:person-left"


async def test_a_cadre_applies_for_her_own_people_and_the_plan_of_a_leaver_follows(
    three: Three, young: list[str]
) -> None:
    course = await three.course()
    body = {"person": young[0], "course": course, "consented_by": "guardian"}
    async with client_of(three.county, "cadre", regions=["433124:麻栗场镇"]) as other:
        assert (await other.post(APPLICATIONS, json=body)).status_code == 404
        assert (await other.get("/registry/v1/courses")).json()["items"][0]["id"] == course
    async with client_of(three.county, "cadre", regions=["433124:花垣镇"]) as cadre:
        made = (await cadre.post(APPLICATIONS, json=body)).json()["id"]
        assert (await cadre.get(f"{APPLICATIONS}/{made}")).json()["recorded_by"] == "cadre-1"
        await three.carry()
        plans = {one["id"]: one["plan"] for one in (await cadre.get("/registry/v1/leavers")).json()["items"]}
        assert plans == {young[0]: "applied", **dict.fromkeys(young[1:4])}
    async with client_of(three.county, "cadre", regions=["433124:麻栗场镇"]) as other:
        assert (await other.get(APPLICATIONS)).json()["items"] == []
        assert (await other.post(f"{APPLICATIONS}/{made}/withdraw", json={"reason": "person"})).status_code == 404
    await three.decide(made, "admit")
    shown = (await three.home.get(f"/registry/v1/leavers/{young[0]}")).json()
    assert (shown["plan"], shown["leaver"]) == ("admitted", True)
    counted = (await three.home.get("/registry/v1/leavers/counts")).json()
    assert (counted["people"], counted["unplanned"]) == (4, 3)
    await three.withdraw(made)
    assert (await three.home.get(f"/registry/v1/leavers/{young[0]}")).json()["plan"] is None


async def test_whoever_works_at_a_vacancy_of_the_class_is_placed(three: Three, young: list[str]) -> None:
    await enter(three.school)
    vacancy = await offer(three.school)
    course = await three.course(FIRM, kind="order_class", vacancies=[vacancy])
    one = (await three.apply(young[0], course))["id"]
    await three.decide(one, "admit")
    introduction, today = new_id(), three.county.node.today()
    async with three.county.database.transaction() as tx:
        await guests.insert_card_if_absent(tx, Card(introduction, UUID(young[0]), "440300", today))
    spell = {"spell": new_id(), "introduction": introduction, "county": "433124", "city": "440300", "wage_fen": 450000}
    works = SpellReported(**spell, vacancy=vacancy, start=add_days(today, -1))
    await tell(three.county, works, node="n440300", service="retention")
    await tell(three.county, works.model_copy(update={"start": today}), node="n440300", service="retention")
    await three.carry()
    assert await three.states(one) == ("placed",) * 2
    assert [each.state for each in await told_by(three.county, ApplicationSent)] == ["applied", "placed"]
    news = [each.state for each in await told_by(three.jobs, AdmissionChanged)]
    assert news == ["applied", "applied", "admitted", "admitted", "placed", "placed"]


async def test_whoever_is_forgotten_at_home_is_forgotten_at_the_school(three: Three, young: list[str]) -> None:
    course = await three.course()
    one = (await three.apply(young[0], course))["id"]
    await three.decide(one, "admit")
    assert await three.names() == ["甲**"]
    why = {"reason": "person_asked", "reference": "第 3 号"}
    (await three.home.post(f"/registry/v1/labourers/{young[0]}/erase", json=why)).raise_for_status()
    async with client_of(three.county, subject="officer-2") as second:
        approved = await second.post(
            f"/registry/v1/labourers/{young[0]}/erase/approve", json={"on": str(three.county.node.today())}
        )
    assert approved.status_code == 200, approved.text
    await three.carry()
    assert await three.names() == []
    assert (await three.school.get(f"/jobs/v1/admissions/{one}")).json()["state"] == "withdrawn"
    assert (await three.home.get(f"{APPLICATIONS}/{one}")).status_code == 404


async def test_only_its_own_city_says_how_an_application_stands(three: Three, young: list[str]) -> None:
    course = await three.course()
    one = (await three.apply(young[0], course))["id"]
    facts = {"application": one, "county": "433124", "course": course, "kind": "free", "on": three.county.node.today()}
    false = AdmissionChanged(**facts, city="440300", state="admitted", turn=9)
    await tell(three.county, false, node="n430100", service="jobs")
    unknown = AdmissionChanged(**{**facts, "application": new_id()}, city="440300", state="admitted", turn=1)
    await tell(three.county, unknown, node="n440300", service="jobs-of-before")
    assert (await three.home.get(f"{APPLICATIONS}/{one}")).json()["state"] == "applied"
    assert await told_by(three.county, CardSealed) == []


async def test_a_certificate_stands_in_what_is_known_of_the_person_with_who_has_told_it(
    three: Three, young: list[str]
) -> None:
    course = await three.course(certificate="electrician")
    here = f"/registry/v1/labourers/{young[0]}"
    said = {"on": "2017-05-02", "found": "changed", "wish": {"willing": True, "certificates": ["driving"]}}
    (await three.home.post(f"{here}/visits", json=said)).raise_for_status()
    for one in young[:2]:
        application = (await three.apply(one, course))["id"]
        await three.decide(application, "admit")
        await three.decide(application, "complete", certificate_number="17440001")
    shown = (await three.home.get(here)).json()
    assert shown["wish"]["certificates"] == ["driving", "electrician"]
    assert (shown["wish"]["willing"], shown["visited"]) == (True, "2017-05-02")
    newest = (await three.home.get(f"{here}/history")).json()["items"][0]
    assert (newest["field"], newest["source"], newest["who"]) == ("wish", "event", "n440300")
    told = [each for each in await told_by(three.county, LabourerRecorded) if str(each.person) == young[0]]
    assert told[-1].wish.certificates == ("driving", "electrician")
    silent = (await three.home.get(f"/registry/v1/labourers/{young[1]}")).json()
    assert silent["wish"] is None


async def test_a_school_of_the_own_county_is_applied_to_and_left_alike(
    nodes: Nodes, three: Three, young: list[str]
) -> None:
    jobs = await nodes.open(JOBS)
    async with client_of(jobs) as school:
        made = (await school.post(COURSES, json=a_course(jobs, places=1))).json()["id"]
        await carry(three.county, jobs)
        body = {"person": young[0], "course": made, "consented_by": "guardian"}
        one = (await three.home.post(APPLICATIONS, json=body)).json()["id"]
        await carry(three.county, jobs)
        await step(school, one, "admit")
        await carry(three.county, jobs)
        (guest,) = (await three.home.get("/registry/v1/guests")).json()["items"]
        assert (guest["name"], guest["course"]) == ("甲**", made)
        (await three.home.post(f"{APPLICATIONS}/{one}/withdraw", json={"reason": "person"})).raise_for_status()
        await carry(three.county, jobs)
        assert (await three.home.get("/registry/v1/guests")).json()["items"] == []
        assert (await school.get(f"{COURSES}/{made}")).json()["places_left"] == 1
        assert (await school.get(f"/jobs/v1/admissions/{one}")).json()["state"] == "withdrawn"


@pytest.mark.parametrize("seed", range(4))
async def test_both_sides_end_alike_however_news_crosses_is_lost_and_comes_again(
    three: Three, young: list[str], seed: int
) -> None:
    """Steps at both doors while news comes in no order, twice or not at all; in the end all of it comes once more, shuffled."""
    chance, ids = Random(seed), list[str]()
    course = await three.course(places=2)
    for one in young[:4]:
        ids.append((await three.home.post(APPLICATIONS, json=_asked(one, course))).json()["id"])
    verbs: dict[str, dict[str, str]] = {
        "admit": {},
        "refuse": {"reason": "health"},
        "drop": {"reason": "family"},
        "complete": {},
    }
    for _ in range(18):
        one, verb = chance.choice(ids), chance.choice(["withdraw", "news", "news", "admit", *verbs])
        if verb == "news":
            await _bring(three, chance, most=3)
        elif verb == "withdraw":
            await three.home.post(f"{APPLICATIONS}/{one}/withdraw", json={"reason": "person"})
        else:
            await three.school.post(f"/jobs/v1/admissions/{one}/{verb}", json=verbs[verb])
    before = -1
    while (now := await _bring(three, chance)) != before:
        before = now
    states = {one: await three.states(one) for one in ids}
    assert all(here == there for here, there in states.values()), states
    assert sum(there in ("admitted", "completed") for _, there in states.values()) <= 2
    named = {one["introduction"] for one in (await three.guests.get("/registry/v1/guests")).json()["items"]}
    withdrawn = {str(each.application) for each in await told_by(three.county, ApplicationSent) if each.turn > 1}
    assert not named & withdrawn
    assert {one for one in ids if states[one][0] in ("admitted", "completed")} - withdrawn <= named


def _asked(one: str, course: str) -> dict[str, str]:
    return {"person": one, "course": course, "consented_by": "guardian"}


async def _bring(three: Three, chance: Random, most: int | None = None) -> int:
    """Some of what was said so far, or all of it, in any order and as if it were new; answers how much has been said."""
    ways: list[tuple[ServiceContext, type[Event], str, list[ServiceContext]]] = [
        (three.county, ApplicationSent, "registry", [three.jobs, three.city]),
        (three.jobs, AdmissionChanged, "jobs", [three.county]),
        (three.county, CardSealed, "registry", [three.city]),
    ]
    said = [
        (context, each, source.node.id, service)
        for source, kind, service, targets in ways
        for each in await told_by(source, kind)
        for context in targets
    ]
    for context, event, node, service in chance.sample(said, len(said) if most is None else min(most, len(said))):
        await tell(context, event, node=node, service=f"{service}-again")
    await assert_nothing_parked(three.county, three.city, three.jobs)
    return len(said)
