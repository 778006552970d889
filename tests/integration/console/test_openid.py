"""People of an OpenID provider sign in: a real one (django-oauth-toolkit) in a process of its own, code and PKCE, its claims as rights."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet, RSAKey

from deploy.local.places import cache_directory
from deploy.local.ports import free_ports
from libs.common.runtime import Office
from services.console.neighbours.openid import OpenId
from services.console.rules.openid import Provider, WrongProvider, check_claims
from tests.support.console import app_of, browser, open_console
from tests.support.eventually import eventually
from tests.support.nodes import Nodes, client_of

PACKAGE = "django-oauth-toolkit==3.4.1"
SERVE = Path(__file__).parents[2] / "support" / "openid" / "serve.py"
BACK = "http://node/sign-in/openid/back"
RIGHTS = {
    "laowu-officers": {"role": "officer", "regions": ["433124"]}, "laowu-cadres-huayuan": {"role": "cadre", "regions": ["433124:花垣镇"]},
}  # fmt: skip


@pytest.fixture(scope="session")
def provider_packages() -> Path:
    """The provider's packages, installed once beside the cache and apart from ours."""
    place = cache_directory() / f"openid-{hashlib.sha256(f'{PACKAGE}{sys.version}'.encode()).hexdigest()[:12]}"
    if not (place / "complete").exists():
        pip = [sys.executable, "-m", "pip"]
        if subprocess.run([*pip, "--version"], capture_output=True).returncode:
            pip = [str(getattr(sys, "_base_executable", sys.executable)), "-m", "pip", "--python", sys.executable]
        subprocess.run([*pip, "install", "-q", "--disable-pip-version-check", "--target", str(place), PACKAGE], check=True)
        (place / "complete").touch()
    return place


@pytest.fixture
async def provider(provider_packages: Path, tmp_path: Path) -> AsyncIterator[str]:
    """A running provider; answers its issuer."""
    port = free_ports(1)[0]
    process = _start(provider_packages, port, tmp_path)
    issuer = f"http://127.0.0.1:{port}/o"

    async def answers() -> bool:
        assert process.poll() is None, "the provider has ended"
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(f"{issuer}/.well-known/openid-configuration")).status_code == 200
        except httpx.HTTPError:
            return False

    try:
        await eventually(answers, within=60)
        yield issuer
    finally:
        process.terminate()
        process.wait(20)


def _start(packages: Path, port: int, place: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(SERVE), str(port), BACK, str(place)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(packages)}, **quiet)


async def with_provider(nodes: Nodes, issuer: str) -> tuple[Office, FastAPI]:
    office = await open_console(nodes, "n433124")
    app = app_of(office)
    app.state.openid = OpenId(Provider.model_validate({"issuer": issuer, "client_id": "xieli", "rights": RIGHTS}), BACK, 10)
    return office, app


async def at_the_provider(address: str, person: str) -> str:
    """What a browser does there: sign in, and follow back to the node; answers the address that it is sent to."""
    base = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}"
    async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
        door = (await client.get(address)).headers["location"]
        entered = await client.post(door, data={"username": person, "password": f"{person} at the provider"})
        return (await client.get(entered.headers["location"])).headers["location"]


async def test_whom_the_provider_vouches_for_comes_in_with_the_rights_of_the_claims(nodes: Nodes, provider: str) -> None:
    office, app = await with_provider(nodes, provider)
    async with browser(app) as client, client_of(office, "operator") as operator:
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


async def test_nobody_comes_in_without_rights_without_the_own_browser_or_with_a_code_of_somebody_else(nodes: Nodes, provider: str) -> None:
    _, app = await with_provider(nodes, provider)
    async with browser(app) as client, browser(app) as victim:
        back = await at_the_provider((await client.get("/sign-in/openid")).headers["location"], "stranger")
        assert (await client.get(back.removeprefix("http://node"))).status_code == 403
        mine = (await at_the_provider((await client.get("/sign-in/openid")).headers["location"], "shi.guilan")).removeprefix("http://node")
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
    office = await open_console(nodes, "n433124")
    async with browser(app_of(office)) as client:
        assert (await client.get("/sign-in/openid")).status_code == 404
        assert "/sign-in/openid" not in (await client.get("/sign-in")).text
    _, app = await with_provider(nodes, f"http://127.0.0.1:{free_ports(1)[0]}/o")
    async with browser(app) as client:
        assert (await client.get("/sign-in/openid")).status_code == 503
        assert (await client.get("/sign-in")).status_code == 200


WRONG: list[dict[str, Any]] = [
    {"iss": "http://localhost/other"}, {"aud": "another"}, {"aud": ["xieli", "another"]}, {"azp": "another"}, {"nonce": "x"}, {"nonce": None}, {"exp": 1},
    {"exp": "9999999999"}, {"exp": None}, {"sub": ""}, {"sub": 7}, {"sub": "a\nb"}, {"sub": "s" * 256},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=json.dumps)
def test_an_id_token_that_is_not_for_this_visit_is_not_believed(wrong: dict[str, Any]) -> None:
    provider = Provider.model_validate({"issuer": "http://localhost/o", "client_id": "xieli", "rights": RIGHTS})
    good = {"iss": "http://localhost/o", "aud": "xieli", "nonce": "n", "exp": 200, "sub": "shi"}
    assert check_claims(good, provider, "n", 100.0)["sub"] == "shi"
    with pytest.raises(WrongProvider):
        check_claims(good | wrong, provider, "n", 100.0)


@pytest.mark.parametrize("wrong", [{"issuer": "http://provider.example"}, {"rights": {"a": {"role": "king", "regions": ["433124"]}}}, {"rights": {"a": {"role": "system", "regions": ["433124"]}}}, {"rights": {"a": {"role": "officer", "regions": []}}}])
def test_a_provider_that_cannot_be_trusted_stops_the_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Provider.model_validate({"issuer": "https://provider.example", "client_id": "xieli", "rights": RIGHTS} | wrong)
