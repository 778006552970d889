"""What matching does by itself: answers messages of open passes, states its demand, keeps recommendations near the lists."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from libs.common.database import Transaction
from libs.common.service import ServiceContext
from libs.common.workers import in_portions, keep_stated
from services.matching import kernel
from services.matching.operations import lists
from services.matching.operations.introductions import deadlines
from services.matching.operations.recommendations import MOST_SECONDS, RecommendationCache
from services.matching.operations.runs import closing, entry, message_processing, participant
from services.matching.operations.runs.moves import Move
from services.matching.settings import MatchingSettings
from services.matching.store import runs as store

# A turn gathers messages at most so long before it begins.
GATHER_LONGEST = 1.0


async def keep_demand_stated(context: ServiceContext) -> None:
    await keep_stated(lists.restate_demand, context)


async def keep_runs_moving(context: ServiceContext) -> None:
    """Background: answers the messages of open passes, all that have come at once, so that many cards are one batch; then
    looks again at once, and rests when nothing has come meanwhile."""
    assert isinstance(context.settings, MatchingSettings)
    hint, clock = asyncio.Event(), asyncio.get_running_loop().time
    connection = await context.database.connect_raw()
    try:
        await connection.add_listener(context.database.channel(store.HINT), lambda *_: hint.set())
        while not connection.is_closed():
            hint.clear()
            begun = clock()
            moved = await move_runs(context)
            took = clock() - begun
            if not moved:
                with suppress(TimeoutError):
                    await asyncio.wait_for(hint.wait(), context.settings.look_seconds)
            # The slower a turn is here, the more is to be gathered for the next one.
            await asyncio.sleep(max(context.settings.gather_seconds, min(GATHER_LONGEST, 2 * took)))
        raise ConnectionError("the connection that hears hints was closed")
    finally:
        await connection.close()


async def move_runs(context: ServiceContext) -> int:
    """Enters the runs that wait for this county, commits, does what closed and settled passes ask of this node, then takes a turn
    in those whose pass is open; answers how much of it was done.

    People are drawn up, machine code is made ready and every move is computed with no transaction open."""
    done = await _enter_runs(context)
    async with context.database.reading() as tx:
        due = await closing.list_due(tx)
    for each in due:
        done += await _make(context, each.find_move)
    async with context.database.reading() as tx:
        waiting = await store.list_waiting_runs(tx)
    moved = [run for run in waiting if await _take_turn(context, run)]
    async with context.database.transaction() as tx:
        await message_processing.state_due(tx, moved)
    return done + len(moved)


async def _enter_runs(context: ServiceContext) -> int:
    entered = 0
    async with context.database.reading() as tx:
        entries = await entry.list_entries(tx)
        weights = None if kernel.sides_are_warm() else await message_processing.find_weights_to_play(tx)
    if weights:
        await asyncio.to_thread(kernel.warm_up_sides, weights)
    for each in entries:
        drawn = await asyncio.to_thread(entry.draw_up, each)
        async with context.database.transaction() as tx:
            entered += await entry.enter_run(tx, drawn)
    async with context.database.reading() as tx:
        ready = await store.list_runs_to_commit(tx)
    for run in ready:
        entered += await _make(context, partial(participant.find_commitment, run=run))
    return entered


async def _take_turn(context: ServiceContext, run: UUID) -> bool:
    """Every step that can be taken, each at most once; whether there was any."""
    steps = [partial(message_processing.find_step, find=find, run=run) for find in message_processing.STEPS]
    return any([await _make(context, step) for step in steps])


async def _make(context: ServiceContext, find: Callable[[Transaction], Awaitable[Move[Any] | None]]) -> bool:
    """One move: found without a lock, computed with nothing held, written if it still fits."""
    async with context.database.reading() as tx:
        move = await find(tx)
    if move is None:
        return False
    made = await asyncio.to_thread(move.compute)
    async with context.database.transaction() as tx:
        return await move.write(tx, made)


async def keep_deadlines(context: ServiceContext) -> None:
    """Background: the one clock of introductions. Each portion is a transaction, so whoever is killed in between acts no second time,
    and two workers never on the same one."""
    assert isinstance(context.settings, MatchingSettings)
    while True:
        await act_on_deadlines(context)
        await asyncio.sleep(context.settings.deadline_seconds)


async def act_on_deadlines(context: ServiceContext) -> int:
    """Tells owners what ends before long, and ends what nobody has done; answers how many ended."""
    async with context.database.transaction() as tx:
        await deadlines.warn_owners(tx)
    return await in_portions(context, deadlines.end_overdue)


async def keep_recommendations(context: ServiceContext) -> None:
    """Beside the door: what recommendations are answered from follows the lists while somebody asks, however many changes come
    at once."""
    assert isinstance(context.settings, MatchingSettings)
    memory: RecommendationCache = context.cache
    clock = asyncio.get_running_loop().time
    while True:
        await memory.asked.wait()
        memory.asked.clear()
        begun = clock()
        await memory.follow(context.database.reading)
        # A large county's lists that change all the time are not to take a whole processor.
        await asyncio.sleep(max(context.settings.remember_seconds, min(MOST_SECONDS, 4 * (clock() - begun))))
