"""The ledger of promises over HTTP: paid beside promised at the city, told to the county before a person says yes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import httpx

from libs.common.database import new_id
from libs.common.events.jobs import EmployersMerged
from libs.common.events.matching import IntroductionReleased
from libs.common.events.retention import PromisesStated
from libs.common.service import ServiceContext
from services.retention.app import SERVICE
from services.retention.operations.promises import state_due
from tests.support.keeping import HIRED, hire, start, told_by
from tests.support.nodes import Nodes, carry, client_of
from tests.support.telling import a_vacancy, tell

COUNTY, CITY = "n433124", "n440300"
FIRM, OTHER_FIRM = "91440300XL0000066R", "91440300MA5EQ2WX7B"
PROMISES, STATED = "/retention/v1/promises", "/retention/v1/promises/stated"


async def publish(city: ServiceContext, vacancy: UUID, firm: str = FIRM, **said: Any) -> None:
    terms = {"openings": 12, "wage": 4000, "offers": ("board", "insurance"), "on": date(2017, 1, 5), **said}
    await tell(city, a_vacancy(vacancy=vacancy, employer_uscc=firm, **terms), service="jobs")


async def employ(
    county: ServiceContext, city: ServiceContext, vacancy: UUID, paid: list[int], firm: str = FIRM, months: int = 1
) -> None:
    """Somebody for each wage, in yuan, at work since 20 February and paid so from March on."""
    async with client_of(city) as door:
        for wage in paid:
            spell = await start(door, await hire(county, city, vacancy=vacancy, firm=firm))
            for month in range(2, 3 + months):
                told = {
                    "month": f"2017-{month:02}",
                    "amount_fen": wage * 100,
                    "evidence": "insurance" if month == 4 else "wage_line",
                }
                answer = await door.post(f"/retention/v1/spells/{spell['id']}/wages", json=told)
                assert answer.status_code == 201, answer.text


async def settle(context: ServiceContext) -> None:
    async with context.database.transaction() as tx:
        while await state_due(tx):
            pass


async def lines(door: httpx.AsyncClient, address: str = PROMISES, **asked: Any) -> list[dict[str, Any]]:
    answer = await door.get(address, params=asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_paid_stands_beside_what_was_published_when_somebody_was_hired(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    vacancy = new_id()
    await publish(city, vacancy)
    await publish(city, vacancy, wage=3000, openings=20, on=date(2017, 2, 15))
    await employ(county, city, vacancy, [4200, 3900], months=2)
    async with client_of(city) as door, client_of(city, role="employer", organisation=OTHER_FIRM) as stranger:
        [line] = await lines(door)
        [firm] = await lines(door, by="employer", employer=FIRM)
        assert await lines(stranger) == [] == await lines(stranger, by="employer")
    assert (line["promised_fen"], line["paid_fen"]) == (400000, 405000), "the first, partial month is none"
    assert (line["hired"], line["came"], line["paid"], line["months"], line["kept"]) == (2, 2, 2, 4, 2)
    assert (line["kept_share"], line["openings"], line["insured"]) == (0.5, 20, 2)
    assert (line["offers"], line["unrecorded"]) == (["board", "insurance"], ["board"])
    assert (firm["vacancy"], firm["months"], firm["openings"]) == (None, 4, 20)


async def test_a_county_sees_it_before_a_person_says_yes_and_nothing_of_a_few(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    large, small = new_id(), new_id()
    await publish(city, large)
    await publish(city, small, title="质检员")
    await employ(county, city, large, [4200] * 4 + [3000] * 2)
    await employ(county, city, small, [100])
    await settle(city)
    await carry(city, county)
    async with client_of(county) as home, client_of(county, role="cadre", regions=["433124:花垣镇"]) as cadre:
        [told] = await lines(home, STATED, vacancy=str(large))
        [few] = await lines(cadre, STATED, vacancy=str(small))
        [firm] = await lines(home, STATED, by="employer", city="440300")
        assert await lines(home) == [], "its own posts alone"
    assert (told["came"], told["paid"], told["months"], told["kept"], told["kept_share"]) == (5, 5, 5, "<5", None)
    assert (told["promised_fen"], told["paid_fen"], told["stated_on"]) == (400000, 380000, str(city.node.today()))
    assert (few["came"], few["paid"], few["paid_fen"], few["months"]) == ("<5", "<5", None, None)
    assert (firm["paid_fen"], firm["vacancy"], firm["employer_uscc"]) == (380000, None, FIRM)


async def test_it_is_stated_once_for_what_is_told_otherwise(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    vacancy = new_id()
    await publish(city, vacancy)
    await settle(city)
    assert await told_by(city, PromisesStated) == [], "nobody was hired there"
    hired = [await hire(county, city, vacancy=vacancy) for _ in range(2)]
    await settle(city)
    await publish(city, vacancy, openings_left=2)
    await settle(city)
    [stated] = await told_by(city, PromisesStated)
    assert [post.hired for post in stated.vacancies] == ["<5"]
    for one in hired:
        gone = IntroductionReleased(
            introduction=one.introduction, county="433124", city="440300", vacancy=vacancy, on=HIRED, state="no_show"
        )
        await tell(city, gone, service="matching")
    await settle(city)
    assert (await told_by(city, PromisesStated))[-1].vacancies == ()
    async with client_of(city) as door:
        assert await lines(door, STATED) == [] == await lines(door, STATED, by="employer")


async def test_a_merged_firm_stands_once_and_nobody_speaks_of_anothers_firms(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    vacancy = new_id()
    await publish(city, vacancy)
    await employ(county, city, vacancy, [4000])
    await settle(city)
    merged = {"employer": new_id(), "goes": new_id(), "employer_name": "合并后", "on": date(2017, 5, 1)}
    told = EmployersMerged(**merged, city="440300", uscc=OTHER_FIRM, former_uscc=FIRM)
    await tell(city, told, service="jobs")
    await settle(city)
    await carry(city, county)
    async with client_of(county) as home:
        assert [each["employer_uscc"] for each in await lines(home, STATED, by="employer")] == [OTHER_FIRM]
        assert [each["employer_uscc"] for each in await lines(home, STATED)] == [OTHER_FIRM]
        stated = (await told_by(city, PromisesStated))[-1]
        forged = stated.model_copy(update={"city": "440300", "employer_name": "别人"})
        await tell(county, forged, node="n430100", service="retention")
        assert {each["employer_name"] for each in await lines(home, STATED)} == {stated.employer_name}
