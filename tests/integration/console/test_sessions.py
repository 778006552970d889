"""Sign in, out and be locked out; nobody else's page may act in one's name."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from services.console.app import welcome_accounts
from services.console.operations.seeding import WrongAccounts, read_accounts
from services.console.tables import account, session
from tests.support.console import FROM_HERE, Pretending, app_of, browser, open_console, password_of, sign_in
from tests.support.nodes import Nodes


async def test_the_first_accounts_are_made_once_and_for_the_owner_alone(nodes: Nodes) -> None:
    context = await open_console(nodes)
    path = context.settings.keys / "accounts.json"
    before = path.read_text()
    await welcome_accounts(context)
    assert path.read_text() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    async with context.database.reading() as tx:
        kept = (await tx.execute(select(account))).mappings().all()
    assert {row["login"] for row in kept} == {entry["login"] for entry in json.loads(before)}
    assert not any(entry["password"] in row["secret"] for entry in json.loads(before) for row in kept)
    assert all(row["secret"].startswith("$argon2id$") for row in kept)


async def test_whoever_is_not_signed_in_comes_to_the_door_and_then_to_the_page_asked_for(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        sent = await client.get("/people?township=花垣镇")
        assert sent.status_code == 303
        door = await client.get(sent.headers["location"])
        assert "/people?township=%E8%8A%B1" in door.text
        entered = await client.post(
            "/sign-in", data={"login": "officer", "password": password_of(context), "next": "/people"}
        )
        assert (entered.status_code, entered.headers["location"]) == (303, "/people")
        assert (await client.get("/people")).status_code == 200


async def test_the_cookie_is_for_the_server_alone(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        cookie = (await sign_in(client, context)).headers["set-cookie"]
    assert cookie.startswith("xieli-n430000=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    word = cookie.split("=")[1].split(";")[0]
    async with context.database.reading() as tx:
        assert word.encode() not in (await tx.execute(select(session.c.digest))).scalars().all()


async def test_behind_https_the_cookie_is_tied_to_the_host(nodes: Nodes) -> None:
    context = await open_console(nodes)
    context.settings = context.settings.model_copy(update={"gateway": "https://node"})
    async with browser(app_of(context)) as client:
        cookie = (await sign_in(client, context)).headers["set-cookie"]
    assert cookie.startswith("__Host-xieli-n430000=")
    assert "Secure" in cookie


async def test_signing_in_again_ends_the_session_before(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        old = dict(client.cookies)
        await sign_in(client, context)
        assert dict(client.cookies) != old
        client.cookies = httpx.Cookies(old)
        assert (await client.get("/")).status_code == 303


async def test_signing_out_ends_the_session_for_good(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        kept = dict(client.cookies)
        assert (await client.post("/sign-out")).headers["location"] == "/sign-in"
        client.cookies = httpx.Cookies(kept)
        assert (await client.get("/")).status_code == 303


async def test_an_unused_session_ends(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        async with context.database.transaction() as tx:
            await tx.execute(update(session).values(seen_at=session.c.seen_at - timedelta(minutes=31)))
        assert (await client.get("/")).status_code == 303
    async with context.database.reading() as tx:
        assert (await tx.execute(select(session))).all() == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://node"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        (FROM_HERE, 303),
    ],
)
async def test_another_site_cannot_act_in_ones_name(nodes: Nodes, headers: dict[str, str], status: int) -> None:
    context = await open_console(nodes)
    transport = httpx.ASGITransport(app_of(context))
    async with httpx.AsyncClient(transport=transport, base_url="http://node") as client:
        assert (await client.post("/sign-out", headers=headers)).status_code == status


async def test_other_services_are_asked_in_the_persons_name_for_a_short_while(nodes: Nodes) -> None:
    context, others = await open_console(nodes, "n433124"), Pretending()
    async with browser(app_of(context, others)) as client:
        await sign_in(client, context)
        await client.get("/people?township=花垣镇")
    [asked] = [each for each in others.asked if each.url.path == "/registry/v1/labourers"]
    caller = context.node.verifier.verify(
        asked.headers["authorization"].removeprefix("Bearer "), context.node.clock.now()
    )
    assert (caller.subject, caller.role, caller.regions, caller.purpose) == (
        "officer",
        "officer",
        ("433124",),
        "console",
    )
    assert asked.url.params["township"] == "花垣镇"
    assert "cookie" not in asked.headers


async def test_the_file_is_read_once_and_never_again(nodes: Nodes) -> None:
    context = await open_console(nodes, "n370100")
    path = context.settings.keys / "accounts.json"
    before = path.read_text()
    path.write_text(json.dumps([{"login": "mallory", "password": "mallory's password", "role": "officer"}]))
    await welcome_accounts(context)
    async with browser(app_of(context)) as client:
        refused = await client.post("/sign-in", data={"login": "mallory", "password": "mallory's password"})
        assert refused.status_code == 401
        path.write_text(before)
        assert (await sign_in(client, context)).status_code == 303


@pytest.mark.parametrize(
    "text", ['{"a": 1}', "[1]", '[{"login": "x"}]', '[{"login": "x", "password": "y", "role": "king"}]', "no"]
)
def test_a_wrong_file_of_accounts_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "accounts.json").write_text(text)
    with pytest.raises(WrongAccounts):
        read_accounts(tmp_path / "accounts.json")
