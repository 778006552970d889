"""Turning a node's keys (密钥轮换), from its environment: `python -m deploy.turn field|seal|sign|status`, while the services run."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import typer

from deploy.local.process import open_offices
from deploy.local.trouble import Trouble
from deploy.local.turning import add_field_key, field_key_since, retire_field_keys, turn_seal_key, turn_sign_key
from libs.common.key_rings import SealKeys
from libs.common.privacy import Vault
from libs.common.rotation import Turned, count_by_key, nobody_writes_older, reencrypt
from libs.common.runtime import Office

app = typer.Typer(help=__doc__, no_args_is_help=True)

LOOK_SECONDS, PATIENCE = 0.2, 600


class StillAtWork(Trouble):
    """Somebody has held a transaction open since before the newest key was there."""


async def turn_field_keys(offices: Sequence[Office], keys: Path, batch: int = 500) -> AsyncIterator[Turned]:
    """Add a key, write everything again under it, wait for whoever began before, once more, and destroy what is unused.

    Wherever it ends, it can begin again: while there is more than one key, it goes on instead of adding another.
    """
    newest = add_field_key(keys)
    yield Turned(f"key {newest}", 0, 0)
    for _ in range(2):
        for office in offices:
            async for turned in reencrypt(office.database, office.service.metadata, office.home.vault, batch):
                yield turned
            await _wait_for_older(office, keys)
    for key in retire_field_keys(keys, await count_all(offices)):
        yield Turned(f"key {key} destroyed", 0, 0)


async def count_all(offices: Sequence[Office]) -> Counter[int]:
    """Stored fields of all services by key."""
    counted: Counter[int] = Counter()
    for office in offices:
        async with office.database.reading() as tx:
            counted += await count_by_key(tx, office.service.metadata)
    return counted


async def _wait_for_older(office: Office, keys: Path) -> None:
    since = field_key_since(keys)
    for _ in range(int(PATIENCE / LOOK_SECONDS)):
        async with office.database.reading() as tx:
            if await nobody_writes_older(tx, since):
                return
        await asyncio.sleep(LOOK_SECONDS)
    raise StillAtWork(
        f"{office.service.name}: a transaction has been open since {since.isoformat()}; end it and turn again"
    )


@app.command()
def field() -> None:
    """A further field key, everything written again under it, the older ones destroyed. Ended anywhere, it goes on when called again."""

    async def turn(offices: Sequence[Office]) -> None:
        async for turned in turn_field_keys(offices, offices[0].settings.keys):
            print(
                f"{turned.table}: {turned.done} written again, {turned.left} left" if turned.done else turned.table,
                file=sys.stderr,
            )

    _with_offices(turn)


@app.command()
def seal() -> None:
    """The sealing key of this month; those of months that are over are destroyed. Then give partners the new card (`deploy.join card`)."""

    async def turn(offices: Sequence[Office]) -> None:
        home, keys = offices[0].home, offices[0].settings.keys
        kid, gone = turn_seal_key(home.node, keys, home.today())
        print(f"{kid} is what partners seal to; destroyed: {', '.join(gone) or 'none'}", file=sys.stderr)

    _with_offices(turn)


@app.command()
def sign() -> None:
    """A further signing key; the one before stays known. The services take it up by themselves; give partners the new card."""

    async def turn(offices: Sequence[Office]) -> None:
        print(f"{turn_sign_key(offices[0].home.node, offices[0].settings.keys)} signs from now on", file=sys.stderr)

    _with_offices(turn)


@app.command()
def status() -> None:
    """How many stored fields there are under each field key, and which sealing keys there are."""

    async def count(offices: Sequence[Office]) -> None:
        keys = offices[0].settings.keys
        counted = await count_all(offices)
        for key in sorted({*Vault.read(keys).field_keys.all(), *counted}):
            print(f"field key {key}: {counted[key]} fields")
        for kid in SealKeys(keys).all():
            print(f"seal key {kid}")

    _with_offices(count)


def _with_offices(work: Callable[[Sequence[Office]], Awaitable[None]]) -> None:
    async def run() -> None:
        offices = open_offices()
        try:
            await work(offices)
        finally:
            for office in offices:
                await office.close()

    asyncio.run(run())


if __name__ == "__main__":
    app()
