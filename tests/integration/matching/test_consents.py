"""Consent withdrawn: in whatever order and however often the news comes, both nodes end in the same state and know nothing more."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from libs.common.database import new_id
from libs.common.events.matching import ConsentClosed, ConsentWithdrawn, IntroductionSent
from libs.common.events.registry import CardErased, GuestReceived
from libs.common.service import ServiceContext
from tests.integration.matching.two_offices import LIST, Two, two_offices
from tests.support.nodes import Nodes, announced, client_of
from tests.support.telling import a_labourer, a_vacancy, tell

DAY = date(2017, 5, 20)


async def agreed(two: Two, openings: int = 1) -> tuple[str, Any, Any]:
    person, vacancy = a_labourer(), a_vacancy(openings=openings, openings_left=openings)
    await tell(two.county, person)
    await two.list_vacancies(vacancy)
    introduction = await two.propose(person, vacancy)
    await two.agree(introduction)
    return introduction, person, vacancy


async def withdraw(two: Two, introduction: str, status: int = 200, **said: Any) -> dict[str, Any]:
    return await two.step(two.county, introduction, "withdraw-consent", status, **{"on": str(DAY), **said})


async def guests_of(context: ServiceContext) -> int:
    async with context.database.reading() as tx:
        return int((await tx.execute(text("SELECT count(*) FROM guests"))).scalar_one())


@pytest.mark.parametrize("received", [False, True])
async def test_before_hiring_it_ends_at_both_nodes_and_the_opening_is_free(nodes: Nodes, received: bool) -> None:
    two = await two_offices(nodes)
    introduction, person, vacancy = await agreed(two)
    if received:
        await two.open_card(introduction, person)
    first = await withdraw(two, introduction, reason="changed_mind")
    assert (first["state"], first["reason"], first["consent_withdrawn_on"]) == (
        "declined",
        "consent_withdrawn",
        str(DAY),
    )
    assert await two.states(introduction) == ("declined", "declined")
    assert await guests_of(two.city) == 0
    again = await withdraw(two, introduction, on="2017-06-01")
    assert {**again, "version": 0} == {**first, "version": 0}
    other = a_labourer()
    await tell(two.county, other)
    second = await two.propose(other, vacancy)
    await two.agree(second)
    await two.open_card(second, other)
    assert await two.states(second) == ("introduced", "introduced")


async def test_the_person_may_go_elsewhere_afterwards(nodes: Nodes) -> None:
    two = await two_offices(nodes)
    introduction, person, _ = await agreed(two)
    await withdraw(two, introduction)
    elsewhere = a_vacancy()
    await two.list_vacancies(elsewhere)
    again = await two.propose(person, elsewhere)
    await two.agree(again)
    assert (await two.states(again))[0] == "agreed"


async def test_after_hiring_the_work_goes_on_without_a_name(nodes: Nodes) -> None:
    two = await two_offices(nodes)
    introduction, person, _ = await agreed(two)
    await two.open_card(introduction, person)
    await two.step(two.city, introduction, "hire")
    said = await withdraw(two, introduction)
    assert (said["state"], said["consent_withdrawn_on"]) == ("hired", str(DAY))
    assert await two.states(introduction) == ("hired", "hired")
    assert await guests_of(two.city) == 0
    assert (await two.see(two.city, introduction))["consent_withdrawn_on"] == str(DAY)


async def test_a_hire_that_crosses_the_withdrawal_is_the_same_at_both_nodes(nodes: Nodes) -> None:
    two = await two_offices(nodes)
    introduction, person, _ = await agreed(two)
    await two.open_card(introduction, person)
    async with client_of(two.city) as city, client_of(two.county) as county:
        assert (await city.post(f"{LIST}/{introduction}/hire", json={"on": "2017-05-19"})).status_code == 200
        assert (await county.post(f"{LIST}/{introduction}/withdraw-consent", json={"on": str(DAY)})).json()[
            "state"
        ] == "declined"
    await two.carry()
    assert await two.states(introduction) == ("hired", "hired")
    assert (await two.see(two.county, introduction))["consent_withdrawn_on"] == str(DAY)


async def test_there_must_be_a_consent_and_it_cannot_end_before_it_was_given(nodes: Nodes) -> None:
    two = await two_offices(nodes)
    person, vacancy = a_labourer(), a_vacancy()
    await tell(two.county, person)
    await two.list_vacancies(vacancy)
    introduction = await two.propose(person, vacancy)
    assert (await withdraw(two, introduction, 409))["type"] == "urn:xieli:problem:no-consent"
    await two.agree(introduction)
    assert (await withdraw(two, introduction, 422, on="2017-05-01"))["errors"][0]["pointer"] == "/on"
    await withdraw(two, introduction, 422, reason="because 麻老石 said so")


@pytest.mark.parametrize("role", ["employer", "auditor", "analyst", "operator"])
async def test_only_who_may_decide_records_it(nodes: Nodes, role: str) -> None:
    two = await two_offices(nodes)
    introduction, _, _ = await agreed(two)
    async with client_of(two.county, role) as client:
        assert (await client.post(f"{LIST}/{introduction}/withdraw-consent", json={})).status_code in (403, 404)
    async with client_of(two.city) as client:
        assert (await client.post(f"{LIST}/{introduction}/withdraw-consent", json={})).status_code == 409


async def test_the_registry_hears_of_it_at_home_and_the_city_by_its_own_topic(nodes: Nodes) -> None:
    two = await two_offices(nodes)
    introduction, _, _ = await agreed(two)
    await withdraw(two, introduction)
    await withdraw(two, introduction)
    told = [one.envelope for one, _ in await announced(two.county)]
    assert [one.topic for one in told if one.type == ConsentWithdrawn.TYPE] == ["to.n440300.matching.consent"]
    assert [one.topic for one in told if one.type == ConsentClosed.TYPE] == ["home.matching.introduction"]


@pytest.mark.parametrize(("node", "noted"), [("n440300", "2017-05-21"), ("n430100", None)])
async def test_only_the_city_itself_confirms(nodes: Nodes, node: str, noted: str | None) -> None:
    two = await two_offices(nodes)
    introduction, _, _ = await agreed(two)
    await withdraw(two, introduction)
    await tell(
        two.county, CardErased(introduction=UUID(introduction), county="433124", on=date(2017, 5, 21)), node=node
    )
    assert (await two.see(two.county, introduction))["card_erased_on"] == noted


async def test_another_county_withdraws_nothing(nodes: Nodes) -> None:
    two = await two_offices(nodes)
    introduction, person, vacancy = await agreed(two)
    await two.open_card(introduction, person)
    facts = {"introduction": UUID(introduction), "city": "440300", "vacancy": vacancy.vacancy, "on": DAY}
    await tell(two.city, ConsentWithdrawn(county="433126", **facts), node="n433126", service="matching")
    await tell(two.city, ConsentWithdrawn(county="433124", **facts), node="n433126", service="matching")
    assert await two.states(introduction) == ("introduced", "introduced")
    assert await guests_of(two.city) == 1


async def test_in_any_order_and_doubled_the_city_ends_in_the_same_state(nodes: Nodes) -> None:
    """Every order of all the news of one introduction, each told twice: what comes after the withdrawal brings nothing back."""
    two = await two_offices(nodes)
    vacancy = a_vacancy(openings=500, openings_left=500)
    await two.list_vacancies(vacancy)
    orders = list(permutations(range(5)))
    for order in orders:
        facts = {"introduction": new_id(), "county": "433124", "city": "440300", "vacancy": vacancy.vacancy, "on": DAY}
        guest = GuestReceived(
            introduction=facts["introduction"],
            guest=new_id(),
            county="433124",
            birth_date=date(1985, 3, 2),
            education=2,
            on=DAY,
        )
        news = [
            (IntroductionSent(state=state, **facts), "n433124", "matching")
            for state in ("proposed", "offered", "agreed")
        ]
        news += [(ConsentWithdrawn(**facts), "n433124", "matching"), (guest, "n440300", "registry")]
        for number in order:
            for _ in range(2):
                event, node, service = news[number]
                await tell(two.city, event, node=node, service=service)
        seen = await two.see(two.city, str(facts["introduction"]))
        assert (seen["state"], seen["reason"], seen["consent_withdrawn_on"]) == (
            "declined",
            "consent_withdrawn",
            str(DAY),
        ), order
    assert await guests_of(two.city) == 0
    async with client_of(two.city) as client:
        assert (await client.get(LIST, params={"state": "introduced"})).json()["items"] == []
