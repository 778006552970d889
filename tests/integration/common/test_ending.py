"""What an operator may do with what could not be handled: look, try again, discard with a reason, each once."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.common.events.records import Record
from libs.common.inbox.dead_letters import KEPT_BYTES
from libs.common.service import ServiceContext
from tests.support.nodes import Nodes, client_of
from tests.support.poison import a_record
from tests.support.sample import SERVICE, Counted

TOPIC = f"public.{Counted.AGGREGATE}"


def events(context: ServiceContext, *names: str, value: bytes | None = None) -> list[Record]:
    made = [
        replace(a_record(TOPIC, context.node, name, 0, place + 1), offset=place) for place, name in enumerate(names)
    ]
    return [replace(one, value=value) for one in made] if value is not None else made


async def cure(context: ServiceContext) -> None:
    async with context.database.transaction() as tx:
        await tx.execute(text("INSERT INTO sample.tally VALUES ('cure', 1) ON CONFLICT DO NOTHING"))


async def tally(context: ServiceContext) -> dict[str, int]:
    async with context.database.reading() as tx:
        return {row.name: row.count for row in await tx.execute(text("SELECT name, count FROM sample.tally"))}


async def items(operator: httpx.AsyncClient, what: str, **params: Any) -> list[dict[str, Any]]:
    return list((await operator.get(f"/sample/v1/{what}", params=params)).json()["items"])


async def test_a_dead_letter_is_kept_raw_told_by_health_and_discarded_with_a_reason(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    raw = replace(
        events(context, "a")[0], key=b"\x00\xff", value=b"\x00{", headers=(("ce_id", None), ("\udcff", b"\xff"))
    )
    await context.inbox.take([raw, *events(context, "b", "c")[1:]])
    await context.inbox.take([raw])
    assert await tally(context) == {"c": 1}
    async with client_of(context, "operator") as operator:
        (letter,) = await items(operator, "dead-letters")
        whole = (await operator.get(f"/sample/v1/dead-letters/{letter['id']}")).json()
        assert (base64.b64decode(whole["key"]), base64.b64decode(whole["value"])) == (raw.key, raw.value)
        assert whole["headers"] == [
            {"name": "ce_id", "value": None},
            {"name": "\\udcff", "value": base64.b64encode(b"\xff").decode()},
        ]
        ready = await operator.get("/sample/health/ready")
        assert (ready.status_code, ready.json()) == (200, {"status": "degraded", "dead_letters": 1, "parked": 0})
        assert (await operator.get("/sample/v1/backlog")).json()["letters"][0]["reason"] == "headers"
        assert (
            'xieli_events_refused_total{reason="headers",service="sample"} 1.0'
            in (await operator.get("/sample/metrics")).text
        )
        path = f"/sample/v1/dead-letters/{letter['id']}/discard"
        assert (await operator.post(path, json={"reason": " "})).status_code == 422
        assert (await operator.post(path, json={"reason": "forged"})).status_code == 204
        assert (await operator.post(path, json={"reason": "forged"})).status_code == 404
        assert (await operator.get("/sample/health/ready")).json()["status"] == "ready"
        (ended,) = await items(operator, "dead-letters", ended=True)
    assert (ended["ended"], ended["ended_by"], ended["ended_because"]) == ("discarded", "operator-1", "forged")


async def test_a_dead_letter_is_replayed_once_what_refused_it_is_gone(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = await nodes.open(SERVICE)
    monkeypatch.setattr(Counted, "AGGREGATE", "sample.elsewhere")
    await context.inbox.take(events(context, "a"))
    async with client_of(context, "operator") as operator:
        (letter,) = await items(operator, "dead-letters")
        assert letter["reason"] == "false_topic"
        path = f"/sample/v1/dead-letters/{letter['id']}/replay"
        assert (await operator.post(path)).status_code == 409
        monkeypatch.undo()
        answers = await asyncio.gather(*(operator.post(path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]
    assert await tally(context) == {"a": 1}


async def test_a_record_too_long_to_keep_says_so_and_cannot_be_replayed(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await context.inbox.take(events(context, "a", value=b"\x00" * (KEPT_BYTES + 1)))
    async with client_of(context, "operator") as operator:
        (letter,) = await items(operator, "dead-letters")
        assert letter["cut"]
        assert letter["bytes"] > KEPT_BYTES
        assert "broker" in (await operator.post(f"/sample/v1/dead-letters/{letter['id']}/replay")).json()["detail"]


async def test_a_discarded_event_lets_those_behind_it_go_on_in_order(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await context.inbox.take(events(context, "poison", "a", "poison"))
    async with client_of(context, "operator") as operator:
        first, second = await items(operator, "parked")
        assert (first["error"], second["error"]) == ("ValueError: poisoned", "an earlier event of this key is parked")
        assert "poison" in (await operator.get(f"/sample/v1/parked/{first['id']}")).json()["data"]
        await cure(context)
        assert (
            await operator.post(f"/sample/v1/parked/{first['id']}/discard", json={"reason": "伪造"})
        ).status_code == 204
        assert (await operator.post("/sample/v1/parked/replay", params={"key": "poison"})).json() == {"handled": 1}
        ended = await items(operator, "parked", ended=True)
    assert [(one["ended"], one["ended_because"]) for one in ended] == [("discarded", "伪造"), ("replayed", "")]
    assert await tally(context) == {"a": 1, "cure": 1, "poison": 1}


async def test_replays_at_once_apply_each_event_once(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await context.inbox.take(events(context, *["poison1", "poison2"] * 10))
    await cure(context)
    async with client_of(context, "operator") as operator:
        answers = await asyncio.gather(*(operator.post("/sample/v1/parked/replay") for _ in range(4)))
    assert sum(answer.json()["handled"] for answer in answers) == 20
    assert await tally(context) == {"cure": 1, "poison1": 10, "poison2": 10}


async def test_an_event_that_comes_while_its_key_is_replayed_is_not_left_behind(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await context.inbox.take(events(context, "poison", "poison"))
    await cure(context)
    late = [replace(a_record(TOPIC, context.node, "poison", 0, number), offset=number) for number in range(3, 30)]
    async with client_of(context, "operator") as operator:

        async def arrive() -> None:
            for one in late:
                await context.inbox.take([one])

        await asyncio.gather(arrive(), operator.post("/sample/v1/parked/replay"))
        assert await items(operator, "parked") == []
    assert (await tally(context))["poison"] == 29


@pytest.mark.parametrize("role", ["officer", "auditor", "analyst", "employer"])
async def test_only_an_operator_may_look(nodes: Nodes, role: str) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context, role) as other:
        answers = [
            await other.get(f"/sample/v1/{path}") for path in ("dead-letters", "dead-letters/1", "parked", "parked/1")
        ]
        answers += [
            await other.post(f"/sample/v1/{path}", json={"reason": "x"})
            for path in ("dead-letters/1/discard", "parked/1/discard")
        ]
    assert {answer.status_code for answer in answers} == {403}
