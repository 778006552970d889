"""Keeps the nodes of this machine going (节点守护): a part that dies is started again, after a pause that grows; what was put down stays down.

`python -m deploy.local.node_supervisor`: one process for all nodes of a state directory. It ends when none is to be kept going.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.local.errors import OperatorError
from deploy.local.node import PARTS, Node, nodes_of
from deploy.local.paths import REPOSITORY, state_directory
from deploy.local.processes import Running, ask_to_end, read_running, start, wait_for_end, write_running
from deploy.local.supervised import Restarts

LOOK_SECONDS, FIRST_PAUSE, LONGEST_PAUSE = 1.0, 1.0, 60.0
# A part that has lived so long is well again: its next death is the first one.
WELL = timedelta(minutes=2)
NAME = "Supervisor"
_log = logging.getLogger(__name__)


class Keeper:
    """Looks after one node."""

    def __init__(self, node: Node, clock: Callable[[], float] = time.monotonic):
        self.node = node
        self.clock = clock
        self._dead_since: dict[str, float] = {}

    def look(self) -> None:
        """Start again what is dead and whose pause is over; whoever puts the node down or up meanwhile goes first."""
        for part in PARTS:
            if self.node.has(part):
                self._dead_since.pop(part, None)  # whoever brought it back: its next death has a pause of its own
            elif self._pause_is_over(part):
                with self.node.supervised.alone():
                    if self.node.supervised.wanted and not self.node.has(part):
                        self._restart(part)

    def _pause_is_over(self, part: str) -> bool:
        """The first look at a dead part begins its pause."""
        since = self._dead_since.setdefault(part, self.clock())
        return self.clock() - since >= pause_before(self.node.supervised.restarts().get(part), datetime.now(UTC))

    def _restart(self, part: str) -> None:
        self._dead_since.pop(part, None)
        known, now, why = self.node.supervised.restarts(), datetime.now(UTC), "ended"
        try:
            self.node.open_part(part)
        except (OperatorError, OSError) as error:
            why = f"ended, and did not start again: {error}"[:300]
        except Exception as error:
            why = f"ended, and did not start again: {error!r}"[:300]
            _log.exception("%s: %s could not be started", self.node.id, part)
        done = again(known.get(part), now, why)
        self.node.supervised.note({**known, part: done})
        print(f"{self.node.id}: {part} {why}; next pause {done.pause:.0f} s", file=sys.stderr, flush=True)


def pause_before(known: Restarts | None, now: datetime) -> float:
    """Seconds that a dead part waits: one that had lived long enough is as good as one that never died."""
    if known is None or now - datetime.fromisoformat(known.last) > WELL + timedelta(seconds=known.pause):
        return FIRST_PAUSE
    return known.pause


def again(known: Restarts | None, now: datetime, why: str) -> Restarts:
    """One more start, and twice the pause before the next."""
    pause = min(pause_before(known, now) * 2, LONGEST_PAUSE)
    return Restarts(1 + (known.count if known else 0), now.isoformat(), why, pause)


def keep(stop: threading.Event) -> None:
    """A thread for each node, so that one that is slow to start holds up no other; until told, or nobody is to be kept."""
    keepers = {node: Keeper(node) for node in nodes_of()}
    threads = [threading.Thread(target=_keep_one, args=(keeper, stop)) for keeper in keepers.values()]
    for thread in threads:
        thread.start()
    while not stop.wait(LOOK_SECONDS) and not is_over(keepers):
        pass
    stop.set()
    for thread in threads:
        thread.join()


def _keep_one(keeper: Keeper, stop: threading.Event) -> None:
    """A fault of its own is told with its trace, and it looks again after a pause that grows."""
    pause = LOOK_SECONDS
    while not stop.wait(pause):
        try:
            if keeper.node.settled and keeper.node.supervised.wanted:
                keeper.look()
            pause = LOOK_SECONDS
        except Exception:
            pause = min(pause * 2, LONGEST_PAUSE)
            _log.exception("%s: looked in vain; next look in %.0f s", keeper.node.id, pause)


def is_over(nodes: Iterable[Node]) -> bool:
    """Whether no node is to be kept going; if so this process is the supervisor no more, though it may take a while to end."""
    with _deciding():
        if any(node.supervised.wanted for node in nodes):
            return False
        found = read_running(_record())
        if found and found.pid == os.getpid():
            _record().unlink()
        return True


def running() -> Running | None:
    """The supervisor of this state directory, when it is alive."""
    found = read_running(_record())
    return found if found and found.alive() else None


def ensure() -> None:
    """Start it when it does not run. Whoever wants a node kept going marks it first: the one that runs sees it, or is it no more."""
    with _deciding():
        if running() is None:
            command = [sys.executable, "-m", "deploy.local.node_supervisor"]
            log = state_directory() / "supervisor.log"
            write_running(_record(), start(NAME, command, log=log, cwd=REPOSITORY))


def end_if_idle() -> None:
    """End it when no node is to be kept going."""
    with _deciding():
        found = running()
        if found is None or any(node.supervised.wanted for node in nodes_of()):
            return
        _record().unlink()
    ask_to_end(found, signal.SIGTERM)
    wait_for_end(found, 90)


@contextmanager
def _deciding() -> Iterator[None]:
    """Whoever begins or ends the supervisor, one at a time: its record names one that will stay while a node is wanted."""
    with (state_directory() / "supervisor.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _record() -> Path:
    return state_directory() / "supervisor.pid.json"


def main() -> None:
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    keep(stop)


if __name__ == "__main__":
    main()
