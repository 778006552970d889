"""How a long command ends when it is told to (Ctrl-C, kill, a closed terminal): in order, wherever it stands."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_like_ctrl_c() -> None:
    """Every signal is a KeyboardInterrupt from now on; SIGINT too, because a shell's background job is born deaf to it."""
    for signum in SIGNALS:
        signal.signal(signum, _interrupt)


def end_in_order() -> None:
    """As `end_like_ctrl_c`, once: whatever is told after that must not disturb the ending."""
    for signum in SIGNALS:
        signal.signal(signum, _interrupt_once)


def run_until_told(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine; a signal cancels it with all its tasks and is then the KeyboardInterrupt that it is elsewhere.

    An exception raised by the signal itself would be that of the task at work, and asyncio would complain at exit that nobody asked for it.
    """
    try:
        asyncio.run(_cancelled_by_signals(work))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _cancelled_by_signals(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    with _handled_by_loop(task):
        await task


@contextmanager
def _handled_by_loop(task: asyncio.Task[None]) -> Iterator[None]:
    loop, before = asyncio.get_running_loop(), {signum: signal.getsignal(signum) for signum in SIGNALS}
    for signum in SIGNALS:
        loop.add_signal_handler(signum, task.cancel)
    try:
        yield
    finally:
        for signum, handler in before.items():
            loop.remove_signal_handler(signum)
            signal.signal(signum, handler)


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


def _interrupt_once(signum: int, frame: object) -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt
