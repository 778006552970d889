"""A labourer's sign-in code: given by a cadre, good once, for a time, for five tries, and for nobody else."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from tests.integration.registry.test_corrections import LABOURERS
from tests.integration.registry.test_households import a_village
from tests.support.nodes import Nodes, client_of

REDEEM = "/registry/v1/codes/redemptions"


async def issue(client: httpx.AsyncClient, one: str) -> dict[str, str]:
    answer = await client.post(f"{LABOURERS}/{one}/codes")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def redeem(context: ServiceContext, code: str) -> str | None:
    async with client_of(context, "service") as node:
        answer = await node.post(REDEEM, json={"code": code})
    assert answer.status_code == 200, answer.text
    person: str | None = answer.json()["person"]
    return person


def other(code: str) -> str:
    """The same code meant, with another secret."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)


async def test_a_code_opens_once_and_the_one_before_opens_nothing(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        one = (await a_village(client))["户主"]["id"]
        replaced, code = await issue(client, one), await issue(client, one)
        assert await redeem(context, replaced["code"]) is None
        typed = code["code"].replace(" ", "-").translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        assert await redeem(context, typed) == one
        assert await redeem(context, code["code"]) is None
        states = [(await client.get(f"{LABOURERS}/{one}/codes/{each['id']}")).json() for each in (replaced, code)]
        seen = (await client.get(f"{LABOURERS}/{one}/accesses")).json()["items"]
    assert [each["state"] for each in states] == ["replaced", "used"]
    assert "code" not in states[1]
    assert {each["action"] for each in seen} >= {"registry.issue_code", "registry.redeem_code"}


async def test_five_wrong_tries_at_once_spend_a_code_and_nothing_of_it_is_in_the_database(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        one = (await a_village(client))["户主"]["id"]
        code = await issue(client, one)
        assert set(await asyncio.gather(*(redeem(context, other(code["code"])) for _ in range(5)))) == {None}
        assert await redeem(context, code["code"]) is None
        shown = (await client.get(f"{LABOURERS}/{one}/codes/{code['id']}")).json()
    async with context.database.reading() as tx:
        rows = (await tx.execute(text("SELECT s::text AS row FROM sign_in_code s"))).scalars().all()
    assert (shown["state"], shown["tries"]) == ("spent", 5)
    assert not any(code["code"].replace(" ", "") in row for row in rows)


@pytest.mark.parametrize("typed", ["", "4827", "abcd efgh ijkl", "4827 1930 1564 9", "四八二七一九三〇一五六四"])
async def test_what_is_no_code_is_an_answer_and_opens_nothing(nodes: Nodes, typed: str) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context, "service") as node:
        answer = await node.post(REDEEM, json={"code": typed})
    assert (answer.status_code, answer.json().get("person")) in {(200, None), (422, None)}


async def test_a_code_ends_with_its_time_and_with_the_person_s_leaving(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        village = await a_village(client)
        late, gone = village["户主"]["id"], village["配偶"]["id"]
        codes = [await issue(client, late), await issue(client, gone)]
        await client.post(f"{LABOURERS}/{gone}/departures", json={"way": "moved_out", "on": "2017-05-01"})
        async with context.database.transaction() as tx:
            before = context.node.clock.now() - timedelta(minutes=1)
            await tx.execute(
                text("UPDATE sign_in_code SET expires_at = :at WHERE person = :one"), {"at": before, "one": late}
            )
        assert [await redeem(context, each["code"]) for each in codes] == [None, None]
        refused = await client.post(f"{LABOURERS}/{gone}/codes")
        state = (await client.get(f"{LABOURERS}/{late}/codes/{codes[0]['id']}")).json()["state"]
    assert (refused.status_code, state) == (409, "expired")


async def test_a_cadre_gives_codes_in_the_own_township_and_nobody_but_the_node_redeems(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        one = (await a_village(client))["户主"]["id"]
        code = await issue(client, one)
    async with client_of(context, "cadre", regions=["433124:边城镇"]) as elsewhere:
        assert (await elsewhere.post(f"{LABOURERS}/{one}/codes")).status_code == 404
        assert (await elsewhere.get(f"{LABOURERS}/{one}/codes/{code['id']}")).status_code == 404
        assert (await elsewhere.post(REDEEM, json={"code": code["code"]})).status_code == 403


async def test_a_labourer_sees_herself_in_plain_and_nobody_else(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        village = await a_village(client)
    one, spouse = village["户主"]["id"], village["配偶"]["id"]
    async with client_of(context, "labourer", subject=one) as herself:
        plain = await herself.post(f"{LABOURERS}/{one}/own")
        assert (await herself.post(f"{LABOURERS}/{spouse}/own")).status_code == 404
        assert (
            await herself.post(f"{LABOURERS}/{one}/reveal", json={"purpose": "contact", "reference": "x"})
        ).status_code == 403
        seen = (await herself.get(f"{LABOURERS}/{one}/accesses")).json()["items"]
    assert plain.status_code == 200, plain.text
    assert "*" not in plain.json()["name"] + plain.json()["number"]
    assert seen[0]["action"] == "registry.reveal_own"
