"""Every way an introduction ends after the yes (未到岗、取消、录入有误): person and opening are free once, at both nodes alike."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from libs.common.database import new_id
from libs.common.events.jobs import VacancyAnnounced
from libs.common.events.matching import IntroductionAnswered, IntroductionHired, IntroductionReleased
from libs.common.events.registry import LabourerRecorded
from libs.common.events.retention import SpellStarted
from libs.common.service import ServiceContext
from services.matching.workers import act_on_deadlines
from tests.integration.matching.two_offices import LIST, Two, a_place, settle, two_offices
from tests.support.nodes import Nodes, announced, client_of
from tests.support.telling import a_labourer, a_vacancy, tell

Case = tuple[str, LabourerRecorded, VacancyAnnounced]


@pytest.fixture
async def two(nodes: Nodes) -> Two:
    return await two_offices(nodes)


async def a_case(two: Two, *, hired: bool = True) -> Case:
    person, vacancy = a_labourer(), a_vacancy(openings=1, openings_left=1)
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    introduction = await two.propose(person, vacancy)
    await two.agree(introduction)
    await two.open_card(introduction, person)
    if hired:
        await two.step(two.city, introduction, "hire", on="2017-05-06")
    return introduction, person, vacancy


async def told(context: ServiceContext, kind: type[IntroductionHired | IntroductionReleased]) -> list[str]:
    """What the city's own offices heard: whose place was taken or given back."""
    said = [arrival for arrival, _ in await announced(context) if arrival.envelope.type == kind.TYPE]
    return [str(kind.model_validate_json(arrival.data).introduction) for arrival in said]


async def take(context: ServiceContext, introduction: str, verb: str, **body: Any) -> None:
    """A step whose news waits on the wire."""
    async with client_of(context) as officer:
        answer = await officer.post(f"{LIST}/{introduction}/{verb}", json={"on": "2017-05-08", **body})
    assert answer.status_code == 200, answer.text


async def start(two: Two, introduction: str, vacancy: VacancyAnnounced) -> None:
    facts = {"introduction": UUID(introduction), "county": "433124", "city": "440300", "vacancy": vacancy.vacancy}
    await tell(
        two.city, SpellStarted(spell=new_id(), start=date(2017, 5, 9), wage_fen=400000, **facts), service="retention"
    )


@pytest.mark.parametrize(
    ("side", "verb", "reason", "state"),
    [
        ("city", "no-show", "did_not_come", "no_show"),
        ("city", "rescind", "post_gone", "rescinded"),
        ("county", "cancel", "family_care", "cancelled"),
    ],
)
async def test_whoever_was_hired_and_does_not_begin_is_free_and_so_is_the_opening(
    two: Two, side: str, verb: str, reason: str, state: str
) -> None:
    introduction, person, vacancy = await a_case(two)
    context = two.city if side == "city" else two.county
    await two.step(context, introduction, verb, 422, reason="because")
    await two.step(context, introduction, verb, on="2017-05-20", reason=reason)
    assert await two.states(introduction) == (state, state)
    assert (await two.see(two.county, introduction))["reason"] == reason
    assert await told(two.city, IntroductionReleased) == [introduction]
    again = await two.step(context, introduction, verb, 409, reason=reason)
    assert again["type"] == "urn:xieli:problem:step-not-possible"
    await two.agree(await two.propose(person, vacancy))  # the same person may begin again, even there
    other = await two.step(two.county if side == "city" else two.city, introduction, verb, 409, reason=reason)
    assert other["type"] == "urn:xieli:problem:step-not-possible"


async def test_a_hire_that_crosses_the_persons_no_is_no_hire(two: Two) -> None:
    introduction, _, _ = await a_case(two, hired=False)
    await take(two.city, introduction, "hire")
    await take(two.county, introduction, "cancel", reason="health")
    await two.carry()
    assert await two.states(introduction) == ("cancelled", "cancelled")
    assert await told(two.city, IntroductionHired) == await told(two.city, IntroductionReleased) == [introduction]


async def test_work_that_began_before_the_no_was_heard_goes_on(two: Two) -> None:
    introduction, _, vacancy = await a_case(two)
    await start(two, introduction, vacancy)
    await take(two.county, introduction, "cancel", reason="health")
    await two.carry()
    assert await two.states(introduction) == ("started", "started")
    assert await told(two.city, IntroductionReleased) == []


async def test_nobody_keeps_two_places_by_news_that_crossed(two: Two) -> None:
    """The county frees somebody, who agrees elsewhere before it hears that the work had begun: the later yes holds."""
    introduction, person, vacancy = await a_case(two)
    await start(two, introduction, vacancy)
    await take(two.county, introduction, "cancel", reason="too_far")
    elsewhere = a_vacancy()
    await two.list_vacancies(elsewhere)
    other = await two.propose(person, elsewhere)
    await take(two.county, other, "offer")
    await take(two.county, other, "agree", consent="2017.1")
    await two.carry()
    assert await two.states(introduction) == ("cancelled", "cancelled")
    assert (await two.see(two.city, introduction))["reason"] == "agreed_elsewhere"
    assert await two.states(other) == ("agreed", "agreed")
    assert await told(two.city, IntroductionReleased) == [introduction]


async def test_a_city_says_nothing_of_somebody_who_has_not_agreed(two: Two) -> None:
    person, vacancy = a_labourer(), a_vacancy()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    introduction = await two.propose(person, vacancy)
    facts = {"introduction": UUID(introduction), "county": "433124", "city": "440300", "vacancy": vacancy.vacancy}
    for state in ("agreed", "hired", "started"):
        event = IntroductionAnswered(state=state, turn=9, on=date(2017, 5, 9), **facts)
        await tell(two.county, event, node="n440300", service="matching")
    assert (await two.see(two.county, introduction))["state"] == "proposed"


async def test_each_side_takes_back_what_it_has_entered_by_mistake(two: Two) -> None:
    introduction, _, _ = await a_case(two)
    assert (await two.step(two.county, introduction, "undo", 409))["type"] == "urn:xieli:problem:step-not-possible"
    for verb, more, stands in (
        ("undo", {}, "introduced"),
        ("hire", {}, "hired"),
        ("no-show", {}, "no_show"),
        ("undo", {}, "hired"),
        ("rescind", {"reason": "post_gone"}, "rescinded"),
        ("undo", {}, "hired"),
    ):
        await two.step(two.city, introduction, verb, **more)
        assert await two.states(introduction) == (stands, stands)
    assert (await two.see(two.county, introduction))["reason"] == "entered_by_mistake"
    taken = len(await told(two.city, IntroductionHired)) - len(await told(two.city, IntroductionReleased))
    assert taken == 1


async def test_an_end_is_taken_back_only_into_a_place_that_is_still_free(two: Two) -> None:
    introduction, _, vacancy = await a_case(two)
    await two.step(two.city, introduction, "no-show")
    other = a_labourer()
    await tell(two.county, other)
    second = await two.propose(other, vacancy)
    await two.agree(second)
    await two.open_card(second, other)
    refused = await two.step(two.city, introduction, "undo", 409)
    assert refused["type"] == "urn:xieli:problem:no-opening-left"
    assert await two.states(second) == ("introduced", "introduced")


async def test_a_no_is_taken_back_unless_the_person_has_another_place(two: Two) -> None:
    person, one, other = a_labourer(), a_vacancy(), a_vacancy()
    await two.list_vacancies(one, other)
    await tell(two.county, person)
    first, second = await two.propose(person, one), await two.propose(person, other)
    await two.step(two.county, first, "offer")
    await two.step(two.county, first, "decline", reason="too_far")
    await two.step(two.county, first, "undo")
    assert await two.states(first) == ("offered", "offered")
    await two.step(two.county, first, "decline", reason="too_far")
    await two.agree(second)
    assert (await two.step(two.county, first, "undo", 409))["type"] == "urn:xieli:problem:person-placed"


async def test_a_yes_that_was_never_given_ends_with_its_card_and_the_place_is_held_anew(two: Two) -> None:
    person, vacancy, run = a_labourer(), a_vacancy(), new_id()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    held = (await settle(two, run, 1, await a_place(two, run, person, vacancy)))[person.person]
    await two.agree(held)
    undone = await two.step(two.county, held, "undo", on="2017-05-04")
    assert (undone["state"], undone["consent_withdrawn_on"]) == ("cancelled", "2017-05-04")
    await two.open_card(held, person)  # it was on its way
    assert await two.states(held) == ("cancelled", "cancelled")
    async with client_of(two.county) as officer:
        items = (await officer.get(LIST, params={"run": str(run), "state": "held"})).json()["items"]
    assert [(each["person"], each["seat"]) for each in items] == [(str(person.person), "open")]
    await two.agree(items[0]["id"])
    await two.open_card(items[0]["id"], person)
    assert await two.states(items[0]["id"]) == ("introduced", "introduced")


async def test_an_employer_sees_whoever_was_introduced_and_nobody_else(two: Two) -> None:
    introduction, person, vacancy = await a_case(two)
    await two.step(two.county, introduction, "cancel", reason="health")
    again = await two.propose(person, vacancy)
    await two.agree(again)
    await two.step(two.county, again, "cancel", reason="health")
    async with client_of(two.city, "employer", organisation=vacancy.employer_uscc) as own:
        items = (await own.get(LIST)).json()["items"]
        assert [(item["id"], item["state"]) for item in items] == [(introduction, "cancelled")]
        refused = await own.post(f"{LIST}/{introduction}/undo", json={})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:xieli:problem:step-not-possible")


async def shift(context: ServiceContext, days: int) -> None:
    """As if so many days had passed since the steps were entered and since their owners were told."""
    async with context.database.transaction() as tx:
        moved = f"UPDATE introductions SET lapses_on = lapses_on - {days}, warned_on = warned_on - {days}"
        await tx.execute(text(moved))


async def warned(context: ServiceContext) -> list[str]:
    async with client_of(context) as officer:
        return [each["id"] for each in (await officer.get(LIST, params={"warned": "true"})).json()["items"]]


async def test_what_is_overdue_ends_by_itself_after_its_owner_was_told_and_once(two: Two) -> None:
    introduction, _, _ = await a_case(two)  # entered today about 2017: it has its whole time from today
    assert [await act_on_deadlines(context) for context in (two.county, two.city)] == [0, 0]
    assert await warned(two.city) == []
    await shift(two.city, 31)
    assert await act_on_deadlines(two.city) == 0  # however late it is, whoever owns it is told first
    assert await warned(two.city) == [introduction]
    assert await warned(two.county) == []
    await shift(two.city, 1)
    assert [await act_on_deadlines(two.city) for _ in range(2)] == [1, 0]
    await two.carry()
    assert await two.states(introduction) == ("no_show", "no_show")
    assert (await two.see(two.county, introduction))["reason"] == "deadline_passed"
    assert await told(two.city, IntroductionReleased) == [introduction]


async def test_who_does_not_come_counts_for_the_firm_and_the_run(two: Two) -> None:
    people, vacancy, run = [a_labourer() for _ in range(3)], a_vacancy(openings=9, openings_left=9), new_id()
    await two.list_vacancies(vacancy)
    await tell(two.county, *people)
    held = await settle(two, run, 1, *[await a_place(two, run, person, vacancy) for person in people])
    for person in people:
        await two.agree(held[person.person])
        await two.open_card(held[person.person], person)
    for person in people[:2]:
        await two.step(two.city, held[person.person], "hire")
    await two.step(two.city, held[people[0].person], "no-show")
    async with client_of(two.city) as city, client_of(two.county) as county:
        [firm] = (await city.get("/matching/v1/outcomes")).json()["items"]
        [of_run] = (await county.get("/matching/v1/outcomes", params={"by": "run"})).json()["items"]
    counts = {"introduced": 3, "hired": 2, "came": 0, "no_show": 1, "no_show_share": 0.5}
    assert counts.items() <= firm.items()
    assert counts.items() <= of_run.items()
    assert (firm["uscc"], of_run["key"]) == (vacancy.employer_uscc, str(run))
    async with client_of(two.city, "employer", organisation="91430100MA4L1XXX0B") as stranger:
        assert (await stranger.get("/matching/v1/outcomes")).json()["items"] == []
        assert (await stranger.get("/matching/v1/outcomes.xlsx")).status_code == 200


async def test_many_take_a_step_at_once_with_an_answer_for_each(two: Two) -> None:
    people, vacancy = [a_labourer() for _ in range(3)], a_vacancy(openings=9, openings_left=9)
    twice = a_vacancy()
    await two.list_vacancies(vacancy, twice)
    await tell(two.county, *people)
    made = [await two.propose(person, vacancy) for person in people]
    also, stranger = await two.propose(people[0], twice), str(new_id())

    async def many(context: ServiceContext, verb: str, ids: list[str], **more: str) -> list[str]:
        async with client_of(context) as officer:
            answer = await officer.post(f"{LIST}/bulk/{verb}", json={"introductions": ids, "on": "2017-05-08", **more})
        assert answer.status_code == 200, answer.text
        await two.carry()
        told = answer.json()
        assert told["done"] + told["refused"] == len(ids)
        return [each["state"] or each["problem"]["type"].rpartition(":")[2] for each in told["items"]]

    offered = await many(two.county, "offer", [stranger, *made, also])
    assert offered == ["introduction-not-found", "offered", "offered", "offered", "offered"]
    agreed = await many(two.county, "agree", [made[0], also, made[1]], consent="2017.1")
    assert agreed == ["agreed", "person-placed", "agreed"]
    assert await two.states(also) == ("obsolete", "obsolete")
    assert await many(two.county, "decline", made, reason="too_far") == [
        "step-not-possible",
        "step-not-possible",
        "declined",
    ]
    for introduction, person in zip(made[:2], people, strict=False):
        await two.open_card(introduction, person)
    assert await many(two.county, "hire", made[:2]) == ["step-not-possible"] * 2
    assert await many(two.city, "hire", made) == ["hired", "hired", "step-not-possible"]
    assert sorted(await told(two.city, IntroductionHired)) == sorted(made[:2])
    assert await many(two.city, "no-show", made[:1]) == ["no_show"]
    assert await many(two.city, "reject", made[1:2], reason="other") == ["step-not-possible"]
    async with client_of(two.city, "employer", organisation="91430100MA4L1XXX0B") as employer:
        hidden = await employer.post(f"{LIST}/bulk/hire", json={"introductions": made})
    assert {each["problem"]["status"] for each in hidden.json()["items"]} == {404}


async def test_a_post_shortened_below_those_who_have_said_yes_takes_no_place_from_them(two: Two) -> None:
    vacancy = a_vacancy(openings=3, openings_left=3)
    await two.list_vacancies(vacancy)
    said_yes = []
    for person in (a_labourer(), a_labourer(), a_labourer()):
        await tell(two.county, person)
        said_yes.append(await two.propose(person, vacancy))
        await two.agree(said_yes[-1])
        await two.open_card(said_yes[-1], person)
    await two.list_vacancies(vacancy.model_copy(update={"openings": 1, "openings_left": 1}))
    for introduction in said_yes:
        await two.step(two.city, introduction, "hire", on="2017-05-06")
    assert {await two.states(each) for each in said_yes} == {("hired", "hired")}
    late = a_labourer()
    await tell(two.county, late)
    one_more = await two.propose(late, vacancy)
    await two.agree(one_more)
    await two.open_card(one_more, late)
    assert await two.states(one_more) == ("refused", "refused")
