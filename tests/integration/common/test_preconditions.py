"""Methods, ETags and preconditions as RFC 9110 has them."""

from __future__ import annotations

import httpx
import pytest

from libs.common.api.application import create_api
from libs.common.api.preconditions import check_version, if_match, matches_weakly
from libs.common.problems import PreconditionRequired, Stale
from services.matching.app import SERVICE as MATCHING
from tests.support.nodes import Nodes, client_of
from tests.support.sockets import listening, send


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ('"v3"', True),
        ("*", True),
        ('"v2", "v3"', True),
        (' "x" ,"v3"', True),
        ('"v3",', True),
        ('W/"v3"', False),
        ('W/"v3", "v2"', False),
        ('"v2"', False),
    ],
)
def test_a_change_needs_one_strong_match(said: str, holds: bool) -> None:
    if holds:
        return check_version(if_match(said), 3)
    with pytest.raises(Stale):
        check_version(if_match(said), 3)


@pytest.mark.parametrize(
    "said", ["v3", '"v3', "3", '"v3" "v4"', '"v99999999999999999999"', '"v-1"', '"v٣"', "**", ",,"]
)
def test_what_is_no_list_of_ours_matches_nothing(said: str) -> None:
    with pytest.raises(Stale):
        if_match(said)


def test_without_one_it_is_asked_for() -> None:
    with pytest.raises(PreconditionRequired):
        if_match(" ")


@pytest.mark.parametrize(
    ("said", "known"), [('"a"', True), ('W/"a"', True), ('"b", W/"a"', True), ("*", True), ('"b"', False), ("a", False)]
)
def test_a_reading_is_spared_by_a_weak_match(said: str, known: bool) -> None:
    assert matches_weakly(said, '"a"') is known


async def test_a_405_names_every_method_of_the_address(nodes: Nodes) -> None:
    async with client_of(await nodes.open(MATCHING)) as client:
        refused = await client.delete("/matching/v1/weights")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
        told = await client.options("/matching/v1/weights")
        assert (told.status_code, told.headers["allow"], told.content) == (204, "GET, HEAD, OPTIONS, POST", b"")
        assert (await client.options("/matching/v1/nowhere")).status_code == 404


async def test_a_head_is_a_get_without_its_body(nodes: Nodes) -> None:
    app = create_api(await nodes.open(MATCHING))
    async with listening(app) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for path in (
            "/matching/v1/openapi.json",
            "/matching/health/live",
            "/matching/v1/weights",
            "/matching/v1/nowhere",
        ):
            head, get = await send(port, f"HEAD {path} HTTP/1.1\nHost: node"), await client.get(path)
            assert head.status == get.status_code
            assert head.headers["content-length"] == get.headers["content-length"]
            assert head.headers["content-type"] == get.headers["content-type"]
