"""Processes of a node: started apart from this one, known by pid and birth, stopped gently or killed with all children."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from deploy.local.errors import OperatorError
from deploy.local.paths import read_if_there

# Held, or Python would complain that it forgets a process that still runs, which is what we want.
_children: list[subprocess.Popen[bytes]] = []


class WouldNotStart(OperatorError):
    """A process ended, or did not answer, while it was being started."""


@dataclass(frozen=True)
class Account:
    """The system account a process runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Running:
    """A process that we started: the pid alone could meanwhile be somebody else's."""

    name: str
    pid: int
    born: float

    def process(self) -> psutil.Process | None:
        """The live process, or None when it is gone or the pid was given to another."""
        found = _named(self)
        try:
            return found if found and found.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None

    def alive(self) -> bool:
        return self.process() is not None


def _named(running: Running) -> psutil.Process | None:
    """The process of this pid and birth, a dying one included."""
    try:
        found = psutil.Process(running.pid)
        return found if abs(found.create_time() - running.born) < 3.0 else None  # the clock may have been set
    except psutil.NoSuchProcess:
        return None


def read_running(record: Path) -> Running | None:
    """The process that a record names, alive or not; None without a record."""
    said = read_if_there(record)
    return Running(**json.loads(said)) if said else None


def write_running(record: Path, running: Running) -> None:
    record.write_text(json.dumps(asdict(running)))


def start(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
) -> Running:
    """Start a process in a session of its own, so that Ctrl-C reaches us and not it; output is appended to `log`.

    What it writes, and its log, are for the owner alone.
    """
    # Java and PostgreSQL name files by the locale: without one, a path in Chinese cannot be opened.
    env = {**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})}
    whose = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            env=env,
            start_new_session=True,
            umask=0o077,
            **whose,  # type: ignore[call-overload]
        )
    _children.append(child)
    return Running(name, child.pid, psutil.Process(child.pid).create_time())


def stop(running: Running, *, by: signal.Signals = signal.SIGTERM, within: float = 20.0) -> bool:
    """Ask the process to end; kill it when it does not within the time. True when it ended by itself."""
    ask_to_end(running, by)
    return wait_for_end(running, within)


def ask_to_end(running: Running, by: signal.Signals) -> None:
    process = running.process()
    if process:
        _send(process, by)


def wait_for_end(running: Running, within: float) -> bool:
    """Wait for a process that was asked to end, and kill it when it does not. True when it ended by itself."""
    process = running.process()
    try:
        if process:
            process.wait(within)
    except psutil.TimeoutExpired:
        kill(running)
        return False
    _let_go(running.pid)
    return True


def kill(*running: Running) -> None:
    """SIGKILL to all of them and their children, at once, and wait until they are gone: threads, sockets and all."""
    family = [member for one in running if (process := _named(one)) for member in _family(process)]
    for process in family:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(family, timeout=10)
    _let_go(*(one.pid for one in running))


def bury(running: Running) -> None:
    """End what a dead process has left behind in its session: a mirror whose watcher was killed would go on beside the next one."""
    orphans = [process for process in psutil.process_iter() if _session_of(process.pid) == running.pid]
    for process in orphans:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(orphans, timeout=10)
    _let_go(running.pid)


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None  # it was faster, or is none of ours


def _let_go(*pids: int) -> None:
    """Of those that we started ourselves and that are gone, nothing is kept."""
    for child in [child for child in _children if child.pid in pids and child.poll() is not None]:
        _children.remove(child)


def _send(process: psutil.Process, signum: signal.Signals) -> None:
    try:
        process.send_signal(signum)
    except psutil.NoSuchProcess:
        return  # it was faster


def memory(running: Sequence[Running]) -> int:
    """Bytes that the processes and their children hold, shared pages counted once for each family of processes."""
    return sum(_memory_of(member) for member in _members(running))


def processor_seconds(running: Sequence[Running]) -> float:
    """What the processes and their children have used of processors since they began, those children that have ended included."""
    return sum(_seconds_of(member) for member in _members(running))


def _members(running: Sequence[Running]) -> list[psutil.Process]:
    """All processes that are alive, with their children."""
    found = [process for one in running if (process := one.process())]
    return [member for process in found for member in _family(process)]


def _seconds_of(process: psutil.Process) -> float:
    try:
        return float(sum(process.cpu_times()[:4]))
    except psutil.NoSuchProcess:
        return 0.0


def _family(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return [process]


def _memory_of(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
    except (psutil.AccessDenied, psutil.NoSuchProcess, NotImplementedError):
        return 0
    # PSS divides what several processes share; where the system does not tell it, what is ours alone.
    return int(getattr(full, "pss", 0) or full.uss)


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log, for the message when something did not start."""
    if not log.is_file():
        return "(no log)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
