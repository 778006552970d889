"""What an operator does with what was kept for him: try it again or discard it; who, when and why stays with the row."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

from libs.common.database import Transaction
from libs.common.events.records import Unreadable
from libs.common.faults import is_transient
from libs.common.inbox import parking
from libs.common.inbox.dead_letters import record_of
from libs.common.inbox.receiving import Inbox
from libs.common.problems import Conflict, NotFound
from libs.common.telemetry import log

PARKED, DEAD = ("parked", "place"), ("dead_letter", "id")

_END = """
UPDATE {table} SET ended = $2, ended_at = $3, ended_by = $4, ended_because = $5 WHERE {number} = $1 AND ended_at IS NULL RETURNING true
"""
_LETTER = (
    'SELECT topic, partition, "offset", key, value, headers, cut FROM dead_letter WHERE id = $1 AND ended_at IS NULL'
)


@dataclass(frozen=True)
class End:
    """Who ends it, and why."""

    by: str
    because: str = ""


class NothingOpen(NotFound):
    title = "没有这条待处理的记录 No such open record"


class StillRefused(Conflict):
    title = "仍不能处理 Still refused"


async def discard(tx: Transaction, table: tuple[str, str], number: int, end: End) -> None:
    """End one without any effect; raises NothingOpen."""
    await _end(tx, table, number, "discarded", end)


async def replay_parked(inbox: Inbox, key: str | None, end: End) -> int:
    """Try parked events again, in order (of one key, or of all); answers how many were handled here.

    Each row is locked for its turn, so of two replays at once one handles it and the other finds it done.
    """
    handled, place, failed = 0, 0, set[tuple[str, str, str]]()
    while True:
        async with inbox.database.reading() as tx:
            row = await parking.next_parked(tx, place, key)
        if row is None:
            return handled
        place, where = row["place"], (row["source"], row["topic"], row["key"])
        if where in failed:
            continue
        try:
            arrival = parking.arrival_of_row(row)
            answer = await inbox.ask(arrival)
            async with inbox.database.transaction() as tx:
                if await parking.lock(tx, place):
                    await inbox.apply(tx, arrival, answer)
                    await _end(tx, PARKED, place, "replayed", end)
                    handled += 1
        except Exception as error:
            if is_transient(error):
                raise
            log.error("replay_failed", type=row["type"], key=row["key"], exc_info=error)
            failed.add(where)


async def replay_letter(inbox: Inbox, number: int, end: End) -> None:
    """Read a dead letter again and handle it, all in one transaction; raises NothingOpen or StillRefused."""
    row = await _find_letter(inbox, number)
    async with inbox.database.transaction() as tx:
        try:
            arrival = inbox.read(record_of(row))
            answer = await inbox.ask(arrival)  # the transaction begins with its first statement
            await inbox.handle(tx, arrival, answer)
        except Exception as error:
            if is_transient(error):
                raise
            reason = f"{error.reason}: {error}" if isinstance(error, Unreadable) else type(error).__name__
            raise StillRefused(reason) from error
        await _end(tx, DEAD, number, "replayed", end)


async def _find_letter(inbox: Inbox, number: int) -> asyncpg.Record:
    """Of two who replay it at once, the second finds the event handled and the letter ended."""
    async with inbox.database.reading() as tx:
        row = await (await tx.raw()).fetchrow(_LETTER, number)
    if row is None:
        raise NothingOpen(str(number))
    if row["cut"]:
        raise StillRefused(
            "只存了开头，请从消息队列读取原文 Only its head is kept: the whole record stands on the broker."
        )
    return row


async def _end(tx: Transaction, table: tuple[str, str], number: int, how: str, end: End) -> None:
    """The names of tables are constants of this module."""
    query = _END.format(table=table[0], number=table[1])
    if not await (await tx.raw()).fetchval(query, number, how, tx.node.clock.now(), end.by, end.because):
        raise NothingOpen(str(number))
