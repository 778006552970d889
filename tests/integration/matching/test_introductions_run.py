"""Introductions of a run: the declared priority is checked on the card, and another pass moves people up and no one down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from libs.common.database import new_id
from libs.common.events.matching import IntroductionHired
from libs.common.events.retention import SpellEnded, SpellStarted
from services.matching.operations.introductions.placements import Placed, frozen_places, gone_people
from tests.integration.matching.two_offices import LIST, Two, a_place, settle, two_offices
from tests.support.nodes import Nodes, announced, client_of
from tests.support.telling import a_labourer, a_vacancy, tell


@pytest.fixture
async def two(nodes: Nodes) -> Two:
    return await two_offices(nodes)


async def test_a_person_of_a_run_is_introduced_and_hired_and_starts(two: Two) -> None:
    person, vacancy, run = a_labourer(burden=35, groups=("zero_employment",)), a_vacancy(), new_id()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    held = (await settle(two, run, 1, await a_place(two, run, person, vacancy)))[person.person]
    assert await two.states(held) == ("held", "held")
    await two.agree(held)
    assert await two.states(held) == ("agreed", "agreed")
    await two.open_card(held, person)
    assert await two.states(held) == ("introduced", "introduced")
    async with client_of(two.city, "employer", organisation=vacancy.employer_uscc) as employer:
        assert (await employer.post(f"{LIST}/{held}/hire", json={"on": "2017-05-06"})).status_code == 200
    await two.carry()
    hired = [a.data for a, _ in await announced(two.city) if a.envelope.type == IntroductionHired.TYPE]
    assert [IntroductionHired.model_validate_json(data).wage for data in hired] == [vacancy.wage]
    spell = SpellStarted(
        spell=new_id(),
        introduction=UUID(held),
        county="433124",
        city="440300",
        vacancy=vacancy.vacancy,
        start=date(2017, 5, 10),
        wage_fen=420000,
    )
    await tell(two.city, spell, service="retention")
    await two.carry()
    left = SpellEnded(
        spell=spell.spell,
        introduction=UUID(held),
        county="433124",
        city="440300",
        vacancy=vacancy.vacancy,
        end=date(2017, 9, 1),
        reason="family",
    )
    await tell(two.city, left, service="retention")
    await two.carry()
    seen = await two.see(two.county, held)
    assert [(step["state"], step["on"]) for step in seen["steps"]] == [
        ("held", "2017-05-01"),
        ("offered", "2017-05-03"),
        ("agreed", "2017-05-03"),
        ("introduced", "2017-05-04"),
        ("hired", "2017-05-06"),
        ("started", "2017-05-10"),
        ("ended", "2017-09-01"),
    ]
    assert await two.states(held) == ("ended", "ended")
    assert (seen["owner"], seen["reason"], seen["wording"]["zh"]) == (None, "left_work", "已离岗")
    assert await two.propose(person, vacancy) != held


async def test_a_card_that_gives_another_priority_refuses_the_introduction(two: Two) -> None:
    person, vacancy, run = a_labourer(burden=35), a_vacancy(), new_id()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    held = (await settle(two, run, 1, await a_place(two, run, person, vacancy)))[person.person]
    await two.agree(held)
    await two.open_card(held, person, burden=5)
    assert await two.states(held) == ("refused", "refused")
    seen = await two.see(two.county, held)
    assert seen["reason"] == "priority_mismatch"
    assert seen["steps"][-1]["by"] == "n440300"
    async with two.county.database.reading() as tx:
        assert await gone_people(tx, run) == {person.person}


async def test_a_rejection_names_its_reason_and_frees_the_person_and_the_opening(two: Two) -> None:
    person, vacancy, run = a_labourer(), a_vacancy(openings=1, openings_left=1), new_id()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    held = (await settle(two, run, 1, await a_place(two, run, person, vacancy)))[person.person]
    await two.agree(held)
    async with two.city.database.reading() as tx:
        assert [place.seat for place in await frozen_places(tx, run)] == ["open"]
    await two.open_card(held, person)
    bad = await two.step(two.city, held, "reject", 422, reason="no reason")
    assert bad["errors"][0]["pointer"] == "/reason"
    await two.step(two.city, held, "reject", reason="lacking_skills")
    assert await two.states(held) == ("rejected", "rejected")
    for context in (two.county, two.city):
        async with context.database.reading() as tx:
            assert await frozen_places(tx, run) == []
    async with two.county.database.reading() as tx:
        assert await gone_people(tx, run) == {person.person}
    async with client_of(two.county) as officer:
        assert [each["person"] for each in (await officer.get("/matching/v1/demand")).json()["people"]] == [
            str(person.person)
        ]


async def test_another_pass_moves_up_whom_it_may_and_leaves_signed_ones(two: Two) -> None:
    signed, rising, staying = a_labourer(), a_labourer(), a_labourer()
    low, high, run = a_vacancy(), a_vacancy(wage=6000), new_id()
    await two.list_vacancies(low, high)
    await tell(two.county, signed, rising, staying)
    before = await settle(two, run, 1, *[await a_place(two, run, each, low) for each in (signed, rising, staying)])
    await two.agree(before[signed.person])
    await two.step(two.county, before[rising.person], "offer")
    after = await settle(
        two,
        run,
        2,
        await a_place(two, run, rising, high),
        await a_place(two, run, staying, low),
        await a_place(two, run, signed, high),
    )
    assert await two.states(before[rising.person]) == ("obsolete", "obsolete")
    assert (await two.see(two.city, before[rising.person]))["reason"] == "moved_up"
    assert await two.states(after[rising.person]) == ("held", "held")
    assert after[staying.person] == before[staying.person]
    assert after[signed.person] == before[signed.person]
    assert await two.states(after[signed.person]) == ("agreed", "agreed")


async def test_whoever_agreed_outside_the_run_has_left_it(two: Two) -> None:
    person, low, other, run = a_labourer(), a_vacancy(), a_vacancy(), new_id()
    await two.list_vacancies(low, other)
    await tell(two.county, person)
    held = (await settle(two, run, 1, await a_place(two, run, person, low)))[person.person]
    await two.agree(await two.propose(person, other))
    assert await two.states(held) == ("obsolete", "obsolete")
    async with two.county.database.reading() as tx:
        assert await gone_people(tx, run) == {person.person}
        assert await frozen_places(tx, run) == []
    assert await settle(two, run, 2, await a_place(two, run, person, low)) == {}


async def test_a_couples_shared_points_are_part_of_what_the_card_bears_out(two: Two) -> None:
    person, vacancy, run = a_labourer(burden=5), a_vacancy(), new_id()
    await two.list_vacancies(vacancy)
    await tell(two.county, person)
    place = await a_place(two, run, person, vacancy)
    couple = Placed(person.person, _sharing(place.declared, 30), vacancy.vacancy, "440300", place.priority + 30, "open")
    held = (await settle(two, run, 1, couple))[person.person]
    await two.agree(held)
    await two.open_card(held, person)
    assert await two.states(held) == ("introduced", "introduced")


def _sharing(declared: Any, points: int) -> Any:
    return replace(declared, shared=points)


async def test_an_own_proposal_does_not_take_an_opening_held_for_a_run(two: Two) -> None:
    placed, proposed, run = a_labourer(), a_labourer(), new_id()
    vacancy = a_vacancy(openings=1, openings_left=1)
    await two.list_vacancies(vacancy)
    await tell(two.county, placed, proposed)
    await settle(two, run, 1, await a_place(two, run, placed, vacancy))
    own = await two.propose(proposed, vacancy)
    await two.agree(own)
    await two.open_card(own, proposed)
    assert await two.states(own) == ("refused", "refused")
    assert (await two.see(two.county, own))["reason"] == "no_opening"
