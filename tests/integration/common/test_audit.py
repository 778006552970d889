"""The trail: every door that changes something leaves a record, and whatever is done to the records afterwards is found."""

from __future__ import annotations

import asyncio
import importlib
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import asyncpg
import pytest
from fastapi.dependencies.models import Dependant
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from libs.common.api.application import create_api
from libs.common.api.dependencies import open_transaction
from libs.common.api.recording import SAFE
from libs.common.audit.heads import SignedHeads, state_once
from libs.common.audit.records import next_link
from libs.common.audit.verify import Verified, digest_of, verify_chains, verify_service
from libs.common.service import ServiceContext
from tests.support.doors import routes_of
from tests.support.nodes import Nodes, client_of
from tests.support.sample import SERVICE
from tests.support.servers import connect_superuser

SERVICES = ("registry", "jobs", "matching", "retention", "console")


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n433124")


async def count(context: ServiceContext, times: int = 12) -> None:
    """So many calls that change something, several at once."""
    async with client_of(context) as client:
        answers = await asyncio.gather(
            *(
                client.post("/sample/v1/counts", json={"name": f"n{number}", "number": number})
                for number in range(times)
            )
        )
    assert {answer.status_code for answer in answers} == {201}


async def verified(context: ServiceContext, *witnessed: SignedHeads) -> Verified:
    connection = await context.database.connect_raw()
    try:
        heads = [head for each in witnessed for head in each.known_by("a partner")]
        return await verify_service(connection, "sample", heads)
    finally:
        await connection.close()


async def records(context: ServiceContext) -> list[asyncpg.Record]:
    connection = await context.database.connect_raw()
    try:
        return list(await connection.fetch("SELECT *, details::text AS details FROM audit ORDER BY stream, sequence"))
    finally:
        await connection.close()


# --- what is written ---------------------------------------------------------------------------------------------------


def needed(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for each in dependant.dependencies:
        yield from needed(each)


REMEMBERED_OTHERWISE = {
    # Its callers are known by what they send: it records what a system's own key has signed (console/test_systems.py), and nothing of anybody else.
    "console": {"/console/v1/token"},
    # Each mutation is a transaction of its own, which ends with its record (registry/test_sync_push.py).
    "registry": {"/registry/v1/sync"},
}


@pytest.mark.parametrize("service", SERVICES)
async def test_no_door_that_changes_something_can_forget_its_record(nodes: Nodes, service: str) -> None:
    app = create_api(await nodes.open(importlib.import_module(f"services.{service}.app").SERVICE))
    # Pages are forms over these operations, which record; who signs in is kept by the console's own sessions and changes.
    routes = [route for route in routes_of(app) if set(route.methods or ()) - SAFE and route.include_in_schema]
    forgetful = {route.path for route in routes if open_transaction not in set(needed(route.dependant))}
    assert routes
    assert forgetful == REMEMBERED_OTHERWISE.get(service, set())


async def test_a_call_leaves_who_did_what_to_what_and_its_trace(context: ServiceContext) -> None:
    async with client_of(context) as client:
        answer = await client.post("/sample/v1/counts", json={"name": "a", "number": 1})
        await client.post("/sample/v1/counts", json={"name": "refused", "number": 1})
        await client.post("/sample/v1/counts", json={"name": "broken", "number": 1})
    (row,) = await records(context)
    assert (row["action"], row["actor"], row["role"], row["entities"]) == (
        "sample.count",
        "officer-1",
        "officer",
        [f"id:{answer.json()['id']}"],
    )
    assert row["trace"] == answer.headers["traceparent"]


async def test_many_at_once_make_chains_that_hold(context: ServiceContext) -> None:
    await count(context, 60)
    found = await verified(context)
    assert (found.records, found.findings) == (60, ())
    assert len({row["stream"] for row in await records(context)}) > 1


async def test_an_auditor_reads_it_and_nobody_else(context: ServiceContext) -> None:
    await count(context, 7)
    async with client_of(context, "auditor") as auditor, client_of(context) as officer:
        first = (await auditor.get("/sample/v1/audit", params={"limit": 4})).json()
        rest = (await auditor.get("/sample/v1/audit", params={"limit": 4, "after": first["next"]})).json()
        none = (await auditor.get("/sample/v1/audit", params={"action": "sample.other"})).json()
        assert (await officer.get("/sample/v1/audit")).status_code == 403
    assert len({each["hash"] for each in first["items"] + rest["items"]}) == 7
    assert (rest["next"], none["items"]) == (None, [])


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
async def test_the_database_only_adds_to_it(context: ServiceContext, statement: str) -> None:
    await count(context, 1)
    with pytest.raises(DBAPIError):
        async with context.database.transaction() as tx:
            await tx.execute(text(statement))
    assert len(await records(context)) == 1


# --- what is found -----------------------------------------------------------------------------------------------------


@pytest.fixture
async def trail(context: ServiceContext) -> AsyncIterator[asyncpg.Connection[Any]]:
    """Forty records, and a hand that may do anything to them."""
    await count(context, 40)
    connection = await connect_superuser(context.settings.database_url, "sample")
    await connection.execute("ALTER TABLE audit DISABLE TRIGGER USER")
    yield connection
    await connection.close()


VALUES: dict[str, str] = {
    "action": "'sample.nothing'",
    "actor": "'somebody'",
    "role": "'cadre'",
    "organisation": "'x'",
    "purpose": "'contact'",
    "reference": "'x'",
    "trace": "''",
    "at": "at - interval '1 second'",
    "entities": "'{}'",
    "persons": "ARRAY[gen_random_uuid()]",
    "fields": "ARRAY['name']",
    "details": "'{\"a\": 1}'",
    "hash": "sha256('x')",
    "previous": "sha256('x')",
}
WHERE = "WHERE stream = $1 AND sequence = $2"


async def change(hand: asyncpg.Connection[Any], row: asyncpg.Record, column: str) -> None:
    await hand.execute(f"UPDATE audit SET {column} = {VALUES[column]} {WHERE}", row["stream"], row["sequence"])


async def change_and_hash_anew(hand: asyncpg.Connection[Any], row: asyncpg.Record, column: str) -> None:
    """The record itself fits again; the one after it does not, and of the last one its end on record."""
    await change(hand, row, "actor")
    now = await hand.fetchrow(f"SELECT *, details::text AS details FROM audit {WHERE}", row["stream"], row["sequence"])
    link = next_link(now["previous"], now["sequence"], digest_of(now))
    await hand.execute(f"UPDATE audit SET hash = $3 {WHERE}", row["stream"], row["sequence"], link)


async def remove(hand: asyncpg.Connection[Any], row: asyncpg.Record, column: str) -> None:
    await hand.execute(f"DELETE FROM audit {WHERE}", row["stream"], row["sequence"])


async def put_in(hand: asyncpg.Connection[Any], row: asyncpg.Record, column: str) -> None:
    """A copy before it; what follows moves up."""
    await hand.execute(
        "UPDATE audit SET sequence = -sequence WHERE stream = $1 AND sequence >= $2", row["stream"], row["sequence"]
    )
    await hand.execute("UPDATE audit SET sequence = 1 - sequence WHERE stream = $1 AND sequence < 0", row["stream"])
    columns = ", ".join(name for name in VALUES)
    await hand.execute(
        f"INSERT INTO audit (stream, sequence, {columns}) SELECT stream, sequence - 1, {columns} FROM audit {WHERE}",
        row["stream"],
        row["sequence"] + 1,
    )


async def swap(hand: asyncpg.Connection[Any], row: asyncpg.Record, column: str) -> None:
    """With its neighbour; where it has none, with the chain beside it."""
    other = await hand.fetchrow(
        "SELECT stream, sequence FROM audit WHERE (stream, sequence) <> ($1, $2) ORDER BY abs(stream - $1), sequence LIMIT 1",
        row["stream"],
        row["sequence"],
    )
    there = (other["stream"], other["sequence"])
    await hand.execute(f"UPDATE audit SET stream = 99, sequence = 99 {WHERE}", *there)
    await hand.execute("UPDATE audit SET stream = $3, sequence = $4 " + WHERE, row["stream"], row["sequence"], *there)
    await hand.execute("UPDATE audit SET stream = $1, sequence = $2 WHERE stream = 99", row["stream"], row["sequence"])


WAYS: list[Callable[..., Any]] = [change, change_and_hash_anew, remove, put_in, swap]


def forgeries(rows: list[asyncpg.Record]) -> Iterator[tuple[Callable[..., Any], asyncpg.Record, str]]:
    """Every way to forge, at every record, and a change of every column."""
    for way, row in itertools.product(WAYS, rows):
        for column in VALUES if way is change else ("actor",):
            yield way, row, column


async def test_whatever_is_done_to_any_record_is_found_where_it_was_done(
    context: ServiceContext, trail: asyncpg.Connection[Any]
) -> None:
    tried = 0
    for way, row, column in forgeries(await records(context)):
        forgery = trail.transaction()
        await forgery.start()
        await way(trail, row, column)
        found = await verify_chains(trail, "sample")
        await forgery.rollback()
        tried += 1
        assert row["stream"] in {finding.stream for finding in found.findings}, (
            f"{way.__name__} {column} {row['stream']}/{row['sequence']}: {found.findings}"
        )
    assert tried == 40 * (len(WAYS) - 1 + len(VALUES))
    assert (await verified(context)).findings == ()


async def test_a_trail_cut_off_at_its_end_is_found_by_what_partners_remember(
    context: ServiceContext, trail: asyncpg.Connection[Any]
) -> None:
    """Even when the ends on record and the signatures are forged along with it."""
    async with context.database.transaction() as tx:
        assert await state_once(tx, "sample")
    signed = await trail.fetchval("SELECT signed FROM audit_seal")
    witnessed = SignedHeads.read(signed, context.node.signer.jwks)
    last = max(await records(context), key=lambda row: row["sequence"])
    await trail.execute(f"DELETE FROM audit {WHERE}", last["stream"], last["sequence"])
    await trail.execute(
        "UPDATE audit_head SET sequence = $2, hash = $3 WHERE stream = $1",
        last["stream"],
        last["sequence"] - 1,
        last["previous"],
    )
    await trail.execute("DELETE FROM audit_seal")
    alone, beside = await verified(context), await verified(context, witnessed)
    assert alone.findings == ()
    (finding,) = beside.findings
    assert (finding.stream, finding.sequence) == (last["stream"], last["sequence"])
    async with context.database.transaction() as tx:
        await state_once(tx, "sample")
    later = SignedHeads.read(await trail.fetchval("SELECT signed FROM audit_seal"), context.node.signer.jwks)
    assert later.contradicts(witnessed)
    assert not witnessed.contradicts(witnessed)


async def test_a_chain_rewritten_from_its_first_record_on_is_found_by_what_partners_remember(
    context: ServiceContext, trail: asyncpg.Connection[Any]
) -> None:
    async with context.database.transaction() as tx:
        await state_once(tx, "sample")
    witnessed = SignedHeads.read(await trail.fetchval("SELECT signed FROM audit_seal"), context.node.signer.jwks)
    stream = (await records(context))[0]["stream"]
    await trail.execute("UPDATE audit SET actor = 'nobody' WHERE stream = $1", stream)
    link = (await records(context))[0]["previous"]
    for row in await records(context):
        if row["stream"] == stream:
            fresh = next_link(link, row["sequence"], digest_of(row))
            await trail.execute(
                f"UPDATE audit SET previous = $3, hash = $4 {WHERE}", stream, row["sequence"], link, fresh
            )
            link = fresh
    await trail.execute("UPDATE audit_head SET hash = $2 WHERE stream = $1", stream, link)
    assert (await verified(context)).findings == ()
    assert {finding.stream for finding in (await verified(context, witnessed)).findings} == {stream}


async def test_ends_that_another_has_signed_are_none(context: ServiceContext, nodes: Nodes) -> None:
    await count(context, 1)
    async with context.database.transaction() as tx:
        await state_once(tx, "sample")
        signed = (await tx.execute(text("SELECT signed FROM audit_seal"))).scalar_one()
    stranger = await nodes.open(SERVICE, "n440300")
    with pytest.raises(ValueError, match="not signed"):
        SignedHeads.read(signed, stranger.node.signer.jwks)
