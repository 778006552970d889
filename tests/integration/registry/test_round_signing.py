"""A township signs its part and the county the whole; what is signed stays, is taken back with a reason, and is compared with the last."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from services.registry.tables import round_count, round_person, round_village
from tests.integration.registry.phones import Phone
from tests.integration.registry.rounds import ROUNDS, no_change, open_round, progress, stands, total
from tests.integration.registry.test_corrections import LABOURERS
from tests.integration.registry.test_households import a_village
from tests.integration.registry.test_visits import visit
from tests.support.nodes import Nodes, client_of

HUAYUAN, BIANCHENG = "花垣镇", "边城镇"


async def sign(
    client: httpx.AsyncClient, one: dict[str, Any], township: str | None = None, **said: Any
) -> httpx.Response:
    body = {**({"township": township} if township else {}), **said}
    return await client.post(f"{ROUNDS}/{one['id']}/signatures", json=body)


async def take_back(client: httpx.AsyncClient, one: dict[str, Any], township: str | None = None) -> httpx.Response:
    body = {"reason": "补走访三户", **({"township": township} if township else {})}
    return await client.post(f"{ROUNDS}/{one['id']}/signatures/take-back", json=body)


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE)


async def test_why_somebody_is_still_open_is_said_at_the_door_and_signed_with_it(context: ServiceContext) -> None:
    async with client_of(context) as client, client_of(context, "cadre", regions=[f"433124:{HUAYUAN}"]) as cadre:
        people = await a_village(client)
        one = await open_round(client, context)
        waits = [each for each, row in (await stands(client, one, township=HUAYUAN)).items() if row["state"] == "open"]
        for each in waits:
            said = await because(cadre, one, each, "away")
            assert (said.status_code, said.json()["reason"]) == (200, "away")
        taken_back = await because(cadre, one, waits[0], None)
        incomplete = await sign(cadre, one, HUAYUAN)
        await because(cadre, one, waits[0], "refused")
        await no_change(cadre, one, waits[1])
        settled = await because(cadre, one, waits[1], "away")
        signed, late = await sign(cadre, one, HUAYUAN), await because(cadre, one, waits[0], "away")
        beyond = await because(cadre, one, people["alone"]["id"], "away")
        listed = await stands(client, one)
    assert (taken_back.json()["reason"], incomplete.json()["open"]) == (None, 1)
    assert (settled.status_code, signed.status_code, late.status_code) == (409, 200, 409)
    assert beyond.status_code in (404, 409)
    assert listed[waits[0]]["reason"] == "refused"


async def because(client: httpx.AsyncClient, one: dict[str, Any], person: str, reason: str | None) -> httpx.Response:
    return await client.put(f"{ROUNDS}/{one['id']}/labourers/{person}/reason", json={"reason": reason})


async def test_a_township_signs_when_complete_or_with_reasons_and_then_the_county(context: ServiceContext) -> None:
    async with (
        client_of(context) as client,
        client_of(context, "cadre", regions=[f"433124:{HUAYUAN}"]) as cadre,
        client_of(context, "cadre", regions=[f"433124:{HUAYUAN}/老寨村"]) as of_village,
    ):
        people = await a_village(client)
        one = await open_round(client, context)
        await no_change(cadre, one, people["户主"]["id"])
        refused = {
            "incomplete": await sign(cadre, one, HUAYUAN),
            "one of two": await sign(cadre, one, HUAYUAN, reasons=[{"person": people["配偶"]["id"], "reason": "away"}]),
            "a stranger": await sign(
                cadre, one, HUAYUAN, rest="away", reasons=[{"person": people["户主"]["id"], "reason": "away"}]
            ),
            "another township": await sign(cadre, one, BIANCHENG, rest="away"),
            "a village alone": await sign(of_village, one, HUAYUAN, rest="away"),
            "nowhere": await sign(client, one, "没有镇", rest="away"),
            "the county first": await sign(client, one),
            "the whole by a cadre": await sign(cadre, one),
        }
        both = await asyncio.gather(
            *(
                sign(
                    who, one, HUAYUAN, rest="not_reached", reasons=[{"person": people["配偶"]["id"], "reason": "away"}]
                )
                for who in (cadre, client)
            )
        )
        await sign(client, one, BIANCHENG, rest="refused")
        whole, again = await sign(client, one), await sign(client, one)
        listed, shown = await stands(client, one), (await client.get(f"{ROUNDS}/{one['id']}")).json()
        late = await no_change(client, one, people["alone"]["id"])
    assert {why: answer.status_code for why, answer in refused.items()} == {
        "incomplete": 409,
        "one of two": 409,
        "a stranger": 409,
        "another township": 403,
        "a village alone": 403,
        "nowhere": 422,
        "the county first": 409,
        "the whole by a cadre": 403,
    }
    assert (refused["incomplete"].json()["open"], refused["one of two"].json()["open"]) == (2, 1)
    assert refused["a stranger"].json()["errors"][0]["pointer"] == "/reasons/0/person"
    assert refused["the county first"].json()["townships"] == [HUAYUAN, BIANCHENG]
    assert sorted(answer.status_code for answer in both) == [200, 409]
    told = {answer.status_code: answer.json() for answer in both}
    assert told[409]["type"] == "urn:xieli:problem:signed-already"
    assert [(each["listed"], each["settled"], each["open"]) for each in told[200]["figures"]] == [(3, 1, 2)]
    reasons = {who: listed[people[who]["id"]]["reason"] for who in ("户主", "配偶", "之子", "alone")}
    assert reasons == {"户主": None, "配偶": "away", "之子": "not_reached", "alone": "refused"}
    assert (whole.status_code, shown["state"], again.status_code, late.status_code) == (200, "signed", 409, 409)
    assert sum(each["listed"] for each in whole.json()["figures"]) == 4


async def test_what_is_signed_stays_and_taken_back_it_catches_up(context: ServiceContext) -> None:
    async with client_of(context) as client:
        people = await a_village(client)
        one = await open_round(client, context)
        await sign(client, one, HUAYUAN, rest="not_reached")
        signed = (await progress(client, one))["townships"]
        await visit(client, people["户主"]["id"], "2017-05-20", "no_change")
        place = {"household": people["alone"]["household"], "kinship": "其他", "on": "2017-05-21"}
        await client.post(f"{LABOURERS}/{people['配偶']['id']}/moves", json=place)
        await client.post(f"{LABOURERS}/{people['之子']['id']}/departures", json={"way": "dead", "on": "2017-05-22"})
        into = {"household": people["户主"]["household"], "kinship": "其他", "on": "2017-05-23"}
        await client.post(f"{LABOURERS}/{people['alone']['id']}/moves", json=into)
        frozen, listed = await progress(client, one), await stands(client, one)
        await sign(client, one, BIANCHENG, rest="not_reached")
        await sign(client, one)
        county_first = await take_back(client, one, HUAYUAN)
        whole, part, twice = (
            await take_back(client, one),
            await take_back(client, one, HUAYUAN),
            await take_back(client, one, HUAYUAN),
        )
        caught_up = await stands(client, one)
        record = (await client.get(f"{ROUNDS}/{one['id']}/signatures")).json()["signatures"]
        assert await total(client, one) == (4, 1, 0, 3)
    by_name = {each["township"]: each for each in frozen["townships"]}
    assert by_name[HUAYUAN] == next(each for each in signed if each["township"] == HUAYUAN)
    left = listed[people["alone"]["id"]]
    assert (left["state"], left["left_as"], left["township"]) == ("left", "to_signed_part", BIANCHENG)
    assert (county_first.status_code, whole.status_code, part.status_code, twice.status_code) == (409, 200, 200, 409)
    now = {who: (caught_up[people[who]["id"]]["state"], caught_up[people[who]["id"]]["township"]) for who in people}
    # Biancheng is signed still: who moved there has left the list, who moved away from it stays as it was signed.
    assert now == {
        "户主": ("settled", HUAYUAN),
        "配偶": ("left", HUAYUAN),
        "之子": ("left", HUAYUAN),
        "alone": ("left", BIANCHENG),
    }
    assert [(each["township"], bool(each["taken_back_reason"])) for each in record] == [
        (HUAYUAN, True),
        (BIANCHENG, False),
        ("", True),
    ]


async def test_a_phone_knows_for_whom_a_round_waits(context: ServiceContext) -> None:
    async with client_of(context) as client, client_of(context, "cadre", regions=[f"433124:{HUAYUAN}"]) as cadre:
        people, phone = await a_village(client), Phone(cadre)

        async def waits() -> set[str]:
            await phone.pull()
            return {who for who, one in people.items() if phone.people.get(one["id"], {}).get("round_open")}

        before = await waits()
        one = await open_round(client, context)
        opened = await waits()
        await no_change(client, one, people["配偶"]["id"])
        visited = await waits()
        waiting = (await cadre.get("/registry/v1/round-visits")).json()["items"]
        await sign(client, one, HUAYUAN, rest="not_reached")
        signed = await waits()
    assert (before, opened, visited, signed) == (set(), {"户主", "配偶", "之子"}, {"户主", "之子"}, set())
    assert {each["person"] for each in waiting} == {people[who]["id"] for who in ("户主", "之子")}


async def test_the_difference_to_the_last_round_says_who_came_who_left_and_what_is_otherwise(
    context: ServiceContext,
) -> None:
    async with client_of(context) as client, client_of(context, "cadre", regions=[f"433124:{HUAYUAN}"]) as cadre:
        people = await a_village(client)
        first = await open_round(client, context, period="2017Q1")
        wish = {"willing": True, "wage_expected": 4500}
        await visit(client, people["户主"]["id"], "2017-02-20", wish=wish)
        nothing_before = await client.get(f"{ROUNDS}/{first['id']}/differences")
        second = await open_round(client, context)
        await visit(client, people["户主"]["id"], "2017-05-20", wish={**wish, "wage_expected": 5000})
        await visit(client, people["配偶"]["id"], "2017-05-20", wish={"willing": False})
        await visit(client, people["alone"]["id"], "2017-05-20", "no_change")
        await client.post(
            f"{LABOURERS}/{people['之子']['id']}/departures", json={"way": "moved_out", "on": "2017-05-22"}
        )
        path = f"{ROUNDS}/{second['id']}/differences"
        told = {each["person"]: each for each in (await client.get(path)).json()["items"]}
        gone = (await client.get(path, params={"differs": "left"})).json()["items"]
        own = (await cadre.get(path)).json()["items"]
        first_page = (await client.get(path, params={"limit": "1"})).json()
        rest = (await client.get(path, params={"after": first_page["next"]})).json()["items"]
        sheet = await client.get(f"{path}.xlsx")
    assert nothing_before.status_code == 404
    facts = {
        who: [(f["field"], f["before"], f["after"]) for f in told[people[who]["id"]]["facts"]]
        for who in ("户主", "配偶")
    }
    assert facts["户主"] == [("wage_expected", "4500", "5000")]
    assert facts["配偶"][0] == ("willing", None, "否")
    assert people["alone"]["id"] not in told
    assert [(each["person"], each["differs"]) for each in gone] == [(people["之子"]["id"], "left")]
    assert len(own) == 3
    assert [each["person"] for each in [*first_page["items"], *rest]] == sorted(told)
    assert sheet.status_code == 200


async def test_a_round_opened_by_mistake_is_withdrawn_and_nothing_of_it_is_left(context: ServiceContext) -> None:
    """Phones hear it, the visit stays, the period can be opened again; what would be lost with it keeps it."""
    async with client_of(context) as client, client_of(context, "cadre", regions=[f"433124:{HUAYUAN}"]) as cadre:
        people, phone = await a_village(client), Phone(cadre)
        why = {"reason": "季度选错"}

        async def withdraw(who: httpx.AsyncClient, one: dict[str, Any]) -> httpx.Response:
            return await who.post(f"{ROUNDS}/{one['id']}/withdraw", json=why)

        one = await open_round(client, context)
        await no_change(client, one, people["配偶"]["id"])
        not_hers, gone, again = await withdraw(cadre, one), await withdraw(client, one), await withdraw(client, one)
        await phone.pull()
        waiting = [each for each in phone.people.values() if each["round_open"]]
        visits = (await client.get(f"{LABOURERS}/{people['配偶']['id']}/visits")).json()["items"]
        async with context.database.reading() as tx:
            for table in (round_person, round_count, round_village):
                rows = select(func.count()).select_from(table).where(table.c.round == UUID(one["id"]))
                assert (await tx.execute(rows)).scalar_one() == 0
        anew = await open_round(client, context)
        counted = await total(client, anew)
        await sign(client, anew, HUAYUAN, rest="not_reached")
        signed = await withdraw(client, anew)
    assert (not_hers.status_code, gone.status_code, again.status_code) == (403, 200, 404)
    assert gone.json()["period"] == one["period"]
    assert waiting == []
    assert len(visits) == 1
    assert counted == (4, 1, 3, 0)
    assert (signed.status_code, signed.json()["type"]) == (409, "urn:xieli:problem:round-begun")
