"""Wait for something that other processes bring about, with a limit and without guessing how long it takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(ask: Callable[[], Awaitable[T]], *, within: float = 20.0, every: float = 0.05) -> T:
    """Ask until the answer is true or asserts no more; the last failure speaks when time is up."""
    end = time.monotonic() + within
    while True:
        try:
            answer = await ask()
            if answer or time.monotonic() > end:
                assert answer, f"still {answer!r} after {within} s"
                return answer
        except AssertionError:
            if time.monotonic() > end:
                raise
        await asyncio.sleep(every)
