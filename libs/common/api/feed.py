"""The journal over HTTP for subscribers without Kafka: NDJSON of CloudEvents after an opaque cursor, with a long poll."""

from __future__ import annotations

import asyncio
import json
from contextlib import nullcontext
from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, Query, Request, Response

from libs.common.access.grants import grant
from libs.common.access.reach import Reach
from libs.common.api import ContextOf, Cursor, after_number, allow, encode_cursor
from libs.common.api.answers import Responses
from libs.common.api.recording import remember
from libs.common.events.envelope import source_of
from libs.common.exports import HEADER, mark_export
from libs.common.identity import Caller
from libs.common.kafka import topics_announced
from libs.common.listener import told_within
from libs.common.problems import Forbidden, Gone, NotFound, one_of
from libs.common.relay import attributes_of_row
from libs.common.service import ServiceContext
from libs.common.values import Asked, Count, Seconds, Token

# How often a poll looks by itself; else it is woken.
LOOK_SECONDS = 5.0
_READ = """
SELECT position, id, topic, partition, key, type, time, traceparent, data::text AS data, sequence, signature, keyid FROM journal
WHERE position > $1 AND topic = $2 ORDER BY position LIMIT $3
"""
_FLOOR = "SELECT position FROM journal_floor WHERE topic = $1"


class UnknownTopic(NotFound):
    title = "没有这个主题 No such topic"


# `GET /<service>/v1/events`; topics to one node have a line of their own in the table, and those of the home are not served.
router = APIRouter(prefix="/v1", tags=["events"])
_LINES: Responses = {
    200: {
        "headers": {
            "X-Next-After": {"description": "Cursor to go on with", "schema": {"type": "string"}},
            HEADER: {
                "description": "导出编号 of what speaks of single people (topics to one node)",
                "schema": {"type": "string", "format": "uuid"},
            },
        },
        "content": {
            "application/x-ndjson": {
                "schema": {"type": "string"},
                "example": '{"specversion":"1.0","type":"jobs.vacancy.announced.v1"}',
            }
        },
    }
}


@router.get(
    "/events",
    summary="读事件 Read the journal of events",
    description="NDJSON, one CloudEvent a line, in order. `X-Next-After` is the cursor to go on with; 410 when it is too old.",
    response_class=Response,
    responses=_LINES,
)
async def read_events(
    request: Request,
    context: ContextOf,
    topic: Annotated[Token, Query(description="Local topic name", examples=["public.jobs.vacancy"])],
    caller: Annotated[Caller, allow("node.event.read")],
    after: Annotated[Cursor | None, Query(description="Cursor of the last answer")] = None,
    wait: Annotated[Seconds, Query(ge=0, le=30, description="Seconds to wait for something new")] = 0,
    limit: Annotated[Asked[Count], Query(ge=1, le=1000)] = 500,
) -> Response:
    caller = grant_topic(context, caller, topic)
    check_topic(context, topic)
    check_stays(topic)
    position = None if after is None else after_number(after, topic)
    rows = await wait_for_events(context, topic, position, wait, limit, caller.reach)
    marked = (
        await mark_addressed(context, request, caller, topic, after, len(rows))
        if rows and not topic.startswith("public.")
        else {}
    )
    source = source_of(context.node.id, context.service.name)
    lines = "".join(json.dumps(as_cloudevent(row, source), ensure_ascii=False) + "\n" for row in rows)
    after_next = encode_cursor(topic, rows[-1]["position"]) if rows else after or encode_cursor(topic, 0)
    return Response(lines, media_type="application/x-ndjson", headers={"X-Next-After": after_next, **marked})


def grant_topic(context: ServiceContext, caller: Caller, topic: str) -> Caller:
    """The caller with the reach for this topic: those of single people, and those that count people, ask for a grant of their own."""
    if not topic.startswith("public."):
        return grant(caller, "node.event.read_addressed", context.node.code)
    counting = [each for each in context.service.announces if each.COUNTS_PEOPLE]
    if topic in topics_announced(context.node, counting):
        return grant(caller, "node.event.read_counts", context.node.code)
    return caller


async def mark_addressed(
    context: ServiceContext, request: Request, caller: Caller, topic: str, after: str | None, rows: int
) -> dict[str, str]:
    """What speaks of single people, by id, leaves with a mark in its head and in the trail: a line of its own would be no event."""
    async with context.database.transaction(lambda: caller.reach) as tx:
        mark = mark_export(tx, caller, "events", rows, topic=topic, after=after)
        remember(request, tx)
    return {HEADER: str(mark.export)}


def check_topic(context: ServiceContext, topic: str) -> None:
    """Raises UnknownTopic where the service writes none of that name: an empty answer would look like no news."""
    written = topics_announced(context.node, context.service.announces)
    if topic not in written:
        raise UnknownTopic(one_of(sorted(written)))


def check_stays(topic: str) -> None:
    """403 for a topic with facts of people: the node's own services read it off the bus, and whoever runs the node sees no person."""
    if topic.startswith("home."):
        raise Forbidden("本节点内部的主题不经接口提供 Topics of the home never leave the bus of the node.")


async def wait_for_events(
    context: ServiceContext, topic: str, after: int | None, wait: float, limit: int, reach: Reach
) -> list[asyncpg.Record]:
    """Rows of a topic after a position, at once or when something comes in time; no connection is held meanwhile."""
    clock = asyncio.get_running_loop().time
    end = clock() + wait
    with context.journal_listener.hearing(topic) if wait else nullcontext(asyncio.Event()) as told:
        while True:
            told.clear()
            rows = await read_journal(context, topic, after, limit, reach)
            rest = end - clock()
            if rows or rest <= 0:
                return rows
            await told_within(told, min(LOOK_SECONDS, rest))


async def read_journal(
    context: ServiceContext, topic: str, after: int | None, limit: int, reach: Reach
) -> list[asyncpg.Record]:
    """Rows of a topic after a position, or from the earliest kept on; Gone when some after it are no longer kept."""
    async with context.database.reading(lambda: reach) as tx:
        connection = await tx.raw()
        rows = await connection.fetch(_READ, after or 0, topic, limit)
        # Looked at afterwards: what goes between the two makes a refusal, not a hole.
        floor = await connection.fetchval(_FLOOR, topic) if after is not None else None
    if after is not None and floor is not None and after < floor:
        earliest = encode_cursor(topic, floor)
        raise Gone(
            f"游标早于保留期，请从 `after={earliest}` 读起 The cursor is older than what is kept; the earliest kept follows `after={earliest}`.",
            headers={"X-Next-After": earliest},
        )
    return list(rows)


def as_cloudevent(row: asyncpg.Record, source: str) -> dict[str, Any]:
    """A journal row as a structured CloudEvent 1.0; all but `signature` itself is under the signature."""
    return {
        **attributes_of_row(row, source),
        "keyid": row["keyid"],
        "data": json.loads(row["data"]),
        "signature": row["signature"],
    }
