"""Limits at the door: who is known is counted by name, who is not by address; memory is bounded, health is never refused, every
answer says that nobody keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.api.application import create_api
from libs.common.api.rate_limits import Allowance, BoundedWindows, address_of
from libs.common.service import ServiceContext
from tests.support.nodes import Nodes, token_of
from tests.support.sample import SERVICE

EVENTS = "/sample/v1/events?topic=public.sample.tally"


@asynccontextmanager
async def door(
    context: ServiceContext, host: str = "192.0.2.1", role: str | None = None, app: object = None
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app or create_api(context), raise_app_exceptions=False, client=(host, 1))  # type: ignore[arg-type]
    headers = {"Authorization": f"Bearer {token_of(context, role)}"} if role else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://node", headers=headers) as client:
        yield client


async def limited(nodes: Nodes, **limits: str) -> ServiceContext:
    context = await nodes.open(SERVICE)
    context.settings = context.settings.model_copy(update=limits)
    return context


async def test_a_caller_beyond_the_limit_is_told_when_to_come_back_and_nobody_else_is_held_up(nodes: Nodes) -> None:
    context = await limited(nodes, limit_caller="3 per 60 second")
    app = create_api(context)
    async with door(context, role="officer", app=app) as officer, door(context, role="analyst", app=app) as analyst:
        answers = [await officer.get(EVENTS) for _ in range(4)]
        other = await analyst.get(EVENTS)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"].partition(";t=")[0] for answer in answers[:3]] == [
        f'"caller";r={left}' for left in (2, 1, 0)
    ]
    last = answers[-1]
    assert last.headers["ratelimit-policy"] == '"caller";q=3;w=60'
    assert 1 <= int(last.headers["retry-after"]) <= 60
    assert (last.headers["content-type"], last.json()["type"]) == (
        "application/problem+json",
        "urn:xieli:problem:too-many-requests",
    )
    assert other.status_code == 200


@pytest.mark.parametrize("token", [None, "nonsense", "a.b.c"])
async def test_without_a_valid_token_the_address_counts_and_a_known_caller_from_there_comes_in(
    nodes: Nodes, token: str | None
) -> None:
    context = await limited(nodes, limit_address="2 per 60 second")
    app = create_api(context)
    async with (
        door(context, app=app) as flood,
        door(context, role="officer", app=app) as officer,
        door(context, "192.0.2.2", app=app) as elsewhere,
    ):
        if token:
            flood.headers["authorization"] = f"Bearer {token}"
        assert [(await flood.get(EVENTS)).status_code for _ in range(4)] == [401, 401, 429, 429]
        assert (await officer.get(EVENTS)).status_code == 200
        assert (await elsewhere.get(EVENTS)).status_code == 401
        assert (await flood.get("/sample/health/ready")).status_code == 200


async def test_what_a_client_says_of_its_own_address_counts_for_nothing(nodes: Nodes) -> None:
    context = await limited(nodes, limit_address="2 per 60 second")
    async with door(context) as flood:
        statuses = [
            (await flood.get(EVENTS, headers={"X-Forwarded-For": f"198.51.100.{n}"})).status_code for n in range(4)
        ]
    assert statuses == [401, 401, 429, 429]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=300))
def test_however_many_ask_the_memory_is_bounded(callers: list[int]) -> None:
    windows = BoundedWindows(most=50)
    allowance = Allowance(caller="5/minute", address="5/minute", windows=windows)
    for caller in callers:
        allowance.spend("address", str(caller))
    assert len(windows._windows) <= 50
    assert len(windows) == min(50, len(set(callers)))


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 8))
def test_in_no_window_do_more_pass_than_the_limit(pauses: list[float], quota: int) -> None:
    now, ends, asked = 0.0, 0.0, 0
    allowance = Allowance(
        caller=f"{quota} per 10 second", address="1/second", windows=BoundedWindows(clock=lambda: now)
    )
    for pause in pauses:
        now += pause
        ends, asked = (ends, asked + 1) if ends > now else (now + 10, 1)
        spent = allowance.spend("caller", "one")
        assert (spent.passes, spent.left) == (asked <= quota, max(0, quota - asked))
        assert 0 < spent.resets <= 10


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "", True),
    ],
)
def test_an_ipv6_customer_is_one_address(one: str, other: str, same: bool) -> None:
    assert (address_of(one) == address_of(other)) is same


async def test_every_answer_says_that_nobody_keeps_it_and_nobody_guesses_what_it_is(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with door(context, role="officer") as client:
        good = {"name": "a", "number": 1}
        answers = [
            await client.get(EVENTS),
            await client.get("/sample/health/live"),
            await client.get("/nowhere"),
            await client.get(EVENTS + "&limit=0"),
            await client.post("/sample/v1/counts", json=good),
            await client.post("/sample/v1/counts", json=good | {"name": "broken"}),
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 422, 201, 500]
    for answer in answers:
        assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_metrics_are_for_the_operator(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    seen = {}
    for role in (None, "officer", "operator"):
        async with door(context, role=role) as client:
            seen[role] = (await client.get("/sample/metrics")).status_code
    assert seen == {None: 401, "officer": 403, "operator": 200}


async def test_no_redirect_is_built_from_the_host_that_a_client_sends(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with door(context, role="officer") as client:
        answer = await client.get("/sample/v1/events/?topic=public.sample.tally", headers={"Host": "evil.example"})
    assert answer.status_code == 404
    assert "evil.example" not in str(answer.headers) + answer.text
