"""What happens to accounts is in the hash chain with the act itself: changes, sign-ins, second factors, and what failed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyotp
from sqlalchemy import text

from libs.common.audit.verify import verify_service
from libs.common.service import ServiceContext
from services.console.routes.session import device_cookie_of
from tests.support.console import app_of, browser, open_console, password_of, sign_in
from tests.support.nodes import Nodes, client_of

SERVICES = Path(__file__).parents[3] / "services"


async def trail_of(context: ServiceContext) -> list[dict[str, Any]]:
    async with context.database.reading() as tx:
        rows = await tx.execute(text("SELECT action, actor, role, entities, details FROM audit ORDER BY place"))
        return [dict(row) for row in rows.mappings()]


async def test_every_change_of_an_account_has_its_record_in_the_chain(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with client_of(context, "operator") as operator:
        await operator.post(
            "/console/v1/accounts", json={"login": "shi.guilan", "role": "officer", "regions": ["430000"]}
        )
        await operator.patch(
            "/console/v1/accounts/shi.guilan",
            json={"role": "cadre", "regions": ["430000:花垣镇"]},
            headers={"If-Match": '"v1"'},
        )
        for path, body in (("close", {"reason": "调离"}), ("reopen", {"reason": "调回"}), ("password", None)):
            await operator.post(f"/console/v1/accounts/shi.guilan/{path}", json=body)
        await operator.delete("/console/v1/accounts/shi.guilan/second-factor")
        await operator.delete("/console/v1/accounts/shi.guilan/sessions")
    async with context.database.reading() as tx:
        rows = (await tx.execute(text("SELECT login, by, what, facts FROM account_change ORDER BY id"))).all()
    changes = [one for one in await trail_of(context) if one["action"] == "console.change_account"]
    assert [(one["entities"], one["details"]) for one in changes] == [
        ([f"account:{row.login}"], {"what": row.what, **row.facts}) for row in rows
    ]
    assert [f"{one['role']} {one['actor']}".strip() for one in changes] == [row.by for row in rows]
    assert len(rows) == 7 + len({row.login for row in rows if row.by == "first start"})


def test_no_row_of_a_change_is_written_past_its_record() -> None:
    writing = [
        path.name
        for path in SERVICES.rglob("*.py")
        if re.search(r"\binsert_change\(tx, Change\(", path.read_text(encoding="utf-8"))
    ]
    assert writing == ["records.py"]


async def test_sign_ins_and_those_that_failed_are_on_record_and_what_was_typed_is_not(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        for login in ("officer", "my-password-in-the-wrong-field"):
            assert (
                await client.post("/sign-in", data={"login": login, "password": "wrong but long enough"})
            ).status_code == 401
        await sign_in(client, context)
        assert (
            await client.post(
                "/account/password",
                data={"current": "wrong", "password": "four plain words here", "again": "four plain words here"},
            )
        ).status_code == 422
    steps = [
        (one["action"], one["actor"], one["entities"], one["details"]["step"])
        for one in await trail_of(context)
        if "sign_in" in one["action"]
    ]
    assert steps == [
        ("console.fail_sign_in", "-", ["account:officer"], "password"),
        ("console.fail_sign_in", "-", [], "password"),
        ("console.sign_in", "officer", ["account:officer"], "password"),
        ("console.fail_sign_in", "-", ["account:officer"], "password"),
    ]
    assert "my-password" not in json.dumps(await trail_of(context))


async def test_the_second_factor_is_on_record_from_its_enrolment_to_its_last_recovery_code(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', (await client.get("/sign-in/enrol")).text)[1]  # type: ignore[index]
        shown = await client.post("/sign-in/enrol", data={"secret": secret, "code": pyotp.TOTP(secret).now()})
        recovery = re.findall(r"<code>([a-z2-7]{5}-[a-z2-7]{5})</code>", shown.text)[0]
        client.cookies.delete(device_cookie_of(context))
        await client.post("/sign-in", data={"login": "officer", "password": password_of(context)})
        assert (await client.post("/sign-in/code", data={"code": "000000"})).status_code == 401
        assert (await client.post("/sign-in/code", data={"code": recovery})).status_code == 303
        assert (await client.post("/account/sessions")).status_code == 303
    told = [
        one["details"].get("what") or f"{one['action']}: {one['details']['step']}"
        for one in await trail_of(context)
        if one["actor"] in ("officer", "-") and one["details"]
    ]
    assert told == [
        "console.sign_in: password",
        "second factor enrolled",
        "console.sign_in: password",
        "console.fail_sign_in: second factor",
        "recovery code used",
        "console.sign_in: second factor",
        "sessions ended",
    ]
    connection = await context.database.connect_raw()
    try:
        assert (await verify_service(connection, "console")).findings == ()
    finally:
        await connection.close()


async def test_a_record_of_an_account_that_was_changed_afterwards_is_found(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with context.database.as_owner() as owner:
        await owner.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_keep"))
        await owner.execute(
            text(
                """UPDATE audit SET details = '{"what": "nothing"}' WHERE action = 'console.change_account' AND entities @> ARRAY['account:officer']"""
            )
        )
        await owner.execute(text("ALTER TABLE audit ENABLE TRIGGER audit_keep"))
    connection = await context.database.connect_raw()
    try:
        found = (await verify_service(connection, "console")).findings
    finally:
        await connection.close()
    assert [one.words for one in found] == ["was changed after it was written 内容被改动"]
