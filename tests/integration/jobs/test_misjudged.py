"""Adverts judged wrongly over HTTP: marked by an officer, claimed by the firm, decided, and taken as a test set."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from libs.common.service import ServiceContext
from services.jobs.app import SERVICE
from services.jobs.schemas.misjudged import CaseLine
from tests.integration.jobs.test_employers import COLLECTIVE, FIRM, enter, offer
from tests.support.nodes import Nodes, client_of

CASES, VACANCIES = "/jobs/v1/misjudged", "/jobs/v1/vacancies"
PASS = {"should": "pass", "why": "男科是科室名称"}
REFUSE = {"should": "refuse", "codes": ["deposit_or_fee"], "why": "面试时收押金"}


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n440300")


@pytest.fixture
async def client(context: ServiceContext) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(context) as opened:
        yield opened


async def mark(client: httpx.AsyncClient, vacancy: str, body: dict[str, Any]) -> httpx.Response:
    return await client.post(f"{VACANCIES}/{vacancy}/misjudged", json=body)


async def test_an_officer_marks_and_the_test_set_holds_the_advert_without_its_firm(client: httpx.AsyncClient) -> None:
    await enter(client)
    vacancy = await offer(client, title="男科医院护士")
    assert (await client.get(f"{VACANCIES}/{vacancy}")).json()["state"] == "refused"
    made = await mark(client, vacancy, PASS)
    case = made.json()
    assert (made.status_code, case["stood"], case["state"]) == (201, "refuse", "confirmed")
    assert (case["found"], case["right_now"], case["rule"]) == (["discriminatory_sex"], False, case["rule_now"])
    again = await mark(client, vacancy, PASS)
    assert (again.status_code, again.json()["known_as"]) == (409, f"{CASES}/{case['id']}")
    assert (await client.get(again.json()["known_as"])).json() == case
    lines = (await client.get(f"{CASES}.jsonl")).text.splitlines()
    [told] = [json.loads(line) for line in lines]
    assert (told["title"], told["should"]) == ("男科医院护士", "pass")
    assert "参宿" not in lines[0]
    committed = Path("tests/data/misjudged/right.jsonl").read_text("utf-8").splitlines()[0]
    assert set(told) == set(json.loads(committed)), "the file of the test set has the same members"
    assert not CaseLine.model_validate_json(lines[0]).is_right()
    assert (await client.get(f"{VACANCIES}/{vacancy}")).json()["state"] == "refused", "until it is vetted again"


async def test_a_firms_word_waits_for_an_officer(context: ServiceContext, client: httpx.AsyncClient) -> None:
    await enter(client)
    first, second = await offer(client, title="男科医院护士"), await offer(client, title="男科门诊护士")
    async with (
        client_of(context, "employer", organisation=FIRM) as firm,
        client_of(context, "employer", organisation=COLLECTIVE) as stranger,
    ):
        assert (await mark(stranger, first, PASS)).status_code == 404
        cases = [(await mark(firm, vacancy, PASS)).json() for vacancy in (first, second)]
        assert [case["state"] for case in cases] == ["claimed", "claimed"]
        decide = f"{CASES}/{cases[0]['id']}/decide"
        assert (await firm.post(decide, json={"decision": "confirm", "reason": "自认"})).status_code == 403
        assert (await stranger.get(CASES)).json()["items"] == []
        assert len((await firm.get(CASES)).json()["items"]) == 2
    assert (await client.get(f"{CASES}.jsonl")).text == ""
    confirmed = await client.post(decide, json={"decision": "confirm", "reason": "核实是科室名称"})
    assert (confirmed.json()["state"], confirmed.json()["decided_because"]) == ("confirmed", "核实是科室名称")
    assert (await client.post(decide, json={"decision": "reject", "reason": "再来"})).status_code == 409
    await client.post(f"{CASES}/{cases[1]['id']}/decide", json={"decision": "reject", "reason": "确实限男性"})
    listed = (await client.get(CASES, params={"state": "confirmed"})).json()["items"]
    assert [case["id"] for case in listed] == [cases[0]["id"]]
    assert (await mark(client, second, PASS)).status_code == 201, "what was rejected may be said again"


async def test_what_cannot_be_marked_is_told(client: httpx.AsyncClient) -> None:
    await enter(client)
    vacancy = await offer(client)
    for body, pointer in (
        ({**PASS}, "/should"),
        ({**REFUSE, "codes": []}, "/codes"),
        ({**REFUSE, "codes": ["unknown"]}, "/codes/0"),
        ({**PASS, "codes": ["child_labour"]}, "/codes"),
    ):
        assert (await mark(client, vacancy, body)).json()["errors"][0]["pointer"] == pointer
    answers = await asyncio.gather(*(mark(client, vacancy, REFUSE) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    await client.post(f"{VACANCIES}/{vacancy}/withdraw", json={"reason": "已招满"})
    assert (await mark(client, vacancy, {**REFUSE, "codes": ["child_labour"]})).status_code == 409
