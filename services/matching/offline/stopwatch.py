"""How long each part of the work takes, what is told meanwhile, and how much memory it took."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PATIENCE = 2.0
Tell = Callable[[str], None]


@dataclass
class Stopwatch:
    """Seconds of each part; `tell` hears how far it is, once a part has lasted two seconds, `note` what the user should know."""

    tell: Tell
    note: Tell
    seconds: dict[str, float] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        self.begun = time.monotonic()
        try:
            yield
        finally:
            self.seconds[part] = round(time.monotonic() - self.begun, 3)

    def patiently(self, text: str) -> None:
        if time.monotonic() - self.begun > PATIENCE:
            self.tell(text)


def peak_mb() -> int:
    """The most memory that this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (2**20 if sys.platform == "darwin" else 2**10)
