"""People of an OpenID provider sign in: a real one (django-oauth-toolkit) in a process of its own, code and PKCE, its claims as rights."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet, RSAKey

from deploy.local.ports import free_ports
from libs.common.service import ServiceContext
from services.console.clients.openid import OpenId
from services.console.rules.openid import Provider, WrongProvider, check_claims
from tests.support.console import app_of, browser, open_console
from tests.support.nodes import Nodes, client_of
from tests.support.openid.provider import BACK, at_the_provider

RIGHTS = {
    "laowu-officers": {"role": "officer", "regions": ["433124"]},
    "laowu-cadres-huayuan": {"role": "cadre", "regions": ["433124:花垣镇"]},
}


async def with_provider(nodes: Nodes, issuer: str) -> tuple[ServiceContext, FastAPI]:
    context = await open_console(nodes, "n433124")
    app = app_of(context)
    app.state.openid = OpenId(
        Provider.model_validate({"issuer": issuer, "client_id": "xieli", "rights": RIGHTS}), BACK, 10
    )
    return context, app


async def test_whom_the_provider_vouches_for_comes_in_with_the_rights_of_the_claims(
    nodes: Nodes, provider: str
) -> None:
    context, app = await with_provider(nodes, provider)
    async with browser(app) as client, client_of(context, "operator") as operator:
        assert "/sign-in/openid?next=" in (await client.get("/sign-in?next=/people")).text
        out = (await client.get("/sign-in/openid?next=/people")).headers["location"]
        asked = parse_qs(urlsplit(out).query)
        assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
        back = await at_the_provider(out, "long.ahui")
        entered = await client.get(back.removeprefix("http://node"))
        assert (entered.status_code, entered.headers["location"]) == (303, "/people")
        assert (await client.get("/people")).status_code == 200
        account = (await operator.get("/console/v1/accounts/long.ahui@127.0.0.1")).json()
        assert (account["role"], account["regions"], account["issuer"]) == ("cadre", ["433124:花垣镇"], provider)
        assert (await client.get(back.removeprefix("http://node"))).status_code == 403
        assert (await client.post("/sign-in", data={"login": "long.ahui@127.0.0.1", "password": ""})).status_code == 401
        await operator.post("/console/v1/accounts/long.ahui@127.0.0.1/close", json={"reason": "调离"})
        assert (await client.get("/account")).status_code == 303
        back = await at_the_provider((await client.get("/sign-in/openid")).headers["location"], "long.ahui")
        assert (await client.get(back.removeprefix("http://node"))).status_code == 403


async def test_nobody_comes_in_without_rights_without_the_own_browser_or_with_a_code_of_somebody_else(
    nodes: Nodes, provider: str
) -> None:
    _, app = await with_provider(nodes, provider)
    async with browser(app) as client, browser(app) as victim:
        back = await at_the_provider((await client.get("/sign-in/openid")).headers["location"], "stranger")
        assert (await client.get(back.removeprefix("http://node"))).status_code == 403
        mine = (
            await at_the_provider((await client.get("/sign-in/openid")).headers["location"], "shi.guilan")
        ).removeprefix("http://node")
        assert (await victim.get(mine)).status_code == 403
        await victim.get("/sign-in/openid")
        assert (await victim.get(mine)).status_code == 403
        theirs = parse_qs(urlsplit((await victim.get("/sign-in/openid")).headers["location"]).query)["state"][0]
        code = parse_qs(urlsplit(mine).query)["code"][0]
        assert (await victim.get("/sign-in/openid/back", params={"code": code, "state": theirs})).status_code == 403
        assert (await victim.get("/account")).status_code == 303


async def test_keys_that_have_turned_are_read_again(nodes: Nodes, provider: str) -> None:
    _, app = await with_provider(nodes, provider)
    old = KeySet([RSAKey.generate_key(2048, {"kid": "old"})])
    app.state.openid._keys = (time.monotonic() - 60, old)
    async with browser(app) as client:
        back = await at_the_provider((await client.get("/sign-in/openid")).headers["location"], "shi.guilan")
        assert (await client.get(back.removeprefix("http://node"))).status_code == 303


async def test_a_node_without_a_provider_says_so_and_one_that_is_away_stops_nobody_else(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    async with browser(app_of(context)) as client:
        assert (await client.get("/sign-in/openid")).status_code == 404
        assert "/sign-in/openid" not in (await client.get("/sign-in")).text
    _, app = await with_provider(nodes, f"http://127.0.0.1:{free_ports(1)[0]}/o")
    async with browser(app) as client:
        assert (await client.get("/sign-in/openid")).status_code == 503
        assert (await client.get("/sign-in")).status_code == 200


WRONG: list[dict[str, Any]] = [
    {"iss": "http://localhost/other"},
    {"aud": "another"},
    {"aud": ["xieli", "another"]},
    {"azp": "another"},
    {"nonce": "x"},
    {"nonce": None},
    {"exp": 1},
    {"exp": "9999999999"},
    {"exp": None},
    {"sub": ""},
    {"sub": 7},
    {"sub": "a\nb"},
    {"sub": "s" * 256},
]


@pytest.mark.parametrize("wrong", WRONG, ids=json.dumps)
def test_an_id_token_that_is_not_for_this_visit_is_not_believed(wrong: dict[str, Any]) -> None:
    provider = Provider.model_validate({"issuer": "http://localhost/o", "client_id": "xieli", "rights": RIGHTS})
    good = {"iss": "http://localhost/o", "aud": "xieli", "nonce": "n", "exp": 200, "sub": "shi"}
    assert check_claims(good, provider, "n", 100.0)["sub"] == "shi"
    with pytest.raises(WrongProvider):
        check_claims(good | wrong, provider, "n", 100.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://provider.example"},
        {"rights": {"a": {"role": "king", "regions": ["433124"]}}},
        {"rights": {"a": {"role": "system", "regions": ["433124"]}}},
        {"rights": {"a": {"role": "officer", "regions": []}}},
    ],
)
def test_a_provider_that_cannot_be_trusted_stops_the_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Provider.model_validate({"issuer": "https://provider.example", "client_id": "xieli", "rights": RIGHTS} | wrong)
