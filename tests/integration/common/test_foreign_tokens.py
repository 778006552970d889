"""Access tokens of a real issuer (django-oauth-toolkit) at a node's doors: its keys by its address, its claims as rights, its turns followed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet, RSAKey

from libs.common import issuers
from libs.common.issuers import ForeignIssuer
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE as JOBS
from tests.support.doors import application_of
from tests.support.eventually import eventually
from tests.support.nodes import Nodes
from tests.support.openid.provider import BACK, at_the_provider


async def token_for(person: str, issuer: str) -> str:
    """An access token as a program of that person gets it: authorization code and PKCE at the provider."""
    verifier = generate_token(48)
    asked = {
        "response_type": "code",
        "client_id": "xieli",
        "redirect_uri": BACK,
        "scope": "openid profile",
        "state": "s",
        "code_challenge_method": "S256",
        "code_challenge": create_s256_code_challenge(verifier),
    }
    back = await at_the_provider(f"{issuer}/authorize/?{urlencode(asked)}", person)
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(back).query)["code"][0],
        "redirect_uri": BACK,
        "client_id": "xieli",
        "code_verifier": verifier,
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        return str((await client.post(f"{issuer}/token/", data=form)).raise_for_status().json()["access_token"])


def describe(path: Path, issuer: str, **other: str) -> Path:
    about = {
        "issuer": issuer,
        "audience": "xieli-api",
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "rights": {
            "laowu-officers": {"role": "officer", "regions": ["440300"]},
            "laowu-cadres-huayuan": {"role": "cadre", "regions": ["433124:花垣镇"]},
        },
        **other,
    }
    path.write_text(json.dumps(about))
    return path


@asynccontextmanager
async def trusting(nodes: Nodes, file: Path) -> AsyncIterator[ServiceContext]:
    """A service that takes the issuer's tokens, with the work beside its requests that keeps the keys."""
    context = await nodes.open(JOBS, "n440300")
    context.node.verifier.foreign = ForeignIssuer.read(file)
    keeping = asyncio.create_task(context.node.verifier.foreign.keep_keys())
    yield context
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping


async def lists(context: ServiceContext, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application_of(context)), base_url="http://node", headers=headers
    ) as client:
        return (await client.get("/jobs/v1/vacancies")).status_code


async def test_whom_the_issuer_vouches_for_is_let_in_with_the_rights_of_the_file_and_no_more(
    nodes: Nodes, provider: str, tmp_path: Path
) -> None:
    officer, cadre, stranger = [await token_for(person, provider) for person in ("shi.guilan", "long.ahui", "stranger")]
    async with trusting(nodes, describe(tmp_path / "issuer.json", provider)) as context:

        async def officer_is_in() -> bool:
            return await lists(context, officer) == 200

        await eventually(officer_is_in)
        assert [await lists(context, token) for token in (cadre, stranger)] == [403, 401]
    async with trusting(nodes, describe(tmp_path / "other.json", provider, audience="another-api")) as context:
        foreign = context.node.verifier.foreign
        assert foreign is not None

        async def keys_are_there() -> bool:
            return foreign.keys is not None

        await eventually(keys_are_there)
        assert await lists(context, officer) == 401
    assert await lists(await nodes.open(JOBS, "n440300"), officer) == 401


async def test_keys_that_have_turned_are_fetched_for_the_first_token_that_names_them(
    nodes: Nodes, provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuers, "AGAIN_AFTER_SECONDS", 0.2)
    token = await token_for("shi.guilan", provider)
    async with trusting(nodes, describe(tmp_path / "issuer.json", provider)) as context:
        foreign = context.node.verifier.foreign
        assert foreign is not None

        async def is_in() -> bool:
            return await lists(context, token) == 200

        await eventually(is_in)
        foreign.keys = KeySet([RSAKey.generate_key(2048, {"kid": "of before"})])
        await eventually(is_in)


async def test_an_issuer_that_is_away_keeps_nobody_else_out(nodes: Nodes, tmp_path: Path) -> None:
    async with trusting(nodes, describe(tmp_path / "issuer.json", "http://127.0.0.1:1/o")) as context:
        own = context.node.signer.issue(context.node.clock.now(), subject="officer", role="officer", regions=["440300"])
        assert await lists(context, own) == 200
