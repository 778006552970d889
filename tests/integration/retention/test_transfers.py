"""Notice, the 48-hour clock, and the transfer that keeps somebody in the city."""

from __future__ import annotations

from datetime import date
from typing import Any

from libs.common.events.jobs import VacancyAnnounced, VacancyWithdrawn
from libs.common.events.retention import SpellStarted
from libs.common.service import ServiceContext
from services.retention.app import SERVICE
from tests.support.keeping import OTHER_FIRM, hire, start, told_by
from tests.support.nodes import Nodes, carry, client_of
from tests.support.telling import a_vacancy, tell

COUNTY, CITY = "n433124", "n440300"
NOTICE = {"on": "2017-04-10", "last_day": "2017-04-20", "reason": "order_shortfall"}


async def offer(context: ServiceContext, **said: Any) -> VacancyAnnounced:
    vacancy = a_vacancy(**{"employer_uscc": OTHER_FIRM, **said})
    await tell(context, vacancy, service="jobs")
    return vacancy


def taking(vacancy: VacancyAnnounced, **said: Any) -> dict[str, Any]:
    return {"vacancy": str(vacancy.vacancy), "on": "2017-04-11", "start": "2017-04-21", "wage_fen": 360000, **said}


async def test_a_notice_and_a_transfer_keep_the_person_in_the_city(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired, vacancy = await hire(county, city), await offer(city)
    async with client_of(county) as home, client_of(city) as door:
        old = await start(door, hired)
        risk = (await door.post(f"/retention/v1/spells/{old['id']}/notice", json=NOTICE)).json()
        assert (risk["state"], risk["deadline"], risk["hours_left"]) == ("open", "2017-04-12", 48)
        assert (await door.post(f"/retention/v1/spells/{old['id']}/notice", json=NOTICE)).status_code == 409
        answer = await door.post(f"/retention/v1/spells/{old['id']}/transfer", json=taking(vacancy))
        assert answer.status_code == 201, answer.text
        new = answer.json()
        await carry(county, city)
        seen = (await home.get("/retention/v1/spells")).json()["items"]
        [risk], [known] = [
            (await side.get("/retention/v1/risks?as_of=2017-05-01")).json()["items"] for side in (door, home)
        ]
    assert known == risk, "both sides see the risk and what became of it"
    assert (new["previous"], new["employer_uscc"], new["vacancy"]) == (old["id"], OTHER_FIRM, str(vacancy.vacancy))
    assert [(spell["end"], spell["reason"]) for spell in seen] == [("2017-04-20", "transfer"), (None, None)]
    assert (risk["state"], risk["answer"], risk["answer_spell"]) == ("answered", "transferred", new["id"])
    told = await told_by(city, SpellStarted)
    assert [str(event.previous) for event in told] == ["None", old["id"]], "jobs counts the seat of a transfer by this"
    assert told[1].vacancy == vacancy.vacancy


async def test_the_clock_shows_who_is_late(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired, vacancy = await hire(county, city), await offer(city)
    async with client_of(city) as door:
        spell = await start(door, hired)
        await door.post(f"/retention/v1/spells/{spell['id']}/notice", json=NOTICE)
        await door.post(f"/retention/v1/spells/{spell['id']}/transfer", json=taking(vacancy, on="2017-04-14"))
        states = {}
        for day in ("2017-04-09", "2017-04-12", "2017-04-13", "2017-04-14"):
            items = (await door.get("/retention/v1/risks", params={"as_of": day})).json()["items"]
            states[day] = [(risk["state"], risk["answer"]) for risk in items]
    assert states == {
        "2017-04-09": [],
        "2017-04-12": [("open", None)],
        "2017-04-13": [("overdue", None)],
        "2017-04-14": [("answered_late", "transferred")],
    }


async def test_only_a_vetted_vacancy_with_an_opening_can_be_taken(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    full, gone = await offer(city, openings_left=0), await offer(city)
    elsewhere, last = await offer(city, city="430100"), await offer(city, openings_left=1)
    await tell(
        city,
        VacancyWithdrawn(vacancy=gone.vacancy, city="440300", reason="filled", on=date(2017, 4, 1)),
        service="jobs",
    )
    async with client_of(city) as door:
        first, second = [await start(door, await hire(county, city, vacancy=full.vacancy)) for _ in range(2)]

        async def take(spell: dict[str, Any], vacancy: VacancyAnnounced) -> int:
            return (await door.post(f"/retention/v1/spells/{spell['id']}/transfer", json=taking(vacancy))).status_code

        assert [await take(first, vacancy) for vacancy in (full, gone, elsewhere)] == [409, 409, 404]
        assert await take(first, last) == 201
        assert await take(second, last) == 409, "the one opening is taken, though jobs has not said so yet"


async def test_the_employer_gives_notice_of_its_own_people_alone(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city, firm=OTHER_FIRM)
    vacancy = await offer(city)
    async with client_of(city) as door, client_of(city, role="employer", organisation=OTHER_FIRM) as firm:
        spell = await start(door, hired)
        async with client_of(city, role="employer", organisation="91440300MA5D8C1X2T") as stranger:
            assert (await stranger.post(f"/retention/v1/spells/{spell['id']}/notice", json=NOTICE)).status_code == 404
        assert (await firm.post(f"/retention/v1/spells/{spell['id']}/notice", json=NOTICE)).status_code == 201
        assert (
            await firm.post(f"/retention/v1/spells/{spell['id']}/transfer", json=taking(vacancy))
        ).status_code == 403
        wrong = {**NOTICE, "last_day": "2017-04-01"}
        assert (await door.post(f"/retention/v1/spells/{spell['id']}/notice", json=wrong)).status_code in (409, 422)


async def test_who_goes_home_after_a_notice_closes_the_risk(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    async with client_of(city) as door:
        spell = await start(door, await hire(county, city))
        await door.post(f"/retention/v1/spells/{spell['id']}/notice", json=NOTICE)
        end = {"end": "2017-04-20", "reason": "contract_ended", "returned_home": True}
        await door.post(f"/retention/v1/spells/{spell['id']}/end", json=end)
        [risk] = (await door.get("/retention/v1/risks?as_of=2017-05-01")).json()["items"]
    assert (risk["state"], risk["answer"]) == ("answered_late", "returned_home")
