"""What processes take while something runs: their memory at its highest, and seconds of processor, with all that they have started."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

_EVERY_SECONDS = 0.1


@dataclass
class Watch:
    """`peak_mb` of the processes whose memory counts; `processor` of those and of the others, as far as they were seen alive."""

    seconds: float = 0.0
    peak_mb: float = 0.0
    _before: dict[int, float] = field(default_factory=dict)
    _spent: dict[int, float] = field(default_factory=dict)

    @property
    def processor(self) -> float:
        return sum(spent - self._before.get(pid, 0.0) for pid, spent in self._spent.items())

    def look(self, counted: Iterable[psutil.Process], others: Iterable[psutil.Process]) -> None:
        mine = [each for root in counted for each in _tree(root)]
        self.peak_mb = max(self.peak_mb, sum(map(_memory, mine)) / 2**20)
        for each in [*mine, *(each for root in others for each in _tree(root))]:
            self._spent[each.pid] = max(self._spent.get(each.pid, 0.0), _processor(each))


@contextmanager
def watched(counted: Iterable[psutil.Process], others: Iterable[psutil.Process] = ()) -> Iterator[Watch]:
    """Looked at ten times a second until the end."""
    watch, over, counted, others = Watch(), threading.Event(), list(counted), list(others)
    watch.look(counted, others)
    watch._before = dict(watch._spent)

    def look() -> None:
        while not over.wait(_EVERY_SECONDS):
            watch.look(counted, others)

    looking = threading.Thread(target=look)
    looking.start()
    begun = time.perf_counter()
    try:
        yield watch
    finally:
        watch.seconds = time.perf_counter() - begun
        watch.look(counted, others)
        over.set()
        looking.join()


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _memory(one: psutil.Process) -> int:
    """What is its own, and its share of what several have in common."""
    try:
        full = one.memory_full_info()
        return int(getattr(full, "pss", full.uss))
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


def _processor(one: psutil.Process) -> float:
    try:
        spent = one.cpu_times()
        return float(spent.user + spent.system)
    except psutil.NoSuchProcess:
        return 0.0
