"""Checks of hires over HTTP: drawn by a kept seed, answered by the firm, judged, overdue by itself, with what follows."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from libs.common.calendar import add_days
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE
from services.jobs.operations.checks import settle_checks
from tests.integration.jobs.test_designations import designate, hire
from tests.integration.jobs.test_employers import COLLECTIVE, FIRM, FIRMS, OTHER, act, enter, offer
from tests.support.nodes import Nodes, client_of

CHECKS = "/jobs/v1/checks"
HIRED = date(2017, 5, 8)


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n440300")


@pytest.fixture
async def client(context: ServiceContext) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(context) as opened:
        yield opened


async def hire_some(context: ServiceContext, client: httpx.AsyncClient, count: int, uscc: str = FIRM) -> None:
    vacancy = await offer(client, uscc, openings=count + 2)
    for sequence in range(1, count + 1):
        await hire(context, vacancy, HIRED, sequence)
    await hire(context, vacancy, HIRED, count + 1, came=False)


async def ask(context: ServiceContext, client: httpx.AsyncClient, uscc: str = FIRM, **more: Any) -> httpx.Response:
    days = {"since": "2017-05-01", "until": "2017-05-31", "due": str(context.node.today())}
    wanted = {} if {"number", "share"} & more.keys() else {"number": 2}
    return await client.post(CHECKS, json={"employer_uscc": uscc, **days, "evidence": ["contract"], **wanted, **more})


async def step(client: httpx.AsyncClient, check: dict[str, Any], line: int, verb: str, **body: Any) -> httpx.Response:
    return await client.post(f"{CHECKS}/{check['id']}/lines/{check['lines'][line]['id']}/{verb}", json=body)


async def settle(context: ServiceContext, on: date) -> int:
    async with context.database.transaction() as tx:
        return await settle_checks(tx, on)


async def test_a_check_is_drawn_so_that_anybody_can_draw_it_again(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    await enter(client)
    assert (await ask(context, client)).status_code == 409, "nobody was hired"
    await hire_some(context, client, 6)
    everybody = (await ask(context, client, share=100)).json()
    check = (await ask(context, client, number=2)).json()
    assert (check["pool"], check["drawn"], everybody["drawn"]) == (6, 2, 6), "who did not come is not asked about"
    pool = sorted(line["introduction"] for line in everybody["lines"])
    assert check["pool_digest"] == hashlib.sha256(" ".join(pool).encode()).hexdigest()
    again = sorted(pool, key=lambda one: hashlib.sha256(f"{check['seed']} {one}".encode()).hexdigest())
    assert [line["introduction"] for line in check["lines"]] == again[:2]
    assert check["seed"] != everybody["seed"]
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"number": 1, "share": 5}, ""),
        ({"until": "2017-04-30"}, "/until"),
        ({"due": "2017-01-01"}, "/due"),
    ]
    for body, pointer in wrong:
        more: dict[str, Any] = {"number": 1, **body}
        answer = await ask(context, client, **more)
        assert answer.status_code == 422, body
        assert pointer in answer.text
    assert (await ask(context, client, OTHER)).json()["errors"][0]["pointer"] == "/employer_uscc"


async def test_the_firm_answers_its_own_and_the_city_judges(context: ServiceContext, client: httpx.AsyncClient) -> None:
    await enter(client)
    await hire_some(context, client, 3)
    check = (await ask(context, client)).json()
    assert (check["state"], check["owner"], check["next"]) == ("asked", "employer", "answer")
    async with (
        client_of(context, "employer", organisation=FIRM) as firm,
        client_of(context, "employer", organisation=COLLECTIVE) as stranger,
    ):
        assert (await step(stranger, check, 0, "answer", answer="有")).status_code == 404
        assert (await stranger.get(CHECKS)).json()["items"] == []
        one = f"{CHECKS}/{check['id']}/lines/{check['lines'][0]['id']}"
        assert (await stranger.get(one)).status_code == 404
        assert (await step(firm, check, 0, "judge", verdict="kept")).status_code == 403
        for line in (0, 1):
            told = (await step(firm, check, line, "answer", answer="合同已签", reference="2017-118")).json()
        assert (told["state"], told["owner"], told["answered"]) == ("judging", "city", 2)
        assert (await firm.get(one)).json()["reference"] == "2017-118"
    assert (await step(client, check, 0, "judge", verdict="not_kept")).json()["errors"][0]["pointer"] == "/why"
    early = await client.post(f"{CHECKS}/{check['id']}/conclude", json={"outcome": "kept", "reason": "齐全"})
    assert early.status_code == 409
    for line in (0, 1):
        shown = (await step(client, check, line, "judge", verdict="kept")).json()
    assert (shown["state"], shown["kept"]) == ("judged", 2)
    assert (await step(client, check, 0, "judge", verdict="kept")).status_code == 409
    done = await client.post(f"{CHECKS}/{check['id']}/conclude", json={"outcome": "kept", "reason": "合同齐全"})
    assert (done.json()["state"], done.json()["consequence"], done.json()["owner"]) == ("concluded", "none", None)
    again = await client.post(f"{CHECKS}/{check['id']}/conclude", json={"outcome": "kept", "reason": "再来"})
    assert again.status_code == 409
    [listed] = (await client.get(CHECKS, params={"outcome": "kept", "employer": FIRM})).json()["items"]
    assert listed["id"] == check["id"]


async def test_what_nobody_answers_is_judged_so_after_a_warning(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    await enter(client)
    await hire_some(context, client, 3)
    check, due = (await ask(context, client)).json(), context.node.today()
    await step(client, check, 0, "answer", answer="合同已签")
    late = add_days(due, 1)
    assert await settle(context, due) == 0
    assert sorted(await asyncio.gather(settle(context, late), settle(context, late))) == [0, 1]
    here = f"{CHECKS}/{check['id']}"
    warned = (await client.get(here)).json()
    assert (warned["warned_on"], warned["closes_on"], warned["no_answer"]) == (str(late), str(add_days(late, 7)), 0)
    assert await settle(context, add_days(late, 7)) == 0
    assert await settle(context, add_days(late, 8)) == 1
    assert await settle(context, add_days(late, 9)) == 0
    closed = (await client.get(here)).json()
    assert (closed["state"], closed["no_answer"], closed["lines"][1]["judged_by"]) == ("judging", 1, "n440300")
    assert (await step(client, check, 1, "answer", answer="补交")).status_code == 409


async def test_what_follows_happens_with_the_conclusion_or_not_at_all(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    firm = await enter(client)
    await hire_some(context, client, 2)
    check = (await ask(context, client)).json()
    for line in (0, 1):
        await step(client, check, line, "judge", verdict="not_kept", why="没有合同")
    end = {"outcome": "not_kept", "consequence": "end_designation", "reason": "未签合同"}
    here = f"{CHECKS}/{check['id']}"
    none = await client.post(f"{here}/conclude", json=end)
    assert none.json()["errors"][0]["pointer"] == "/consequence"
    unsaid = await client.post(f"{here}/conclude", json={**end, "consequence": "blacklist"})
    assert unsaid.json()["errors"][0]["pointer"] == "/until"
    assert (await client.get(here)).json()["state"] == "judged"
    made = (await designate(client)).json()
    done = await client.post(f"{here}/conclude", json=end)
    assert done.json()["consequence"] == "end_designation"
    assert (await client.get(f"/jobs/v1/designations/{made['id']}")).json()["ended_because"] == "未签合同"
    second = (await ask(context, client)).json()
    for line in (0, 1):
        await step(client, second, line, "judge", verdict="not_kept", why="没有合同")
    until = str(add_days(context.node.today(), 90))
    body = {"outcome": "not_kept", "consequence": "blacklist", "reason": "拒不改正", "until": until}
    assert (await client.post(f"{CHECKS}/{second['id']}/conclude", json=body)).status_code == 200
    shown = (await client.get(f"{FIRMS}/{firm['id']}")).json()
    assert (shown["blacklisted_until"], shown["designated"]) == (until, False)


async def test_checks_follow_a_merge(context: ServiceContext, client: httpx.AsyncClient) -> None:
    stays = await enter(client)
    await enter(client, OTHER)
    await hire_some(context, client, 2, OTHER)
    check = (await ask(context, client, OTHER)).json()
    await act(client, stays["id"], "merge", goes=OTHER, reason="旧注册号")
    assert (await client.get(f"{CHECKS}/{check['id']}")).json()["employer_uscc"] == FIRM
