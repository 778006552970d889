"""Guesses slow the guesser and nobody else; a second factor opens once for each code; old hashes are kept anew."""

from __future__ import annotations

import asyncio
import hashlib
import re
from datetime import datetime, timedelta
from html import unescape

import httpx
import pytest
from fastapi import FastAPI
from pyotp import TOTP
from sqlalchemy import text, update

from libs.common.node import Clock
from libs.common.service import ServiceContext
from services.console.tables import account
from tests.support.console import FROM_HERE, app_of, browser, open_console, password_of, sign_in
from tests.support.nodes import Nodes, client_of


class Watch(Clock):
    """A clock that stands still until a test moves it on."""

    def __init__(self) -> None:
        self.begun, self.ahead = super().now(), timedelta(0)

    def now(self) -> datetime:
        return self.begun + self.ahead


def watched(context: ServiceContext) -> Watch:
    clock = Watch()
    context.node.__dict__["clock"] = clock
    return clock


def from_address(app: FastAPI, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 1), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://node", headers=FROM_HERE)


async def guess(client: httpx.AsyncClient, login: str, password: str = "wrong") -> httpx.Response:
    return await client.post("/sign-in", data={"login": login, "password": password})


@pytest.mark.parametrize("login", ["officer", "nobody"])
async def test_a_guesser_waits_and_a_login_that_does_not_exist_is_answered_alike(nodes: Nodes, login: str) -> None:
    context = await open_console(nodes)
    watched(context)
    async with from_address(app_of(context), "203.0.113.7") as client:
        answers = [await guess(client, login) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "登录名或密码不对" in answers[0].text


async def test_guesses_made_at_once_are_counted_one_by_one(nodes: Nodes) -> None:
    context = await open_console(nodes)
    watched(context)
    async with from_address(app_of(context), "203.0.113.8") as client:
        answers = await asyncio.gather(*(guess(client, "officer", f"guess {number}") for number in range(12)))
    assert sorted(answer.status_code for answer in answers) == [401] * 4 + [429] * 8


async def test_guesses_from_elsewhere_lock_nobody_out(nodes: Nodes) -> None:
    context = await open_console(nodes)
    watched(context)
    app = app_of(context)
    async with from_address(app, "203.0.113.9") as attacker, from_address(app, "198.51.100.1") as rightful:
        for _ in range(20):
            await guess(attacker, "officer")
        assert (await guess(attacker, "officer", password_of(context))).status_code == 429
        assert (await sign_in(rightful, context)).status_code == 303


async def test_a_browser_that_has_signed_in_before_is_not_delayed_by_others_behind_its_own_address(
    nodes: Nodes,
) -> None:
    context = await open_console(nodes)
    watched(context)
    app = app_of(context)
    async with from_address(app, "198.51.100.2") as known, from_address(app, "198.51.100.2") as stranger:
        await sign_in(known, context)
        for _ in range(40):
            await guess(stranger, "officer")
        assert (await sign_in(stranger, context)).status_code == 429
        assert (await sign_in(known, context)).status_code == 303
        tries = [(await guess(known, "officer")).status_code for _ in range(6)]
        assert tries == [401] * 4 + [429] * 2


async def test_many_logins_from_one_address_are_slowed_together(nodes: Nodes) -> None:
    context = await open_console(nodes)
    watched(context)
    async with from_address(app_of(context), "203.0.113.10") as client:
        answers = [(await guess(client, f"login{number}")).status_code for number in range(34)]
    assert answers == [401] * 30 + [429] * 4


async def test_the_delay_passes_and_the_right_password_clears_the_count(nodes: Nodes) -> None:
    context = await open_console(nodes)
    clock = watched(context)
    async with from_address(app_of(context), "203.0.113.11") as client:
        for _ in range(5):
            await guess(client, "officer")
        clock.ahead = timedelta(seconds=30)
        assert (await sign_in(client, context)).status_code == 303
        client.cookies.clear()
        assert [(await guess(client, "officer")).status_code for _ in range(4)] == [401] * 4


async def test_a_hash_from_before_is_accepted_and_kept_anew(nodes: Nodes) -> None:
    context = await open_console(nodes)
    salt = b"salt of 16 bytes"
    digest = hashlib.scrypt(b"an old password", salt=salt, dklen=32, n=2**14, r=8, p=1)
    async with context.database.transaction() as tx:
        await tx.execute(
            update(account).where(account.c.login == "officer").values(secret=f"scrypt${salt.hex()}${digest.hex()}")
        )
    async with browser(app_of(context)) as client:
        assert (await guess(client, "officer", "an old password")).status_code == 303
        assert (await guess(client, "officer", "an old password")).status_code == 303
    async with context.database.reading() as tx:
        kept = (await tx.execute(text("SELECT secret FROM account WHERE login = 'officer'"))).scalar()
    assert str(kept).startswith("$argon2id$")


async def test_an_initial_password_that_nobody_used_for_a_week_opens_nothing(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with client_of(context, "operator") as operator:
        initial = (
            await operator.post(
                "/console/v1/accounts", json={"login": "new.one", "role": "officer", "regions": ["430000"]}
            )
        ).json()["initial_password"]
    clock = watched(context)
    async with browser(app_of(context)) as client:
        clock.ahead = timedelta(days=6)
        assert (await guess(client, "new.one", initial)).status_code == 303
        clock.ahead = timedelta(days=8)
        assert (await guess(client, "new.one", initial)).status_code == 401


# --- the second factor


async def with_second_factor(nodes: Nodes, node: str) -> ServiceContext:
    context = await open_console(nodes, node)
    context.settings = context.settings.model_copy(update={"console_second_factor": "officer operator"})
    return context


async def enrol(client: httpx.AsyncClient, context: ServiceContext) -> tuple[str, list[str]]:
    """Sign in for the first time: the secret and the recovery codes."""
    sent = await sign_in(client, context)
    assert sent.headers["location"].startswith("/sign-in/enrol")
    assert (await client.get("/people")).status_code == 303
    page = (await client.get("/sign-in/enrol")).text
    secret = re.findall(r'name="secret" value="([A-Z2-7]{32})"', page)[0]
    assert "<svg" in page
    assert " style=" not in page
    wrong = await client.post(
        "/sign-in/enrol",
        data={
            "secret": secret,
            "code": "000000" if TOTP(secret).at(context.node.clock.now()) != "000000" else "000001",
        },
    )
    assert wrong.status_code == 401
    done = await client.post(
        "/sign-in/enrol", data={"secret": secret, "code": TOTP(secret).at(context.node.clock.now())}
    )
    assert (await client.get("/account")).status_code == 200
    return secret, re.findall(r"<code>([a-z2-7]{5}-[a-z2-7]{5})</code>", unescape(done.text))


async def test_a_role_that_needs_a_second_factor_enrols_at_the_first_sign_in_and_is_asked_ever_after(
    nodes: Nodes,
) -> None:
    context = await with_second_factor(nodes, "n433124")
    clock = watched(context)
    async with browser(app_of(context)) as client, browser(app_of(context)) as other:
        secret, codes = await enrol(client, context)
        assert len(codes) == 10
        async with context.database.reading() as tx:
            row = (await tx.execute(text("SELECT totp, recovery FROM account WHERE login = 'officer'"))).one()
        assert secret.encode() not in row.totp
        assert not set(codes) & set(row.recovery)
        clock.ahead = timedelta(seconds=60)
        assert (await sign_in(other, context)).headers["location"].startswith("/sign-in/code")
        assert (await other.get("/people")).status_code == 303
        assert (await other.get("/account")).status_code == 303
        code = TOTP(secret).at(clock.now())
        assert (await other.post("/sign-in/code", data={"code": code, "next": "/people"})).headers[
            "location"
        ] == "/people"
        assert (await other.get("/people")).status_code == 200
        await sign_in(other, context)
        assert (await other.post("/sign-in/code", data={"code": code})).status_code == 401
        assert (await other.post("/sign-in/code", data={"code": codes[0].upper()})).status_code == 303
        await sign_in(other, context)
        assert (await other.post("/sign-in/code", data={"code": codes[0]})).status_code == 401


async def test_codes_cannot_be_tried_without_end(nodes: Nodes) -> None:
    context = await with_second_factor(nodes, "n433126")
    watched(context)
    async with browser(app_of(context)) as client:
        await enrol(client, context)
        await sign_in(client, context)
        answers = [(await client.post("/sign-in/code", data={"code": "no code"})).status_code for _ in range(6)]
        assert answers == [401] * 4 + [429] * 2


async def test_an_operator_resets_a_lost_second_factor_and_a_role_that_needs_none_is_not_asked(nodes: Nodes) -> None:
    context = await with_second_factor(nodes, "n440300")
    async with browser(app_of(context)) as client, client_of(context, "operator") as operator:
        await enrol(client, context)
        assert (await operator.get("/console/v1/accounts/officer")).json()["second_factor"] is True
        assert (await operator.delete("/console/v1/accounts/officer/second-factor")).json()["second_factor"] is False
        assert (await client.get("/account")).status_code == 303
        assert (await sign_in(client, context)).headers["location"].startswith("/sign-in/enrol")
        assert (await sign_in(client, context, "auditor")).headers["location"] == "/"
