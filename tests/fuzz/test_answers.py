"""What HTTP says of answers holds at every operation: methods and Allow, HEAD, ETag and 304, Location, repeated creations (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.fuzz.collecting import Answer, Operation
from tests.fuzz.house import House, Node

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30) as client:
        yield client


def successes(house: House) -> Iterator[tuple[Node, Operation, Answer]]:
    for node in house.nodes.values():
        for operation in node.answers.operations:
            yield from ((node, operation, answer) for answer in node.answers.of(operation) if answer.status < 300)


def again(client: httpx.Client, node: Node, answer: Answer, method: str = "GET", **headers: str) -> httpx.Response:
    return client.request(
        method, node.url + answer.address, headers={"Authorization": f"Bearer {answer.token}", **headers}
    )


def test_every_operation_has_once_answered_with_success(house: House) -> None:
    first, second = (set(node.answers.missing()) for node in house.nodes.values())
    assert not first & second


def test_what_an_address_does_not_take_is_405_with_everything_that_it_takes(house: House, client: httpx.Client) -> None:
    for node in house.nodes.values():
        for path in {
            re.sub(r"\{[^}]+\}", "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10", one.path) for one in node.answers.operations
        }:
            methods = {one.method for one in node.answers.operations if one.fits(one.method, path)}
            allowed = methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
            for method in (*METHODS, "OPTIONS"):
                if method not in allowed or method == "OPTIONS":
                    answer = client.request(method, node.url + path)
                    assert answer.status_code == (204 if method == "OPTIONS" else 405), f"{method} {path}"
                    assert set(answer.headers["allow"].split(", ")) == allowed, f"{method} {path}"


def test_a_head_is_its_get_without_the_body(house: House, client: httpx.Client) -> None:
    for node, operation, answer in successes(house):
        if operation.method == "GET":
            whole, head = again(client, node, answer), again(client, node, answer, "HEAD")
            assert (head.status_code, head.content) == (whole.status_code, b""), answer.address
            assert head.headers["content-type"] == whole.headers["content-type"], answer.address


def test_whoever_has_a_version_already_is_told_so(house: House, client: httpx.Client) -> None:
    asked = 0
    for node, operation, answer in successes(house):
        tag = answer.headers.get("etag")
        said = operation.document["responses"][str(answer.status)].get("headers", {})
        assert tag or "ETag" not in said, f"{operation.method} {answer.address}"
        if operation.method != "GET" or tag is None:
            continue
        tag = again(client, node, answer).headers["etag"]
        for known in (tag, "*", f'"other", W/{tag}'):
            unchanged = again(client, node, answer, **{"If-None-Match": known})
            assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag), (
                answer.address
            )
        assert again(client, node, answer, **{"If-None-Match": '"other"'}).status_code == 200
        assert "304" in operation.document["responses"], answer.address
        asked += 1
    assert asked > 6


def test_what_was_made_stands_where_it_is_said_to_stand(house: House, client: httpx.Client) -> None:
    made = [(node, operation, answer) for node, operation, answer in successes(house) if answer.status == 201]
    assert {operation.name for _, operation, _ in made} == {
        one.name for one in made[0][0].answers.operations if "201" in one.document["responses"]
    }
    for node, operation, answer in made:
        assert answer.headers["location"].startswith(f"/{operation.service}/v1/"), answer.path
        shown = again(client, node, Answer("", "GET", answer.headers["location"], 0, {}, b"", answer.token))
        assert shown.status_code == 200, f"{answer.path} -> {answer.headers['location']} {shown.text}"
        if "etag" in answer.headers:
            assert shown.headers["etag"], answer.path
