"""Turning a node's keys (密钥轮换), from its environment: `python -m deploy.turn field|seal|sign|status`, while the services run."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import typer

from deploy.local.errors import OperatorError
from deploy.local.single_process_node import open_contexts
from deploy.local.turning import add_field_key, field_key_since, retire_field_keys, turn_seal_key, turn_sign_key
from libs.common.key_rings import SealKeys
from libs.common.privacy import Vault
from libs.common.rotation import Turned, count_by_key, nobody_writes_older, reencrypt
from libs.common.service import ServiceContext

app = typer.Typer(help=__doc__, no_args_is_help=True)

LOOK_SECONDS, PATIENCE = 0.2, 600


class StillAtWork(OperatorError):
    """Somebody has held a transaction open since before the newest key was there."""


async def turn_field_keys(contexts: Sequence[ServiceContext], keys: Path, batch: int = 500) -> AsyncIterator[Turned]:
    """Add a key, write everything again under it, wait for whoever began before, once more, and destroy what is unused.

    Wherever it ends, it can begin again: while there is more than one key, it goes on instead of adding another.
    """
    newest = add_field_key(keys)
    yield Turned(f"key {newest}", 0, 0)
    for _ in range(2):
        for context in contexts:
            async for turned in reencrypt(context.database, context.service.metadata, context.node.vault, batch):
                yield turned
            await _wait_for_older(context, keys)
    for key in retire_field_keys(keys, await count_all(contexts)):
        yield Turned(f"key {key} destroyed", 0, 0)


async def count_all(contexts: Sequence[ServiceContext]) -> Counter[int]:
    """Stored fields of all services by key."""
    counted: Counter[int] = Counter()
    for context in contexts:
        async with context.database.reading() as tx:
            counted += await count_by_key(tx, context.service.metadata)
    return counted


async def _wait_for_older(context: ServiceContext, keys: Path) -> None:
    since = field_key_since(keys)
    for _ in range(int(PATIENCE / LOOK_SECONDS)):
        async with context.database.reading() as tx:
            if await nobody_writes_older(tx, since):
                return
        await asyncio.sleep(LOOK_SECONDS)
    raise StillAtWork(
        f"{context.service.name}: a transaction has been open since {since.isoformat()}; end it and turn again"
    )


@app.command()
def field() -> None:
    """A further field key, everything written again under it, the older ones destroyed. Ended anywhere, it goes on when called again."""

    async def turn(contexts: Sequence[ServiceContext]) -> None:
        async for turned in turn_field_keys(contexts, contexts[0].settings.keys):
            print(
                f"{turned.table}: {turned.done} written again, {turned.left} left" if turned.done else turned.table,
                file=sys.stderr,
            )

    _with_offices(turn)


@app.command()
def seal() -> None:
    """The sealing key of this month; those of months that are over are destroyed. Then give partners the new card (`deploy.join card`)."""

    async def turn(contexts: Sequence[ServiceContext]) -> None:
        node, keys = contexts[0].node, contexts[0].settings.keys
        kid, gone = turn_seal_key(node.id, keys, node.today())
        print(f"{kid} is what partners seal to; destroyed: {', '.join(gone) or 'none'}", file=sys.stderr)

    _with_offices(turn)


@app.command()
def sign() -> None:
    """A further signing key; the one before stays known. The services take it up by themselves; give partners the new card."""

    async def turn(contexts: Sequence[ServiceContext]) -> None:
        print(f"{turn_sign_key(contexts[0].node.id, contexts[0].settings.keys)} signs from now on", file=sys.stderr)

    _with_offices(turn)


@app.command()
def status() -> None:
    """How many stored fields there are under each field key, and which sealing keys there are."""

    async def count(contexts: Sequence[ServiceContext]) -> None:
        keys = contexts[0].settings.keys
        counted = await count_all(contexts)
        for key in sorted({*Vault.read(keys).field_keys.all(), *counted}):
            print(f"field key {key}: {counted[key]} fields")
        for kid in SealKeys(keys).all():
            print(f"seal key {kid}")

    _with_offices(count)


def _with_offices(work: Callable[[Sequence[ServiceContext]], Awaitable[None]]) -> None:
    async def run() -> None:
        contexts = open_contexts()
        try:
            await work(contexts)
        finally:
            for context in contexts:
                await context.close()

    asyncio.run(run())


if __name__ == "__main__":
    app()
