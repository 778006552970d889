"""What hangs on people who were merged, at the services that hear of it: in any order and twice, nothing lost, two again as before."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from libs.common.database import new_id
from libs.common.events.registry import LabourersMerged, LabourersUnmerged
from libs.common.service import ServiceContext
from tests.support.nodes import Nodes, client_of
from tests.support.telling import tell

ON = date(2017, 5, 2)
PLACE = {"county": "433124", "city": "440300", "on": ON}
# By service the rows of one person, each with the table; `id` is made for each.
ROWS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "matching": [
        ("introductions", "introduction", {"vacancy": True, "state": "agreed", "changed_on": ON}),
        ("introductions", "introduction", {"vacancy": True, "state": "offered", "changed_on": ON}),
    ],
    "retention": [
        ("introduction", "id", {}),
        ("service", "id", {"region": "433124", "kind": "training", "on": ON, "city": None}),
        ("ledger", "id", {"policy": "travel", "period": "2017", "region": "433124", "claim": True, "amount_fen": 1, "on": ON, "county": None, "city": None}),
    ],
}  # fmt: skip


async def enter(context: ServiceContext, service: str, person: UUID) -> None:
    """Everything that may hang on somebody."""
    async with context.database.transaction() as tx:
        for table, key, facts in ROWS[service]:
            said = {"county": "433124", "city": "440300", **facts, key: new_id(), "person": person}
            row = {name: new_id() if value is True else value for name, value in said.items() if value is not None}
            names = ", ".join(f'"{name}"' for name in row)
            await tx.execute(
                text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"), row
            )


async def owners(context: ServiceContext, service: str) -> dict[str, UUID]:
    """By row whose it is."""
    found = {}
    async with context.database.reading() as tx:
        for table, key in dict.fromkeys((table, key) for table, key, _ in ROWS[service]):
            for row in await tx.execute(text(f"SELECT {key} AS id, person FROM {table}")):
                found[f"{table} {row.id}"] = row.person
    return found


async def seconds(context: ServiceContext, service: str) -> int:
    """How many second yeses, or second payments, stand beside a first."""
    table, column = {"matching": ("introductions", "second_yes"), "retention": ("ledger", "paid_twice")}[service]
    async with context.database.reading() as tx:
        return int((await tx.execute(text(f"SELECT count(*) FROM {table} WHERE {column}"))).scalar_one())


@pytest.mark.parametrize("service", ROWS)
async def test_rows_follow_in_any_order_and_come_back(nodes: Nodes, service: str) -> None:
    context = await nodes.open(import_module(f"services.{service}.app").SERVICE)
    chance, wanted = Random(service), dict[str, UUID]()
    for undone in (0, 1, 2, 0, 1, 2):
        people = [new_id() for _ in range(3)]
        before = await owners(context, service)
        for each in people:
            await enter(context, service, each)
        mine = {row: one for row, one in (await owners(context, service)).items() if row not in before}
        # The first into the second, that one into the third; the last `undone` of these are taken back.
        merges = [LabourersMerged(merge=new_id(), goes=people[at], stays=people[at + 1], on=ON) for at in (0, 1)]
        backs = [LabourersUnmerged(**each.model_dump()) for each in merges[::-1][:undone]]
        told = [*merges, *backs, *chance.sample([*merges, *backs], 2)]
        chance.shuffle(told)
        for event in told:
            await tell(context, event)
        now = {0: people[2], 1: people[1], 2: people[0]}[undone], people[2] if undone == 0 else people[1], people[2]
        wanted |= {row: now[people.index(one)] for row, one in mine.items()}
        assert await owners(context, service) == wanted
    # One person has said yes, or was paid, once for each record; all but the first stand beside it.
    assert await seconds(context, service) == 2 * 2 + 2 * 1


async def test_a_yes_at_a_time_is_kept_by_who_stays(nodes: Nodes) -> None:
    """The first is that of who stays, whichever came first."""
    context = await nodes.open(import_module("services.matching.app").SERVICE)
    goes, stays, merge = new_id(), new_id(), new_id()
    for each in (goes, stays):
        await enter(context, "matching", each)
    own = {row for row, one in (await owners(context, "matching")).items() if one == stays}
    await tell(context, LabourersMerged(merge=merge, goes=goes, stays=stays, on=ON))
    async with context.database.reading() as tx:
        query = text("SELECT introduction FROM introductions WHERE state = 'agreed' AND NOT second_yes")
        assert f"introductions {(await tx.execute(query)).scalar_one()}" in own
    await tell(context, LabourersUnmerged(merge=merge, goes=goes, stays=stays, on=ON))
    assert await seconds(context, "matching") == 0


async def test_a_second_yes_waits_in_a_list_until_one_of_the_two_has_ended(nodes: Nodes) -> None:
    context = await nodes.open(import_module("services.matching.app").SERVICE)
    goes, stays = new_id(), new_id()
    for each in (goes, stays):
        await enter(context, "matching", each)
    await tell(context, LabourersMerged(merge=new_id(), goes=goes, stays=stays, on=ON))
    async with client_of(context) as client:
        path = "/matching/v1/introductions"
        both = (await client.get(path, params={"person": str(stays), "state": "agreed"})).json()["items"]
        (second,) = (await client.get(path, params={"second_yes": "true"})).json()["items"]
        assert sorted(each["second_yes"] for each in both) == [False, True]
        assert second["id"] == next(each["id"] for each in both if each["second_yes"])
        first = next(each["id"] for each in both if not each["second_yes"])
        async with context.database.transaction() as tx:
            ended = text("UPDATE introductions SET state = 'rejected' WHERE introduction = :first")
            await tx.execute(ended, {"first": UUID(first)})
        assert (await client.get(path, params={"second_yes": "true"})).json()["items"] == []


async def test_a_second_payment_waits_until_somebody_says_what_became_of_it(nodes: Nodes) -> None:
    context = await nodes.open(import_module("services.retention.app").SERVICE)
    goes, stays, ledger = new_id(), new_id(), "/retention/v1/ledger"
    for each in (goes, stays):
        await enter(context, "retention", each)
    await tell(context, LabourersMerged(merge=new_id(), goes=goes, stays=stays, on=ON))
    async with client_of(context) as client:
        paid = (await client.get(ledger, params={"person": str(stays)})).json()["items"]
        (second,) = (await client.get(ledger, params={"to_settle": "true"})).json()["items"]
        assert sorted(each["paid_twice"] for each in paid) == [False, True]
        first = next(each["id"] for each in paid if not each["paid_twice"])
        said = {"settlement": "recovered", "on": "2017-06-01"}
        once = await client.post(f"{ledger}/{second['id']}/settle", json=said)
        refused = [await client.post(f"{ledger}/{each}/settle", json=said) for each in (second["id"], first)]
        unknown = await client.post(f"{ledger}/{new_id()}/settle", json=said)
        assert (once.status_code, once.json()["settled_as"], once.json()["settled_by"]) == (
            200,
            "recovered",
            "officer-1",
        )
        assert [each.status_code for each in (*refused, unknown)] == [409, 409, 404]
        assert (await client.get(ledger, params={"to_settle": "true"})).json()["items"] == []
