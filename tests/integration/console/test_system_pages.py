"""Partner systems on pages: an operator registers, changes, rekeys and closes one; an auditor reads; a paste of anything is answered."""

from __future__ import annotations

import json

import pytest
from joserfc.jwk import OKPKey

from libs.common.revocations import refresh
from services.console.rules.systems import grantable
from tests.support.console import browser, open_console, self_asking, sign_in
from tests.support.nodes import Nodes, token_of
from tests.support.partner import SCOPES, Partner, public

FORM = {"name": "花垣县人社信息系统", "regions": "433124", "scopes": SCOPES, "jwks": json.dumps(public(), indent=1)}


async def test_an_operator_registers_changes_rekeys_and_closes_a_system_on_pages(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    async with browser(self_asking(context)) as client:
        await sign_in(client, context, "operator")
        shown = await client.get("/systems")
        assert all(f'value="{name}"' in shown.text for name in grantable())
        made = await client.post("/systems", data=FORM)
        assert made.status_code == 303
        here = made.headers["location"]
        page = (await client.get(here)).text
        assert all(word in page for word in ("花垣县人社信息系统", "ed-1", "urn:uuid:", f'value="{SCOPES[0]}" checked'))
        partner = Partner(f"urn:uuid:{here.removeprefix('/systems/')}", "n433124")
        assert (await client.post("/console/v1/token", data=partner.form())).status_code == 200
        changed = await client.post(
            here, data={"version": '"v1"', "name": "人社", "regions": "433124", "scopes": SCOPES[:1]}
        )
        assert (changed.status_code, "人社" in (await client.get("/systems?lang=en")).text) == (303, True)
        assert (
            await client.post(here, data={"version": '"v1"', "name": "x", "regions": "433124", "scopes": SCOPES})
        ).status_code == 412
        fresh = OKPKey.generate_key("Ed25519", {"kid": "fresh"})
        assert (
            await client.post(f"{here}/jwks", data={"version": '"v2"', "jwks": json.dumps(public(fresh))})
        ).status_code == 303
        assert (await client.post("/console/v1/token", data=partner.form())).status_code == 401
        assert (
            await client.post("/console/v1/token", data=partner.form(partner.assertion("Ed25519", fresh)))
        ).status_code == 200
        assert (await client.post(f"{here}/close", data={"reason": "合同到期"})).status_code == 303
        page = (await client.get(f"{here}?lang=zh")).text
        assert ("已停用" in page, f'action="{here}"' in page) == (True, False)


async def test_an_auditor_reads_and_an_officer_does_not(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    async with browser(self_asking(context)) as client:
        await sign_in(client, context, "auditor")
        page = await client.get("/systems")
        assert (page.status_code, "<textarea" in page.text) == (200, False)
        assert (await client.post("/systems", data=FORM)).status_code == 403
        await sign_in(client, context, "officer")
        assert (await client.get("/systems")).status_code == 403


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "{",
        "[]",
        "null",
        '{"keys": []}',
        '{"keys": {}}',
        '{"keys": [1]}',
        "\x00",
        "[" * 900,
        '{"keys":[],"keys":[]}',
        "-----BEGIN PUBLIC KEY-----\n",
        '{"keys": [{"kty": "RSA", "d": "AA"}]}',
    ],
)
async def test_whatever_is_pasted_is_answered_with_a_page_that_says_what_is_wrong(nodes: Nodes, pasted: str) -> None:
    context = await open_console(nodes, "n433124")
    async with browser(self_asking(context)) as client:
        await sign_in(client, context, "operator")
        page = await client.post("/systems", data=FORM | {"jwks": pasted})
        assert (page.status_code, page.headers["content-type"]) == (422, "text/html; charset=utf-8")


async def test_an_operator_revokes_a_token_on_the_page_by_its_id(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    token = token_of(context)
    caller = context.node.verifier.verify(token, context.node.clock.now())
    async with browser(self_asking(context)) as client:
        await sign_in(client, context, "operator")
        assert (await client.post("/systems/tokens", data={"token": caller.token_id})).status_code == 303
        await refresh(context.database)
        assert (
            await client.get("/console/v1/province", headers={"Authorization": f"Bearer {token}"})
        ).status_code == 401
