"""An introduction between a county and a city: consent, the opened card, the employer's word, and every way it may end."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from libs.common.database import new_id
from libs.common.events.jobs import VacancyWithdrawn
from libs.common.events.registry import GuestReceived
from tests.integration.matching.two_offices import LIST, Two, a_place, settle, two_offices
from tests.support.nodes import Nodes, announced, client_of
from tests.support.telling import a_labourer, a_vacancy, a_wish, tell


@pytest.fixture
async def two(nodes: Nodes) -> Two:
    return await two_offices(nodes)


async def test_the_city_never_learns_who_it_is_but_by_the_card(two: Two) -> None:
    person, vacancy = a_labourer(), a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    introduction = await two.propose(person, vacancy)
    await two.agree(introduction)
    seen = await two.see(two.city, introduction)
    assert seen["person"] is None
    assert seen["priority"] is None
    crossed = [a for a, _ in await announced(two.county) if a.envelope.topic.startswith(("to.", "public."))]
    assert crossed
    assert all(str(person.person) not in arrival.data for arrival in crossed)


async def test_the_card_may_be_opened_before_the_countys_word_arrives(two: Two) -> None:
    person, vacancy = a_labourer(), a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    introduction = await two.propose(person, vacancy)
    guest = GuestReceived(
        introduction=UUID(introduction),
        guest=new_id(),
        county="433124",
        birth_date=person.birth_date,
        education=2,
        on=date(2017, 5, 4),
    )
    await tell(two.city, guest)
    await two.carry()
    assert (await two.see(two.city, introduction))["state"] == "proposed"
    await two.agree(introduction)
    assert await two.states(introduction) == ("introduced", "introduced")


async def test_a_yes_makes_the_persons_other_introductions_obsolete_on_both_sides(two: Two) -> None:
    person, one, other = a_labourer(), a_vacancy(), a_vacancy()
    await two.list_vacancies(one, other)
    await tell(two.county, person)
    yes, left = await two.propose(person, one), await two.propose(person, other)
    await two.agree(yes)
    assert await two.states(left) == ("obsolete", "obsolete")
    assert (await two.see(two.city, left))["reason"] == "agreed_elsewhere"
    again = await two.step(two.county, left, "offer", 409)
    assert again["type"] == "urn:xieli:problem:step-not-possible"
    async with client_of(two.county) as officer:
        refused = await officer.post(LIST, json={"person": str(person.person), "vacancy": str(other.vacancy)})
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:xieli:problem:person-placed")
        listed = (await officer.get("/matching/v1/demand")).json()["people"]
        assert listed == []


async def test_a_withdrawn_vacancy_ends_what_is_not_yet_hired_on_both_sides(two: Two) -> None:
    asked, agreed, vacancy = a_labourer(), a_labourer(), a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, asked, agreed)
    open_one, signed_one = await two.propose(asked, vacancy), await two.propose(agreed, vacancy)
    await two.agree(signed_one)
    gone = VacancyWithdrawn(vacancy=vacancy.vacancy, city="440300", reason="order_cancelled", on=date(2017, 5, 5))
    await tell(two.county, gone, node="n440300", service="jobs")
    await tell(two.city, gone, node="n440300", service="jobs")
    await two.carry()
    assert await two.states(open_one) == ("withdrawn", "withdrawn")
    assert await two.states(signed_one) == ("withdrawn", "withdrawn")
    async with client_of(two.county) as officer:
        refused = await officer.post(LIST, json={"person": str(asked.person), "vacancy": str(vacancy.vacancy)})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:xieli:problem:vacancy-gone")


async def test_a_proposal_needs_a_seeker_and_an_opening(two: Two) -> None:
    person, working = a_labourer(), a_labourer(wish=a_wish(willing=False))
    free, full = a_vacancy(), a_vacancy(openings_left=0)
    await two.list_vacancies(free, full)
    await tell(two.county, person, working)
    wanted = [
        (person, full, 409, "no-opening-left"),
        (working, free, 409, "not-seeking"),
        (a_labourer(), free, 409, "unknown-person"),
        (person, a_vacancy(), 422, "invalid"),
    ]
    async with client_of(two.county) as officer:
        for who, what, status, problem in wanted:
            answer = await officer.post(LIST, json={"person": str(who.person), "vacancy": str(what.vacancy)})
            assert (answer.status_code, answer.json()["type"]) == (status, f"urn:xieli:problem:{problem}")


async def test_a_repeated_proposal_is_one_introduction_and_another_one_is_refused(two: Two) -> None:
    person, vacancy = a_labourer(), a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    first = await two.propose(person, vacancy, key="k1")
    assert await two.propose(person, vacancy, key="k1") == first
    async with client_of(two.county) as officer:
        other = await officer.post(LIST, json={"person": str(person.person), "vacancy": str(vacancy.vacancy)})
    assert other.json()["type"] == "urn:xieli:problem:already-introduced"


async def test_an_employer_sees_and_decides_only_what_concerns_its_own_vacancies(two: Two) -> None:
    person, vacancy = a_labourer(), a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    run = new_id()
    introduction = (await settle(two, run, 1, await a_place(two, run, person, vacancy)))[person.person]
    await two.agree(introduction)
    async with client_of(two.city, "employer", organisation=vacancy.employer_uscc) as own:
        assert (await own.get(LIST)).json()["items"] == []
        assert (await own.get(f"{LIST}/{introduction}")).status_code == 404
    await two.open_card(introduction, person)
    async with client_of(two.city, "employer", organisation="91430100MA4L1XXX0B") as stranger:
        assert (await stranger.get(LIST)).json()["items"] == []
        assert (await stranger.post(f"{LIST}/{introduction}/hire", json={})).status_code == 404
    async with client_of(two.city, "employer", organisation=vacancy.employer_uscc) as own:
        items = (await own.get(LIST)).json()["items"]
        assert [(item["id"], item["priority"], item["seat"], item["groups"]) for item in items] == [
            (introduction, None, None, [])
        ]
    async with client_of(two.city, "auditor") as auditor:
        assert (await auditor.post(f"{LIST}/{introduction}/hire", json={})).status_code == 403


async def test_a_step_based_on_an_older_version_is_refused(two: Two) -> None:
    person, vacancy = a_labourer(), a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    introduction = await two.propose(person, vacancy)
    async with client_of(two.county) as officer:
        tag = (await officer.get(f"{LIST}/{introduction}")).headers["etag"]
        assert (
            await officer.post(f"{LIST}/{introduction}/offer", json={}, headers={"If-Match": tag})
        ).status_code == 200
        late = await officer.post(
            f"{LIST}/{introduction}/decline", json={"reason": "too_far"}, headers={"If-Match": tag}
        )
    assert late.status_code == 412


async def test_what_is_not_done_in_time_lapses_on_its_own_side(two: Two) -> None:
    late, slow, vacancy = a_labourer(), a_labourer(), a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, late, slow)
    never_answered, never_decided = await two.propose(late, vacancy), await two.propose(slow, vacancy)
    await two.agree(never_decided)
    await two.open_card(never_decided, slow)
    for context in (two.county, two.city):
        async with client_of(context) as officer:
            answer = await officer.post(f"{LIST}/lapse", json={"as_of": "2017-06-01"})
        assert answer.json() == {"as_of": "2017-06-01", "ended": 1}
        await two.carry()
    assert await two.states(never_answered) == ("withdrawn", "withdrawn")
    assert await two.states(never_decided) == ("rejected", "rejected")
    assert (await two.see(two.county, never_decided))["reason"] == "deadline_passed"


async def test_the_list_is_paged_and_filtered(two: Two) -> None:
    people, vacancy = [a_labourer(wish=a_wish()) for _ in range(5)], a_vacancy(openings=9, openings_left=9)
    await two.list_vacancies(vacancy)
    await tell(two.county, *people)
    made = [await two.propose(person, vacancy) for person in people]
    await two.step(two.county, made[0], "offer")
    async with client_of(two.county) as officer:
        page = (await officer.get(LIST, params={"limit": 3})).json()
        rest = (await officer.get(LIST, params={"limit": 3, "after": page["next"]})).json()
        assert [item["id"] for item in page["items"] + rest["items"]] == made
        assert rest["next"] is None
        offered = (
            await officer.get(LIST, params={"state": "offered", "vacancy": str(vacancy.vacancy), "city": "440300"})
        ).json()
        assert [item["id"] for item in offered["items"]] == made[:1]
