"""Work that should never end (守护): begun again after a fault, with a growing pause."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from libs.common.telemetry import log

RESTART_SECONDS = 1.0


async def supervise(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run work that should never end; when it fails, say so and begin again after a pause that grows to ten seconds."""
    pause = RESTART_SECONDS
    while True:
        try:
            await work()
            return
        except Exception as error:
            log.warning("begins_again", work=name, seconds=pause, error=f"{type(error).__name__}: {error}"[:300])
        await asyncio.sleep(pause)
        pause = min(pause * 2, 10.0)
