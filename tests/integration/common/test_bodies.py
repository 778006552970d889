"""Before a body is read: who is asking, what kind, how much; over real sockets, because a client library would not send such things."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.postgres import SERVICES
from deploy.local.single_process_node import _service
from libs.common.api.application import create_api
from libs.common.api.json_body import MAX_DEPTH, MAX_VALUES, parse_json
from libs.common.problems import Problem
from tests.support.nodes import Nodes, token_of
from tests.support.sample import SERVICE
from tests.support.sockets import Said, listening, send

MB = 1024 * 1024
COUNT = "POST /sample/v1/counts HTTP/1.1\nHost: node"
JSON = "Content-Type: application/json"


@pytest.fixture
async def door(nodes: Nodes) -> AsyncIterator[tuple[int, str]]:
    """The sample service on a port, and a head that may come in."""
    context = await nodes.open(SERVICE)
    async with listening(create_api(context)) as port:
        yield port, f"{COUNT}\nAuthorization: Bearer {token_of(context)}"


def operations(app: FastAPI) -> list[tuple[str, str, bool]]:
    """Every operation: method, an address of it, whether it asks who is calling."""
    found = []
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            guarded = bool(app.state.intakes[id(context.original_route)].guards)
            address = re.sub(r"{(\w+)(:\w+)?}", "433124", context.path or "")
            found += [(method, address, guarded) for method in sorted(context.methods or ())]
    return found


@pytest.mark.parametrize("service", SERVICES)
async def test_nobody_unknown_gets_a_body_read(nodes: Nodes, service: str) -> None:
    """30 MB are announced and none is sent: every operation answers all the same, with a refusal if it asks for a token."""
    context = await nodes.open(_service(service))
    app = create_api(context)
    known = operations(app)
    assert known
    async with listening(app) as port:
        for method, address, guarded in known:
            said = await send(
                port, f"{method} {address} HTTP/1.1\nHost: node\nSec-Fetch-Site: none\nContent-Length: 31457280\n{JSON}"
            )
            if guarded:
                assert said.status in (401, 303), (method, address, said)
                assert said.headers["connection"] == "close"
            else:
                assert said.status == 413, (method, address, said)


async def test_what_anybody_may_send_is_a_form_to_show_who_he_is_or_to_sign_up_for_a_fair(nodes: Nodes) -> None:
    """Derived from the operations: those with a body that ask nobody who they are."""
    open_ones = set()
    for service in SERVICES:
        app = create_api(await nodes.open(_service(service)))
        for context in iter_route_contexts(app.routes):
            if isinstance(context.original_route, APIRoute):
                intake = app.state.intakes[id(context.original_route)]
                if intake.takes_body and not intake.guards:
                    open_ones.add(context.path)
    assert open_ones == {"/sign-in", "/my/enter", "/m/token", "/console/v1/token", "/f/{fair}"}


async def test_a_client_that_sends_everything_first_still_hears_the_refusal(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with listening(create_api(context)) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for _ in range(5):
            answer = await client.post(
                "/sample/v1/counts", content=b" " * 30 * MB, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code == 401
        client.headers["Authorization"] = f"Bearer {token_of(context)}"
        answer = await client.post("/sample/v1/counts", content=_pieces(), headers={"Content-Type": "application/json"})
        assert answer.status_code == 413


async def _pieces() -> AsyncIterator[bytes]:
    for _ in range(300):
        yield b" " * 100_000


async def test_the_wrong_role_is_refused_before_the_body(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with listening(create_api(context)) as port:
        said = await send(
            port, f"{COUNT}\nAuthorization: Bearer {token_of(context, 'auditor')}\n{JSON}\nContent-Length: 1000"
        )
        assert said.status == 403
        assert said.problem["status"] == 403


@pytest.mark.parametrize(
    ("framing", "parts", "status"),
    [
        ("Content-Length: 2000000", [], 413),
        ("Content-Length: 99999999999999999999999", [], 400),
        ("Content-Length: -1", [], 400),
        ("Content-Length: 1e3", [], 400),
        ("Content-Length: 5\nContent-Length: 6", [b"{}"], 400),
        ("Content-Length: 5\nTransfer-Encoding: chunked", [b"0\r\n\r\n"], 400),
        ("Transfer-Encoding: chunked", [b"100000\r\n" + b" " * MB + b"\r\n"] * 3 + [b"0\r\n\r\n"], 413),
        ("Transfer-Encoding: chunked", [b"xyz\r\n"], 400),
        ("Transfer-Encoding: chunked", [b"2\r\n{}\r\n0\r\n\r\n"], 422),
        ("Transfer-Encoding: chunked", [b"17\r\n" + b'{"name":"a","number":1}' + b"\r\n0\r\n\r\n"], 201),
        ("Content-Length: 0", [], 422),
        ("X-Nothing: 1", [], 422),
    ],
)
async def test_a_length_is_what_it_turns_out_to_be(
    door: tuple[int, str], framing: str, parts: list[bytes], status: int
) -> None:
    port, head = door
    said = await send(port, f"{head}\n{JSON}\n{framing}", *parts)
    assert said.status == status, said
    if status in (413, 422):
        assert said.problem["status"] == status


async def post(door: tuple[int, str], body: bytes, media: str = JSON) -> Said:
    port, head = door
    return await send(port, f"{head}\n{media}\nContent-Length: {len(body)}", body)


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (b'{"name":"a","number":1,"number":2}', "json_duplicate", "/number"),
        (b'{"name":"a","number":NaN}', "json_number", "/number"),
        (b'{"name":"a","number":-Infinity}', "json_number", "/number"),
        (b'{"name":"a","number":1e999}', "json_number", "/number"),
        (b'{"name":"a","number":' + b"9" * 30 + b"}", "json_number", "/number"),
        (b'{"name":"a","number":' + b"9" * 10_000 + b"}", "json_number", ""),
        (rb'{"name":"\ud800","number":1}', "json_text", "/name"),
        (rb'{"name":"a\u0000b","number":1}', "json_text", "/name"),
        (rb'{"\u0000":"a","number":1}', "json_text", ""),
        ('{"name":"a","number":1}'.encode("utf-16"), "json_encoding", ""),
        (b'\xef\xbb\xbf{"name":"a","number":1}', "json_invalid", ""),
        (b'{"name":"\xff","number":1}', "json_encoding", ""),
        (b"[" * 5000 + b"]" * 5000, "json_depth", None),
        (b'{"name":' + b"[" * 40 + b"]" * 40 + b"}", "json_depth", None),
        (b'{"name":[' + b"0," * MAX_VALUES + b"0]}", "json_values", ""),
        (b"{", "json_invalid", ""),
        (b'{"name":"a","number":1}x', "json_invalid", ""),
    ],
)
async def test_json_is_strict_and_says_where(
    door: tuple[int, str], body: bytes, code: str, pointer: str | None
) -> None:
    said = await post(door, body)
    assert said.status == 422
    error = said.problem["errors"][0]
    assert error["code"] == code
    assert pointer is None or error["pointer"] == pointer


@pytest.mark.parametrize(
    "media",
    [
        "Content-Type: text/plain",
        "X-None: 1",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Type: application/json; charset=gbk",
        "Content-Type: application/json; charset=utf-16",
        "Content-Type: ;;;",
        f"{JSON}\nContent-Encoding: gzip",
    ],
)
async def test_another_kind_of_body_is_unsupported(door: tuple[int, str], media: str) -> None:
    said = await post(door, b'{"name":"a","number":1}', media)
    assert said.status == 415
    assert said.problem["status"] == 415


async def test_wrong_fields_without_number_are_answered_shortly(door: tuple[int, str]) -> None:
    said = await post(door, json.dumps({f"field{number}": number for number in range(20_000)}).encode())
    assert said.status == 422
    assert len(said.body) < 50_000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def _parsed(body: bytes) -> tuple[Problem | None, Any]:
    try:
        return None, parse_json(body)
    except Problem as problem:
        return problem, None


@given(json_values, st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=3)), max_size=3))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_a_document_or_a_problem(value: Any, cuts: list[tuple[int, bytes]]) -> None:
    """Mutated documents: whatever is let through survives a second, strict reading and a database's text."""
    body = bytearray(json.dumps(value).encode())
    for place, piece in cuts:
        body[place : place + 1] = piece
    refused, read = _parsed(bytes(body))
    assert refused is None or (refused.status, bool(refused.errors)) == (422, True)
    again = json.dumps(read, ensure_ascii=False, allow_nan=False)
    assert "\\u0000" not in again
    again.encode()


def test_as_deep_and_as_many_as_may_be() -> None:
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert len(parse_json(b"[" + b"0," * (MAX_VALUES - 2) + b"0]")) == MAX_VALUES - 1
