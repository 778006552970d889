"""A cadre's phone has a session of its own: for tokens and no page, over when the account says so, and told to wipe itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import update

from deploy.local.accounts import lasting_accounts
from libs.common.housekeeping import forget
from libs.common.identity import Caller
from libs.common.service import ServiceContext
from services.console.tables import session
from tests.support.console import browser, open_console, self_asking, sign_in
from tests.support.nodes import Nodes, client_of, make_partners

ACCOUNTS = "/console/v1/accounts"
NODE, CADRE = "n433124", "cadre-1"
CADRES = [f"cadre-{number}" for number in range(1, 9)]


async def open_office(nodes: Nodes) -> ServiceContext:
    """A county's console with cadres of one township."""
    path = nodes.root / NODE / "keys" / "accounts.json"
    if not path.parent.exists():
        make_partners(nodes.root)
    lasting_accounts(path, NODE[1:])
    known = json.loads(path.read_text())
    missing = [one for one in CADRES if all(account["login"] != one for account in known)]
    cadre = {"role": "cadre", "regions": ["433124:花垣镇"]}
    path.write_text(json.dumps([*known, *({**known[0], "login": one, **cadre} for one in missing)]))
    return await open_console(nodes, NODE)


@asynccontextmanager
async def a_phone(
    context: ServiceContext, login: str = CADRE
) -> AsyncIterator[tuple[httpx.AsyncClient, dict[str, Any]]]:
    async with browser(self_asking(context)) as client:
        await sign_in(client, context, login, "/m/")
        made = await client.post("/m/phone")
        assert made.status_code == 201, made.text
        yield client, made.json()


async def token_for(client: httpx.AsyncClient, phone: dict[str, Any]) -> httpx.Response:
    return await client.post("/m/token", json={"word": phone["word"]})


def kind_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]


async def test_the_browsers_session_becomes_the_phones_and_opens_no_page(nodes: Nodes) -> None:
    context = await open_office(nodes)
    async with a_phone(context) as (client, phone):
        assert not [name for name in client.cookies if not name.endswith("-device")]
        assert (await client.get("/m/who")).json() == {"login": None}
        given = (await token_for(client, phone)).json()
        caller: Caller = context.node.verifier.verify(given["token"], context.node.clock.now())
        assert (caller.subject, caller.role, caller.regions) == (CADRE, "cadre", ("433124:花垣镇",))
        client.cookies.set(f"xieli-{NODE}", phone["word"])
        assert (await client.get("/account")).status_code == 303
        strange = [{"word": "x" * 43}, {"word": "x"}, {}, {"word": phone["word"], "more": 1}]
        assert [(await client.post("/m/token", json=body)).status_code for body in strange] == [401, 422, 422, 422]
        other = await client.post("/m/token", json={"word": phone["word"]}, headers={"Sec-Fetch-Site": "cross-site"})
        assert other.status_code == 403


async def test_signing_in_for_the_app_leaves_the_browsers_session_as_it_is(nodes: Nodes) -> None:
    """An officer's machine on which a cadre tries the app, and a cadre's own browser that the app finds signed in."""
    context = await open_office(nodes)
    async with browser(self_asking(context)) as client:
        await sign_in(client, context, "officer")
        assert (await client.get("/m/who")).json()["login"] == "officer"
        assert (await client.get("/sign-in?next=/m/")).status_code == 200
        await sign_in(client, context, CADRE, "/m/")
        assert (await client.get("/m/who")).json()["login"] == CADRE
        assert (await client.post("/m/phone")).json()["login"] == CADRE
        assert "officer" in (await client.get("/account")).text
        assert (await client.get("/m/who")).json()["login"] == "officer"
    async with browser(self_asking(context)) as client:
        await sign_in(client, context, CADRE)
        phone = (await client.post("/m/phone")).json()
        assert (await token_for(client, phone)).status_code == 200
        assert CADRE in (await client.get("/account")).text


async def test_only_a_cadre_who_is_signed_in_gets_one(nodes: Nodes) -> None:
    context = await open_office(nodes)
    async with browser(self_asking(context)) as client:
        assert (await client.post("/m/phone")).status_code == 303
        await sign_in(client, context, "officer")
        assert (await client.post("/m/phone")).status_code == 403


async def close(operator: httpx.AsyncClient, account: str, _: str = "") -> httpx.Response:
    return await operator.post(f"{account}/close", json={"reason": "手机丢失"})


async def close_and_reopen(operator: httpx.AsyncClient, account: str, _: str) -> httpx.Response:
    await close(operator, account)
    return await operator.post(f"{account}/reopen", json={"reason": "新手机"})


async def end_this(operator: httpx.AsyncClient, account: str, phone: str) -> httpx.Response:
    return await operator.delete(f"{account}/sessions/{phone}")


async def end_all(operator: httpx.AsyncClient, account: str, _: str) -> httpx.Response:
    return await operator.delete(f"{account}/sessions")


async def reset(operator: httpx.AsyncClient, account: str, _: str) -> httpx.Response:
    return await operator.post(f"{account}/password")


async def give_role(operator: httpx.AsyncClient, account: str, _: str) -> httpx.Response:
    return await operator.patch(account, json={"role": "station"}, headers={"If-Match": "*"})


async def move(operator: httpx.AsyncClient, account: str, _: str) -> httpx.Response:
    return await operator.patch(account, json={"regions": ["433124:边城镇"]}, headers={"If-Match": "*"})


WIPES, SIGN_IN = (403, "phone-wiped"), (401, "unauthenticated")
DONE = {
    close: WIPES,
    close_and_reopen: WIPES,
    end_this: WIPES,
    give_role: WIPES,
    end_all: SIGN_IN,
    reset: SIGN_IN,
    move: SIGN_IN,
}


async def test_what_is_done_to_an_account_reaches_its_phone(nodes: Nodes) -> None:
    context = await open_office(nodes)
    async with client_of(context, "operator") as operator:
        for (act, told), login in zip(DONE.items(), CADRES, strict=False):
            account = f"{ACCOUNTS}/{login}"
            async with a_phone(context, login) as (client, phone):
                (listed,) = (await operator.get(f"{account}/sessions")).json()["items"]
                assert listed["phone"] is True
                assert (await act(operator, account, listed["id"])).status_code < 300
                assert [kind_of(await token_for(client, phone)) for _ in range(2)] == [told, told], act
                assert (await operator.get(f"{account}/sessions")).json()["items"] == []


async def test_a_phone_that_was_away_too_long_signs_in_again_and_is_forgotten(nodes: Nodes) -> None:
    context = await open_office(nodes)
    async with a_phone(context) as (client, phone), client_of(context, "operator") as operator:
        await _set(context, seen_at=timedelta(days=29), begun_at=timedelta(days=90))
        await forget(context)
        assert (await token_for(client, phone)).status_code == 200
        await _set(context, seen_at=timedelta(days=31))
        assert kind_of(await token_for(client, phone)) == SIGN_IN
        await close(operator, f"{ACCOUNTS}/{CADRE}")
        await forget(context)
        assert kind_of(await token_for(client, phone)) == WIPES
        await _set(context, ended_at=timedelta(days=367))
        await forget(context)
        assert kind_of(await token_for(client, phone)) == SIGN_IN


async def _set(context: ServiceContext, **ago: timedelta) -> None:
    now = context.node.clock.now()
    async with context.database.transaction() as tx:
        await tx.execute(update(session).values({name: now - each for name, each in ago.items()}))
