"""The HTTP door: every refusal is a problem that names the field, creations may be repeated, a failing commit is no 201."""

from __future__ import annotations

import httpx
import pytest

from tests.support.nodes import Nodes, announced, client_of
from tests.support.sample import SERVICE
from tests.support.servers import connect_superuser


def problem(answer: httpx.Response, status: int) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert {"type", "title", "instance"} <= body.keys()
    return dict(body)


async def test_a_refused_field_is_named_by_its_pointer(nodes: Nodes) -> None:
    async with client_of(await nodes.open(SERVICE)) as client:
        body = problem(await client.post("/sample/v1/counts", json={"name": "", "number": -1}), 422)
    assert [error["pointer"] for error in body["errors"]] == ["/name", "/number"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sample/v1/nowhere", 404),
        ("DELETE", "/sample/v1/counts", 405),
        ("GET", "/sample/v1/events?topic=x&limit=0", 422),
        ("GET", "/sample/v1/events?topic=public.sample.taly", 404),
        ("GET", "/sample/v1/events?topic=public.sample.tally&after=%21", 422),
    ],
)
async def test_unknown_paths_methods_and_queries_are_problems(
    nodes: Nodes, method: str, path: str, status: int
) -> None:
    async with client_of(await nodes.open(SERVICE)) as client:
        problem(await client.request(method, path), status)


async def test_a_query_parameter_that_there_is_not_is_named_with_those_there_are(nodes: Nodes) -> None:
    async with client_of(await nodes.open(SERVICE)) as client:
        body = problem(await client.get("/sample/v1/events?topics=public.sample.tally&limit=2"), 422)
        assert [error["pointer"] for error in body["errors"]] == ["/query/topics"]  # type: ignore[attr-defined]
        assert str(body["detail"]).endswith("topic, after, wait, limit")
        problem(await client.post("/sample/v1/counts?dry=1", json={"name": "a", "number": 1}), 422)
        assert (await client.get("/sample/v1/openapi.json?pretty=1")).status_code == 200


async def test_bodies_of_the_wrong_kind_or_size_are_refused(nodes: Nodes) -> None:
    async with client_of(await nodes.open(SERVICE)) as client:
        problem(await client.post("/sample/v1/counts", content=b"<a/>", headers={"content-type": "text/xml"}), 415)
        body = problem(
            await client.post("/sample/v1/counts", content=b"{not json", headers={"content-type": "application/json"}),
            422,
        )
        assert [error["pointer"] for error in body["errors"]] == [""]  # type: ignore[attr-defined]
        problem(
            await client.post(
                "/sample/v1/counts", content=b"x" * 33 * 1024 * 1024, headers={"content-type": "application/json"}
            ),
            413,
        )


async def test_the_unexpected_is_answered_without_internals(nodes: Nodes) -> None:
    async with client_of(await nodes.open(SERVICE)) as client:
        answer = await client.post("/sample/v1/counts", json={"name": "broken", "number": 1})
    assert "secret" not in answer.text
    problem(answer, 500)


async def test_without_a_token_nothing_is_answered_and_with_the_wrong_role_it_is_forbidden(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context, "auditor") as client:
        problem(await client.post("/sample/v1/counts", json={"name": "a", "number": 1}), 403)
        client.headers["authorization"] = "Bearer nonsense"
        problem(await client.post("/sample/v1/counts", json={"name": "a", "number": 1}), 401)
        del client.headers["authorization"]
        problem(await client.post("/sample/v1/counts", json={"name": "a", "number": 1}), 401)


async def test_a_token_of_another_node_is_not_accepted(nodes: Nodes) -> None:
    here, there = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300")
    async with client_of(here) as client, client_of(there) as stranger:
        client.headers["authorization"] = stranger.headers["authorization"]
        problem(await client.post("/sample/v1/counts", json={"name": "a", "number": 1}), 401)


async def test_a_repeated_creation_gives_the_same_answer_and_another_request_is_refused(nodes: Nodes) -> None:
    context, key = await nodes.open(SERVICE), {"Idempotency-Key": "k1"}
    async with client_of(context) as client:
        first = await client.post("/sample/v1/counts", json={"name": "a", "number": 1}, headers=key)
        again = await client.post("/sample/v1/counts", json={"name": "a", "number": 1}, headers=key)
        problem(await client.post("/sample/v1/counts", json={"name": "a", "number": 2}, headers=key), 422)
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (201, first.json())
    assert len(await announced(context)) == 1


async def test_a_commit_that_fails_is_an_error_and_not_a_created(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    owner = await connect_superuser(context.settings.database_url, "sample")
    await owner.execute("CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'late'; END$$")
    await owner.execute(
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()"
    )
    await owner.close()
    async with client_of(context) as client:
        problem(await client.post("/sample/v1/counts", json={"name": "a", "number": 1}), 500)


@pytest.mark.parametrize(
    ("state", "status"),
    [("23505", 409), ("23P01", 409), ("40001", 503), ("40P01", 503), ("53300", 503), ("57P03", 503), ("22012", 500)],
)
@pytest.mark.parametrize("deferred", [True, False])
async def test_who_collides_or_finds_the_database_away_is_told_to_try_again(
    nodes: Nodes, state: str, status: int, deferred: bool
) -> None:
    """At the statement or at the commit: by SQLSTATE, so at whichever door; what is our own fault stays a 500."""
    context = await nodes.open(SERVICE)
    owner = await connect_superuser(context.settings.database_url, "sample")
    await owner.execute(
        f"CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'late' USING ERRCODE = '{state}'; END$$"
    )
    late = (
        "CONSTRAINT TRIGGER late AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED"
        if deferred
        else "TRIGGER late AFTER INSERT ON outbox"
    )
    await owner.execute(f"CREATE {late} FOR EACH ROW EXECUTE FUNCTION fail()")
    await owner.close()
    async with client_of(context) as client:
        answer = await client.post("/sample/v1/counts", json={"name": "a", "number": 1})
    problem(answer, status)
    assert ("retry-after" in answer.headers) == (status == 503)


async def test_the_journal_is_read_over_http_after_a_cursor(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        for number in range(3):
            await client.post("/sample/v1/counts", json={"name": f"n{number}", "number": number})
        await announced(context)
        first = await client.get("/sample/v1/events", params={"topic": "public.sample.tally", "limit": 2})
        assert first.status_code == 200, first.text
        rest = await client.get(
            "/sample/v1/events", params={"topic": "public.sample.tally", "after": first.headers["x-next-after"]}
        )
        assert [len(answer.text.splitlines()) for answer in (first, rest)] == [2, 1]
        problem(await client.get("/sample/v1/events", params={"topic": "home.sample.tally"}), 403)
