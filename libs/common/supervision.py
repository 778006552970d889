"""Work that should never end (守护): begun again after a fault, with a growing pause, but not for ever after one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from libs.common.faults import is_transient
from libs.common.telemetry import Metrics, log

RESTART_SECONDS = 1.0
LONGEST_PAUSE = 10.0
# Who has worked for so long before a fault has not failed in a row.
WELL_SECONDS = 60.0


class WorkerFailed(RuntimeError):
    """A worker failed by its own fault as often in a row as it may: the process ends, so that whoever supervises it sees it."""


async def supervise(
    name: str, work: Callable[[], Awaitable[None]], metrics: Metrics | None = None, most: int = 0
) -> None:
    """Run work that should never end; when it fails, say so and begin again after a pause that grows to ten seconds.

    What is away is waited for, however long. Of faults of our own the trace is logged and the number counted, and after so
    many in a row (`most`, 0: never) it raises WorkerFailed.
    """
    clock, pause, faults = asyncio.get_running_loop().time, RESTART_SECONDS, 0
    while True:
        begun = clock()
        try:
            return await work()
        except Exception as error:
            if clock() - begun > WELL_SECONDS:
                pause, faults = RESTART_SECONDS, 0
            if is_transient(error):
                log.warning("begins_again", work=name, seconds=pause, error=f"{type(error).__name__}: {error}"[:300])
            else:
                faults += 1
                _tell(name, error, metrics, faults)
                if faults == most:
                    raise WorkerFailed(f"{name} failed {faults} times in a row: {type(error).__name__}") from error
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _tell(name: str, error: Exception, metrics: Metrics | None, faults: int) -> None:
    log.error("worker_failed", work=name, in_a_row=faults, exc_info=error)
    if metrics is not None:
        metrics.worker_faults.labels(metrics.service, name).inc()
