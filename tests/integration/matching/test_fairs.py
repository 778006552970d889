"""A job fair between a county and a city: who comes is the county's to know, what is signed on the spot is signed once."""

from __future__ import annotations

import asyncio
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.common.calendar import add_days
from libs.common.database import new_id
from libs.common.events.jobs import BoothAnnounced, FairAnnounced, VacancyAnnounced, VacancyWithdrawn
from libs.common.events.registry import LabourerErased, LabourerRecorded
from services.matching.rules.fairs import LATE_DAYS
from tests.integration.matching.two_offices import LIST, Two, two_offices
from tests.support.nodes import Nodes, announced, client_of
from tests.support.telling import a_labourer, a_vacancy, a_wish, tell

FAIRS = "/matching/v1/fairs"


@pytest.fixture
async def two(nodes: Nodes) -> Two:
    return await two_offices(nodes)


def today(two: Two) -> date:
    return two.county.node.today()


async def open_fair(two: Two, *vacancies: VacancyAnnounced, days: int = 0, **said: Any) -> str:
    """A fair of the city that both have heard of, with the firms of these vacancies; answers its id."""
    firms = {each.employer_uscc or "": each for each in vacancies}
    booths = tuple(
        BoothAnnounced(employer_uscc=uscc, employer_name=each.employer_name, city=each.city)
        for uscc, each in firms.items()
    )
    facts = {"city": "440300", "title": "湘粤专场", "place": "440306", "venue": "宝安体育馆", "state": "open"}
    day = add_days(today(two), days)
    event = FairAnnounced(**{**facts, "fair": new_id(), "day": day, "booths": booths, "on": day, **said})
    for context in (two.county, two.city):
        await tell(context, event, node="n440300", service="jobs")
    return str(event.fair)


def an_entry(two: Two, person: LabourerRecorded, vacancy: VacancyAnnounced, **said: Any) -> dict[str, Any]:
    entry = {"entry": str(new_id()), "person": str(person.person), "vacancy": str(vacancy.vacancy)}
    return {**entry, "consent": "2017.1", "on": str(today(two)), **said}


async def ask(two: Two, fair: str, what: str, role: str = "officer", /, **body: Any) -> httpx.Response:
    async with client_of(two.county, role) as client:
        return await client.post(f"{FAIRS}/{fair}/{what}", json=body)


async def sign(two: Two, fair: str, *entries: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await ask(two, fair, "signings", entries=list(entries))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def why(answer: dict[str, Any]) -> str:
    return str(answer["problem"]["type"]).removeprefix("urn:xieli:problem:") if answer["problem"] else ""


async def results(two: Two, fair: str, *, city: bool = False, role: str = "officer") -> dict[str, Any]:
    async with client_of(two.city if city else two.county, role) as client:
        answer = await client.get(f"{FAIRS}/{fair}/results")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_the_county_knows_who_comes_and_the_city_how_many_until_they_agree(two: Two) -> None:
    people, vacancy = [a_labourer(), a_labourer(township="麻栗场镇"), a_labourer()], a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, *people)
    fair = await open_fair(two, vacancy)
    ids = [str(each.person) for each in people]
    for _ in range(2):
        answers = await ask(two, fair, "sign-ups", people=[*ids[:2], str(new_id())])
        assert (answers.json()["done"], answers.json()["refused"]) == (2, 1)
    await ask(two, fair, "sign-ups/take-back", people=ids[1:2])
    arrived = (await ask(two, fair, "arrivals", people=ids[1:])).json()
    assert [(each["signed_up_on"], each["came_on"]) for each in arrived["items"]] == [(None, str(today(two)))] * 2
    (signed,) = await sign(two, fair, an_entry(two, people[0], vacancy))
    await two.carry()
    async with client_of(two.county) as officer:
        listed = (await officer.get(f"{FAIRS}/{fair}/visitors", params={"came": True})).json()["items"]
        assert {each["person"] for each in listed} == set(ids)
        assert [each["introduction"] for each in listed if each["introduction"]] == [signed["introduction"]]
        assert (await officer.get(f"{FAIRS}/{fair}/visitors.xlsx")).status_code == 200
    own = {each["township"]: each for each in (await results(two, fair))["by_origin"]}
    assert {name: (each["signed_up"], each["came"], each["signed"]) for name, each in own.items()} == {
        "花垣镇": (1, 2, 1),
        "麻栗场镇": (0, 1, 0),
    }
    there = await results(two, fair, city=True)
    assert [(each["county"], each["township"], each["signed_up"], each["came"]) for each in there["by_origin"]] == [
        ("433124", None, 1, 3)
    ]
    assert [(each["employer_uscc"], each["signed"], each["hired"]) for each in there["by_firm"]] == [
        (vacancy.employer_uscc, 1, 0)
    ]
    async with client_of(two.city) as officer:
        assert (await officer.get(f"{FAIRS}/{fair}/visitors")).json()["items"] == []
    crossed = [a.data for a, _ in await announced(two.county) if a.envelope.topic.startswith(("to.", "public."))]
    assert all(each not in data for each in ids for data in crossed)


async def test_what_was_signed_goes_on_like_any_introduction_and_counts_for_its_fair(two: Two) -> None:
    person, vacancy = a_labourer(), a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    fair = await open_fair(two, vacancy)
    waiting = await two.propose(person, vacancy)
    (signed,) = await sign(two, fair, an_entry(two, person, vacancy))
    assert signed["introduction"] == waiting
    await two.carry()
    await two.open_card(waiting, person)
    await two.step(two.city, waiting, "hire", on=str(today(two)))
    assert await two.states(waiting) == ("hired", "hired")
    for city in (False, True):
        (firm,) = (await results(two, fair, city=city))["by_firm"]
        assert (firm["signed"], firm["hired"], firm["started"]) == (1, 1, 0)
        async with client_of(two.city if city else two.county) as officer:
            listed = (await officer.get(LIST, params={"fair": fair})).json()["items"]
        assert [(each["id"], each["fair"]) for each in listed] == [(waiting, fair)]
    assert (await results(two, fair))["by_origin"][0]["hired"] == 1
    told = await results(two, fair, role="analyst")
    assert (told["by_firm"][0]["signed"], told["by_origin"][0]["came"]) == ("<5", "<5")
    consent = (await two.see(two.county, waiting))["consent"]
    assert consent == "2017.1"


async def test_a_signing_entered_by_mistake_is_none_of_the_fair(two: Two) -> None:
    person, vacancy = a_labourer(), a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    fair = await open_fair(two, vacancy)
    (signed,) = await sign(two, fair, an_entry(two, person, vacancy))
    await two.carry()
    await two.step(two.county, signed["introduction"], "undo", on=str(today(two)))
    for city in (False, True):
        assert (await results(two, fair, city=city))["by_firm"] == []


async def test_each_entry_of_a_queue_has_its_answer_and_the_same_one_again(two: Two) -> None:
    free, working, placed = a_labourer(), a_labourer(wish=a_wish(willing=False)), a_labourer()
    post, elsewhere, gone = a_vacancy(openings_left=1), a_vacancy(employer_uscc="91440300XL0000066R"), a_vacancy()
    await two.list_vacancies(post, elsewhere, gone)
    await tell(two.county, free, working, placed)
    withdrawn = VacancyWithdrawn(vacancy=gone.vacancy, city="440300", reason="order_cancelled", on=date(2017, 5, 5))
    await tell(two.county, withdrawn, node="n440300", service="jobs")
    fair = await open_fair(two, post, gone)
    await two.agree(await two.propose(placed, elsewhere))
    late = a_labourer()
    await tell(two.county, late)
    wanted = [
        (an_entry(two, free, elsewhere), "invalid"),
        (an_entry(two, free, gone), "vacancy-gone"),
        (an_entry(two, free, post, on="2017-05-01"), "invalid"),
        (an_entry(two, working, post), "not-seeking"),
        (an_entry(two, placed, post), "person-placed"),
        (an_entry(two, a_labourer(), post), "unknown-person"),
        (an_entry(two, free, post), ""),
        (an_entry(two, free, post), "already-introduced"),
        (an_entry(two, late, post), "no-opening-left"),
    ]
    first = await sign(two, fair, *(entry for entry, _ in wanted))
    assert [why(each) for each in first] == [problem for _, problem in wanted]
    assert await sign(two, fair, *(entry for entry, _ in reversed(wanted))) == first[::-1]
    other = {**wanted[6][0], "person": str(late.person)}
    assert [why(each) for each in await sign(two, fair, other)] == ["entry-used"]


async def test_a_desk_a_day_late_is_heard_and_one_too_late_is_told_what_to_do(two: Two) -> None:
    people, vacancy = [a_labourer() for _ in range(3)], a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, *people)
    yesterday = await open_fair(two, vacancy, days=-1, state="held")
    entry = an_entry(two, people[0], vacancy, on=str(add_days(today(two), -1)))
    (signed,) = await sign(two, yesterday, entry)
    seen = await two.see(two.county, signed["introduction"])
    assert (seen["state"], seen["consent_on"]) == ("agreed", entry["on"])
    assert (await ask(two, yesterday, "sign-ups", people=[entry["person"]])).status_code == 409
    ago = await open_fair(two, vacancy, days=-LATE_DAYS - 1, state="held")
    refused = await ask(two, ago, "signings", entries=[an_entry(two, people[1], vacancy)])
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:xieli:problem:fair-too-long-ago")
    for said, problem in (({"days": 1}, "fair-ahead"), ({"state": "cancelled"}, "fair-not-open")):
        other = await open_fair(two, vacancy, **said)
        refused = await ask(two, other, "arrivals", people=[str(people[1].person)])
        assert (refused.status_code, refused.json()["type"]) == (409, f"urn:xieli:problem:{problem}")
    assert (await ask(two, str(new_id()), "signings", entries=[entry])).status_code == 404


async def test_only_posts_of_firms_that_come_stand_there_whatever_a_node_says(two: Two) -> None:
    here, other = a_vacancy(), a_vacancy(employer_uscc="91440300XL0000066R")
    await two.list_vacancies(here, other)
    stranger = BoothAnnounced(
        employer_uscc=here.employer_uscc or "", employer_name="单位", city="440300", vacancies=(other.vacancy,)
    )
    fair = await open_fair(two, here)
    odd = await open_fair(two, booths=(stranger,))
    async with client_of(two.county) as officer:
        posts = (await officer.get(f"{FAIRS}/{fair}/vacancies")).json()["items"]
        assert [each["vacancy"] for each in posts] == [str(here.vacancy)]
        assert (await officer.get(f"{FAIRS}/{odd}/vacancies")).json()["items"] == []
        assert [each["employer_uscc"] for each in (await officer.get(f"{FAIRS}/{odd}")).json()["firms"]] == [
            here.employer_uscc
        ]
    taken = FairAnnounced(
        **{"fair": UUID(fair), "city": "430100", "title": "冒名", "place": "430100", "venue": "别处"},
        day=today(two),
        state="cancelled",
        on=today(two),
    )
    await tell(two.county, taken, node="n430100", service="jobs")
    async with client_of(two.county, "labourer", subject=str(new_id())) as anybody:
        listed = (await anybody.get(FAIRS, params={"state": "open", "since": str(today(two))})).json()["items"]
    assert {each["id"] for each in listed} == {fair, odd}


async def test_a_cadre_acts_for_the_own_township_and_the_erased_are_gone(two: Two) -> None:
    own, other, vacancy = a_labourer(), a_labourer(township="麻栗场镇"), a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, own, other)
    fair = await open_fair(two, vacancy)
    async with client_of(two.county, "cadre", regions=["433124:花垣镇"]) as cadre:
        body = {"people": [str(own.person), str(other.person)]}
        answers = (await cadre.post(f"{FAIRS}/{fair}/sign-ups", json=body)).json()
        assert (answers["done"], answers["refused"]) == (1, 1)
        entries = [an_entry(two, each, vacancy) for each in (own, other)]
        signed = (await cadre.post(f"{FAIRS}/{fair}/signings", json={"entries": entries})).json()
        assert [why(each) for each in signed["items"]] == ["", "unknown-person"]
    await ask(two, fair, "sign-ups", people=[str(other.person)])
    async with client_of(two.county, "cadre", regions=["433124:花垣镇"]) as cadre:
        seen = (await cadre.get(f"{FAIRS}/{fair}/visitors")).json()["items"]
        assert [each["person"] for each in seen] == [str(own.person)]
    await tell(two.county, LabourerErased(person=own.person, county="433124", on=today(two)))
    async with client_of(two.county) as officer:
        left = (await officer.get(f"{FAIRS}/{fair}/visitors")).json()["items"]
    assert [each["person"] for each in left] == [str(other.person)]


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_desks_send_one_person_signs_once_and_no_opening_twice(two: Two, seed: int) -> None:
    """Queues in any order, in pieces, doubled and from two desks at once."""
    draw = Random(seed)
    people = [a_labourer() for _ in range(6)]
    posts = [a_vacancy(openings_left=left) for left in (1, 2, 5)]
    await two.list_vacancies(*posts)
    await tell(two.county, *people)
    fair = await open_fair(two, *posts)
    queue = [an_entry(two, draw.choice(people), draw.choice(posts)) for _ in range(14)]
    sent = [draw.sample(queue, draw.randint(1, len(queue))) for _ in range(6)] + [queue]
    answers: dict[str, list[dict[str, Any]]] = {}
    for pair in zip(sent[::2], [*sent[1::2], queue], strict=True):
        for told in await asyncio.gather(*(sign(two, fair, *each) for each in pair)):
            for each in told:
                answers.setdefault(each["entry"], []).append(each)
    assert all(each == told[0] for told in answers.values() for each in told)
    made = {told[0]["introduction"]: entry for entry, told in answers.items() if told[0]["introduction"]}
    signed = [each for each in queue if each["entry"] in made.values()]
    assert len({each["person"] for each in signed}) == len(signed) == len(made)
    for post in posts:
        assert sum(each["vacancy"] == str(post.vacancy) for each in signed) <= post.openings_left
    async with client_of(two.county) as officer:
        listed = (await officer.get(LIST, params={"limit": 200})).json()["items"]
    assert sorted(each["id"] for each in listed if each["state"] == "agreed") == sorted(made)
    assert len(listed) == len(made)
    await two.carry()
    there = await results(two, fair, city=True)
    assert sum(each["signed"] for each in there["by_firm"]) == len(made)
