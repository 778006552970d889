"""Whether a node is to be kept going (守护标记), and what its supervisor has done for it: a few files in its `run` directory."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local.paths import read_if_there, write_private


@dataclass(frozen=True)
class Restarts:
    """How often a part was started again, when and why for the last time, and how long the next pause would be, in seconds."""

    count: int
    last: str
    why: str
    pause: float


@dataclass(frozen=True)
class Supervised:
    """One node's marker, lock and record."""

    run: Path

    @property
    def wanted(self) -> bool:
        return self._marker.is_file()

    def begin(self) -> None:
        """From now on what dies is started again."""
        self._marker.touch()

    def end(self) -> None:
        """From now on what stops stays down; a part that is just being started again is waited for."""
        self._marker.unlink(missing_ok=True)
        with self.alone():
            self.record.unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Whoever starts or stops parts of the node, one at a time."""
        self.run.mkdir(parents=True, exist_ok=True)
        with (self.run / "supervised.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def restarts(self) -> dict[str, Restarts]:
        """By part; empty when nothing has died since the node was put up."""
        return {part: Restarts(**said) for part, said in json.loads(read_if_there(self.record) or "{}").items()}

    def note(self, restarts: Mapping[str, Restarts]) -> None:
        told = {part: asdict(one) for part, one in restarts.items()}
        write_private(self.record, json.dumps(told, ensure_ascii=False).encode())

    @property
    def _marker(self) -> Path:
        return self.run / "wanted"

    @property
    def record(self) -> Path:
        return self.run / "restarts.json"
