"""Partner systems: registered with public keys, given tokens for their own assertions alone, and held to the table and their scopes."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from sqlalchemy import text

from libs.common.access.policy import POLICY
from libs.common.api.application import create_api
from libs.common.revocations import refresh
from libs.common.service import ServiceContext
from services.console.rules.systems import grantable
from services.jobs.app import SERVICE as JOBS
from tests.support.console import open_console, served
from tests.support.doors import application_of, door_of
from tests.support.nodes import Nodes, announced, client_of, hand_over
from tests.support.partner import KEYS, SCOPES, STRANGER, Partner, new_system, public

SYSTEMS, TOKEN = "/console/v1/systems", "/console/v1/token"
NODE, PAGE = "n433124", Path(__file__).parents[3] / "docs" / "operations" / "systems.md"
# Partners' programs know Ed25519 by its older name, and some have keys that are too short.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated", "ignore:Key size should be")


@asynccontextmanager
async def registered(nodes: Nodes, **other: Any) -> AsyncIterator[tuple[ServiceContext, httpx.AsyncClient, Partner]]:
    """A console, an operator's client (whose token the token endpoint does not look at), and a system that is registered there."""
    context = await open_console(nodes, NODE)
    async with client_of(context, "operator") as operator:
        made = await operator.post(SYSTEMS, json=new_system(**other))
        assert made.status_code == 201, made.text
        yield context, operator, Partner(made.json()["client_id"], f"{context.settings.gateway}{TOKEN}")


async def ask(
    client: httpx.AsyncClient, partner: Partner, assertion: str = "", **other: str
) -> tuple[int, dict[str, Any]]:
    answer = await client.post(TOKEN, data=partner.form(assertion, **other))
    return answer.status_code, answer.json()


async def lists(context: ServiceContext, token: str, path: str = "/jobs/v1/vacancies") -> int:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application_of(context)), base_url="http://node", headers=headers
    ) as client:
        return (await client.get(path)).status_code


@pytest.mark.parametrize("alg", [*KEYS, "Ed25519"])
async def test_a_client_that_others_wrote_gets_a_token_over_http_and_uses_it_until_the_system_is_closed(
    nodes: Nodes, alg: str
) -> None:
    jobs = await nodes.open(JOBS, NODE)
    async with registered(nodes) as (context, operator, partner), served(create_api(context)) as address:
        key = KEYS.get(alg, KEYS["EdDSA"])
        shows = PrivateKeyJWT(
            partner.audience, alg=alg, headers={"kid": key.kid}, claims={"exp": partner.claims()["exp"]}
        )
        client = AsyncOAuth2Client(partner.client_id, key, token_endpoint_auth_method=shows, trust_env=False)
        given = await client.fetch_token(
            f"{address}{TOKEN}", grant_type="client_credentials", scope="jobs.vacancy.list"
        )
        assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 3600, "jobs.vacancy.list")
        assert await lists(jobs, given["access_token"]) == 200
        assert await lists(jobs, given["access_token"], "/jobs/v1/employers") == 403
        await client.aclose()
        closed = await operator.post(f"{SYSTEMS}/{partner.client_id[9:]}/close", json={"reason": "合同到期"})
        assert (
            closed.status_code,
            (await operator.post(f"{SYSTEMS}/{partner.client_id[9:]}/close", json={"reason": "x"})).status_code,
        ) == (200, 409)
        await hand_over([arrival for arrival, _ in await announced(context)], jobs)
        await refresh(jobs.database)
        assert await lists(jobs, given["access_token"]) == 401
        assert await ask(operator, partner) == (
            401,
            {"error": "invalid_client", "error_description": "This system is closed."},
        )


async def test_an_assertion_is_good_once_also_when_it_is_shown_many_times_at_once(nodes: Nodes) -> None:
    async with registered(nodes) as (_, client, partner):
        assertion = partner.assertion()
        answers = await asyncio.gather(*(ask(client, partner, assertion) for _ in range(8)))
        assert sorted(status for status, _ in answers) == [200, *[401] * 7]
        assert (await ask(client, partner, assertion))[1] == {
            "error": "invalid_client",
            "error_description": "This assertion was used before.",
        }
        assert (await ask(client, partner))[0] == 200


async def test_two_systems_may_make_the_same_jti_up_and_neither_is_taken_for_the_other(nodes: Nodes) -> None:
    own = ECKey.generate_key("P-256", {"kid": "own"})
    async with registered(nodes) as (_, client, partner):
        other = Partner(
            (await client.post(SYSTEMS, json=new_system(jwks=public(own)))).json()["client_id"], partner.audience
        )
        assert (await ask(client, partner, partner.assertion(jti="1")))[0] == 200
        assert (await ask(client, other, other.assertion("ES256", own, jti="1")))[0] == 200
        assert (await ask(client, other, other.assertion("EdDSA")))[0] == 401
        assert (await ask(client, partner, partner.assertion("ES256", own)))[0] == 401
        assert (await ask(client, other, other.assertion("ES256", own), client_id=partner.client_id))[0] == 401


WRONG: dict[str, dict[str, Any]] = {
    "audience of another node": {"aud": "https://shenzhen.example/console/v1/token"},
    "audience of another node's issuer": {"aud": "n440300"},
    "two audiences": {"aud": [NODE, "n440300"]},
    "no audience": {"aud": None},
    "empty audience": {"aud": []},
    "number as audience": {"aud": 7},
    "over": {"exp": 1_500_000_000},
    "too long": {"exp": 4_000_000_000},
    "no end": {"exp": None},
    "end as text": {"exp": "9999999999"},
    "endless": {"exp": 10**400},
    "fractions": {"exp": 1e300},
    "from the future": {"iat": 4_000_000_000},
    "not yet": {"nbf": 4_000_000_000},
    "no jti": {"jti": None},
    "empty jti": {"jti": ""},
    "NUL as jti": {"jti": "a\0"},
    "long jti": {"jti": "j" * 201},
    "list as jti": {"jti": ["a"]},
    "another issuer": {"iss": "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057"},
    "another subject": {"sub": "officer"},
    "no subject": {"sub": None},
    "no issuer": {"iss": None},
    "issuer of another kind": {"iss": {"a": 1}},
}


async def test_an_assertion_that_says_anything_wrong_gets_nothing(nodes: Nodes) -> None:
    async with registered(nodes) as (_, client, partner):
        answers = {name: await ask(client, partner, partner.assertion(**wrong)) for name, wrong in WRONG.items()}
        assert {
            name: answer
            for name, answer in answers.items()
            if answer[0] != 401 or answer[1]["error"] != "invalid_client"
        } == {}
        assert [
            (await ask(client, partner, partner.assertion(aud=aud)))[0] for aud in (NODE, [NODE], partner.audience)
        ] == [200, 200, 200]


async def test_only_the_algorithm_of_a_registered_key_signs(nodes: Nodes) -> None:
    public_rsa = OctKey.import_key(json.dumps(KEYS["RS256"].as_dict(private=False)))
    forged: list[tuple[str, Any, dict[str, Any]]] = [
        ("EdDSA", STRANGER, {}),
        ("PS256", KEYS["RS256"], {}),
        ("RS512", KEYS["RS256"], {}),
        ("HS256", public_rsa, {"kid": "rsa-1"}),
        ("RS256", KEYS["RS256"], {"kid": "ec-1"}),
        ("EdDSA", KEYS["EdDSA"], {"jwk": STRANGER.as_dict(private=False)}),
        ("EdDSA", KEYS["EdDSA"], {"jku": "https://evil.example"}),
        ("EdDSA", KEYS["EdDSA"], {"crit": ["b64"], "b64": True}),
        ("EdDSA", KEYS["EdDSA"], {"x5u": "https://evil.example"}),
    ]
    async with registered(nodes) as (context, client, partner):
        for alg, key, header in forged:
            assert (await ask(client, partner, partner.assertion(alg, key, header)))[0] == 401, (alg, header)
        none = partner.assertion().split(".")
        for text_of in (
            f"eyJhbGciOiJub25lIn0.{none[1]}.e30",
            f"{none[0]}.{none[1]}.e30",
            f"e30.{none[1]}.{none[2]}",
            f"W10.{none[1]}.{none[2]}",
            f"eyJhbGciOlsiRWREU0EiXX0.{none[1]}.{none[2]}",
        ):
            assert (await ask(client, partner, text_of))[0] == 401
        as_officer = context.node.signer.issue(
            context.node.clock.now(), subject=partner.client_id, role="system", regions=["433124"]
        )
        assert (await ask(client, partner, as_officer))[0] == 401


async def post(app: FastAPI, form: dict[str, str]) -> httpx.Response:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://node"
    ) as client:
        return await client.post(TOKEN, data=form)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_form_of_any_kind_is_answered_as_the_standard_says(data: st.DataObject, node_files: Any) -> None:
    names = ("grant_type", "client_assertion_type", "client_assertion", "client_id", "scope", "more")
    good = Partner("urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057", "x").form()
    form = {name: value for name, value in good.items() if name != "client_assertion"}
    form |= data.draw(
        st.dictionaries(
            st.sampled_from(names),
            st.text(max_size=30) | st.sampled_from(["a.b.c", "a\0", "client_credentials"]),
            min_size=1,
        )
    )
    form["client_assertion"] = data.draw(st.text(max_size=20))  # never one that would need the database
    answer = asyncio.run(post(door_of("console", node_files), form))
    assert (answer.status_code, answer.headers["cache-control"], set(answer.json())) in [
        (status, "no-store", {"error", "error_description"}) for status in (400, 401)
    ]


async def test_each_fault_has_the_word_that_the_standard_has_for_it(nodes: Nodes) -> None:
    async with registered(nodes) as (_, client, partner):
        form = partner.form()
        cases: list[tuple[dict[str, Any], int, str]] = [
            ({**form, "grant_type": "password"}, 400, "unsupported_grant_type"),
            ({name: value for name, value in form.items() if name != "grant_type"}, 400, "invalid_request"),
            ({**form, "client_assertion_type": "x"}, 401, "invalid_client"),
            ({"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}, 401, "invalid_client"),
            ({**form, "client_assertion": "a.b"}, 400, "invalid_request"),
            ({**form, "scope": "a\0"}, 400, "invalid_request"),
            ({**form, "grant_type": ["client_credentials", "client_credentials"]}, 400, "invalid_request"),
            ({**form, "scope": "jobs.vacancy.list registry.labourer.list"}, 400, "invalid_scope"),
        ]
        for data, status, error in cases:
            answer = await client.post(TOKEN, data=data)
            assert (answer.status_code, answer.json()["error"]) == (status, error), data
        assert (await client.post(TOKEN, json=form)).status_code == 415
        assert (await client.post(f"{TOKEN}?grant_type=x", data=form)).status_code == 422
        assert (await client.get(TOKEN)).status_code == 405


async def test_a_scope_narrows_and_never_widens(nodes: Nodes) -> None:
    async with registered(nodes) as (_, client, partner):
        status, given = await ask(client, partner)
        assert (status, given["scope"].split()) == (200, SCOPES)
        assert (await ask(client, partner, scope="jobs.vacancy.show jobs.vacancy.list"))[1][
            "scope"
        ] == "jobs.vacancy.list jobs.vacancy.show"
        for beyond in (
            "jobs.employer.list",
            "registry.labourer.reveal",
            "jobs.vacancy",
            "*",
            "JOBS.VACANCY.LIST",
            "jobs.vacancy.list,jobs.vacancy.show",
        ):
            assert (await ask(client, partner, scope=beyond))[1]["error"] == "invalid_scope"


async def test_what_the_table_gives_no_system_cannot_be_registered(nodes: Nodes) -> None:
    context = await open_console(nodes, NODE)
    assert set(grantable()) == {name for name, action in POLICY.items() if "system" in action.cells}
    async with client_of(context, "operator") as operator:
        assert (await operator.post(SYSTEMS, json=new_system(scopes=list(grantable())))).status_code == 201
        for scope in [*(POLICY.keys() - set(grantable())), "*", "jobs", "jobs.vacancy.lists", ""]:
            answer = await operator.post(SYSTEMS, json=new_system(scopes=[scope]))
            assert (answer.status_code, answer.json()["errors"][0]["pointer"].split("/")[1]) == (422, "scopes"), scope


def faulty_keys() -> list[Any]:
    private = KEYS["EdDSA"].as_dict(private=True)
    return [
        {"keys": []},
        {"keys": [private]},
        {"keys": [KEYS["RS256"].as_dict(private=True)]},
        {"keys": [OctKey.generate_key(256).as_dict(private=True)]},
        {"keys": [{"kty": "oct"}]},
        public(RSAKey.generate_key(1024)),
        public(ECKey.generate_key("P-384")),
        public(OKPKey.generate_key("X25519")),
        public(KEYS["EdDSA"], STRANGER),
        {"keys": [{"kty": "EC"}]},
        {"keys": [{**KEYS["ES256"].as_dict(private=False), "x": "AAAA"}]},
        {"keys": [{**KEYS["ES256"].as_dict(private=False), "use": "enc"}]},
        {"keys": [{"kty": "none"}]},
        {"keys": [{**KEYS["EdDSA"].as_dict(private=False), "x": "AA"}]},
        {"keys": [{"kty": "RSA", "n": "AQ", "e": "AQAB"}]},
        {"keys": [1]},
        {},
        [],
        public(*(OKPKey.generate_key("Ed25519") for _ in range(6))),
    ]


async def test_keys_that_are_private_weak_broken_or_doubled_are_refused_by_their_place(nodes: Nodes) -> None:
    async with registered(nodes) as (_, operator, partner):
        for keys in faulty_keys():
            answer = await operator.post(SYSTEMS, json=new_system(jwks=keys))
            assert (answer.status_code, answer.json()["errors"][0]["pointer"].split("/")[1]) == (422, "jwks"), keys
            put = await operator.put(f"{SYSTEMS}/{partner.client_id[9:]}/jwks", json=keys, headers={"If-Match": '"v1"'})
            assert put.status_code == 422


async def test_other_keys_end_what_the_old_ones_were_given(nodes: Nodes) -> None:
    fresh = ECKey.generate_key("P-256")
    async with registered(nodes) as (context, operator, partner):
        path = f"{SYSTEMS}/{partner.client_id[9:]}"
        token = (await ask(operator, partner))[1]["access_token"]
        assert await lists(context, token, "/console/v1/events?topic=public.audit.heads") == 403
        assert (await operator.put(f"{path}/jwks", json=public(fresh))).status_code == 428
        changed = await operator.put(f"{path}/jwks", json=public(fresh), headers={"If-Match": '"v1"'})
        assert (changed.status_code, changed.headers["etag"], changed.json()["jwks"]["keys"][0]["kid"]) == (
            200,
            '"v2"',
            fresh.thumbprint(),
        )
        assert (await operator.put(f"{path}/jwks", json=public(), headers={"If-Match": '"v1"'})).status_code == 412
        await refresh(context.database)
        assert await lists(context, token, "/console/v1/events?topic=public.audit.heads") == 401
        assert (await ask(operator, partner))[0] == 401
        assert (await ask(operator, partner, partner.assertion("ES256", fresh, {"kid": fresh.thumbprint()})))[0] == 200
        narrowed = await operator.patch(path, json={"scopes": ["jobs.vacancy.list"]}, headers={"If-Match": '"v2"'})
        assert (narrowed.status_code, narrowed.json()["scopes"]) == (200, ["jobs.vacancy.list"])


@pytest.mark.parametrize("role", ["officer", "auditor", "system", "employer"])
async def test_operators_alone_keep_systems_and_give_no_division_that_is_not_theirs(nodes: Nodes, role: str) -> None:
    async with (
        registered(nodes) as (context, operator, partner),
        client_of(context, role, organisation="91440300MA5D8C1X2T") as other,
    ):
        path = f"{SYSTEMS}/{partner.client_id[9:]}"
        assert (await other.post(SYSTEMS, json=new_system())).status_code == 403
        assert (await other.post(f"{path}/close", json={"reason": "x"})).status_code == 403
        assert (await other.get(path)).status_code == (200 if role == "auditor" else 403)
        assert (await operator.post(SYSTEMS, json=new_system(regions=["440300"]))).status_code == 403
        assert (await operator.get(f"{SYSTEMS}/{uuid4()}")).status_code == 404
        assert [one["client_id"] for one in (await operator.get(f"{SYSTEMS}?closed=false")).json()["items"]] == [
            partner.client_id
        ]


async def test_what_a_system_was_given_and_what_was_done_to_it_is_in_the_trail(nodes: Nodes) -> None:
    async with registered(nodes) as (context, operator, partner), client_of(context, "auditor") as auditor:
        assertion = partner.assertion()
        await ask(operator, partner, assertion)
        await ask(operator, partner, assertion)
        await ask(operator, partner, partner.assertion(key=STRANGER))
        await operator.post(f"{SYSTEMS}/{partner.client_id[9:]}/close", json={"reason": "合同到期"})
        trail = [
            one
            for one in (await auditor.get("/console/v1/audit")).json()["items"]
            if one["action"] != "console.change_account"
        ]
        assert [one["action"] for one in trail] == [
            "console.close_system",
            "console.refuse_token",
            "console.give_token",
            "console.register_system",
        ]
        assert [one["actor"] for one in trail] == ["operator-1", partner.client_id, partner.client_id, "operator-1"]
        assert (trail[0]["details"]["reason"], trail[2]["details"]["scopes"]) == ("合同到期", " ".join(SCOPES))
        async with context.database.reading() as tx:
            assert len((await tx.execute(text("SELECT jti FROM assertion"))).all()) == 1


async def test_what_the_page_for_other_offices_says_works_as_it_stands_there(nodes: Nodes, tmp_path: Path) -> None:
    make, use = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    printed = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", make], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    context = await open_console(nodes, NODE)
    async with client_of(context, "operator") as operator:
        made = await operator.post(
            SYSTEMS, json=new_system(scopes=["console.figures.show"], jwks=json.loads(printed.stdout))
        )
    async with served(create_api(context)) as address:
        context.settings = context.settings.model_copy(update={"gateway": address})
        here = use.replace("https://huayuan.example", address).replace(
            "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057", made.json()["client_id"]
        )
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-W", "ignore", "-c", here], cwd=tmp_path, capture_output=True, text=True
        )
    assert (done.returncode, done.stdout.count("-")) == (0, 2), done.stderr[-2000:]
