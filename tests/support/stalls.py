"""How long an event loop was held (事件循环停顿): a heartbeat in the loop, watched while requests run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

BEAT_SECONDS = 0.01


@dataclass
class Stalls:
    """The longest time between two beats beyond what was asked for, as processor time of this process: load of others is not ours."""

    longest: float = 0.0


@asynccontextmanager
async def watch_stalls() -> AsyncIterator[Stalls]:
    """Measures the loop it runs in. A beat that comes late counts only as far as this thread itself was at work."""
    found = Stalls()

    async def beat() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(BEAT_SECONDS)
            found.longest = max(found.longest, time.thread_time() - before)

    task = asyncio.create_task(beat())
    try:
        yield found
    finally:
        task.cancel()
