"""Keeps a mirror going (镜像守护): starts it again when it ends, and when it lives on without doing its work.

`python -m deploy.local.mirror_supervisor LOG COMMAND…`. On a busy machine MirrorMaker may give up a flow at its start ("in the allotted
period") and stay alive with a dead herder, which nobody would see until an event is missing. Only the standard library is
loaded: there is one for each node.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

FATAL = b"Uncaught exception in herder work thread, exiting"
LOOK_SECONDS, PAUSE_SECONDS, PARTING_SECONDS = 1.0, 2.0, 4.0


class MirrorSupervisor:
    """One child process, watched by its exit and by what it has written to its log since it was started."""

    def __init__(self, log: Path, command: list[str]):
        self.log = log
        self.command = command
        self.stop = threading.Event()

    def keep(self) -> None:
        """Until told to stop."""
        while not self.stop.is_set():
            written = self._size()
            child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
            self._watch(child, written)
            _end(child)
            self.stop.wait(PAUSE_SECONDS)

    def _watch(self, child: subprocess.Popen[bytes], written: int) -> None:
        """Returns when the child has ended, has given up, or must end."""
        while not self.stop.wait(LOOK_SECONDS) and child.poll() is None:
            if self._gave_up(written):
                print(
                    f"mirror supervisor: a flow was given up, pid {child.pid} is started again",
                    file=sys.stderr,
                    flush=True,
                )
                return

    def _gave_up(self, written: int) -> bool:
        with self.log.open("rb") as log:
            log.seek(written)
            return FATAL in log.read()

    def _size(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0


def _end(child: subprocess.Popen[bytes]) -> None:
    """Asked first; a mirror may hang on a partner that is gone, and repeats what it had not committed."""
    child.terminate()
    try:
        child.wait(PARTING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def main() -> None:
    supervisor = MirrorSupervisor(Path(sys.argv[1]), sys.argv[2:])
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: supervisor.stop.set())
    supervisor.keep()


if __name__ == "__main__":
    main()
