"""What a service does beside answering (后台工作): it relays, consumes, keeps house, signs the ends of its trail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from libs.common.audit.heads import state_heads
from libs.common.database import Transaction
from libs.common.housekeeping import keep_house
from libs.common.indicators import restate
from libs.common.kafka import Consumer, open_producer, topics_announced, topics_read
from libs.common.relay import Relay
from libs.common.revocations import watch
from libs.common.service import ServiceContext
from libs.common.supervision import supervise


async def work(context: ServiceContext) -> None:
    """All of it until cancelled; each begins again when its database or broker was away."""
    async with _at_work(context) as own, asyncio.TaskGroup() as group:
        for name, part in _parts_of(own).items():
            group.create_task(watch_over(own, name, partial(part, own)))


async def watch_over(context: ServiceContext, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Supervised under the service's name, with its metrics and as many faults as its settings allow."""
    await supervise(f"{context.service.name}.{name}", work, context.metrics, context.settings.worker_faults)


@asynccontextmanager
async def _at_work(context: ServiceContext) -> AsyncIterator[ServiceContext]:
    own = context.for_work()
    try:
        yield own
    finally:
        await asyncio.shield(own.database.close())


def _parts_of(context: ServiceContext) -> dict[str, Callable[[ServiceContext], Awaitable[None]]]:
    service = context.service
    parts: dict[str, Callable[[ServiceContext], Awaitable[None]]] = {"housekeeping": keep_house, "audit": state_heads}
    if service.announces:
        parts["relay"] = _relay
    if service.subscriptions:
        parts["consumer"] = _consume
    if service.indicators:
        parts["figures"] = state_figures
    return parts | {getattr(part, "__name__", "work"): part for part in service.background}


async def refresh(context: ServiceContext) -> None:
    """Keep this process's cache in step, until cancelled."""
    if context.service.refresh:
        async with _at_work(context) as own:
            await watch_over(own, "cache", partial(context.service.refresh, own))


async def heed_revocations(context: ServiceContext) -> None:
    """Know by heart which tokens are good no longer, until cancelled."""
    await watch_over(context, "revocations", partial(watch, context.database))


async def _relay(context: ServiceContext) -> None:
    topics = topics_announced(context.node, context.service.announces)
    async with open_producer(context.settings.wire(), topics) as producer:
        await Relay(context.database, context.service.name, producer, context.metrics).run()


async def _consume(context: ServiceContext) -> None:
    topics = topics_read(context.node, context.service.subscriptions)
    consumer = Consumer(context.settings.wire(), context.service.name, context.node, topics, context.inbox)
    await consumer.run()


async def state_figures(context: ServiceContext) -> None:
    """Keep the service's figures stated."""
    assert context.service.indicators is not None
    await keep_stated(partial(restate, indicators=context.service.indicators), context)


async def in_portions(context: ServiceContext, portion: Callable[[Transaction], Awaitable[int]]) -> int:
    """Each portion in a transaction of its own until one finds nothing to do; answers how much was done. Killed in between, it goes
    on where it was."""
    done = 0
    while True:
        async with context.database.transaction() as tx:
            found = await portion(tx)
        if not found:
            return done
        done += found


async def keep_stated(state: Callable[[Transaction], Awaitable[object]], context: ServiceContext) -> None:
    """Background: one statement for many changes, so that an import of hundreds of rows is not hundreds of statements."""
    while True:
        async with context.database.transaction() as tx:
            await state(tx)
        await asyncio.sleep(context.settings.restate_seconds)
