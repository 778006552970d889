"""Processes: a pid alone is not a process of ours; a killed one takes its children along."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from deploy.local.ports import PortTaken, free_ports, is_free, lasting_ports, require_free
from deploy.local.processes import Running, kill, start, stop

_WITH_CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import signal; signal.pause()'])"
_DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"


def _started(tmp_path: Path, code: str) -> Running:
    return start("probe", [sys.executable, "-c", code], log=tmp_path / "probe.log", cwd=tmp_path)


def _until(what: object, within: float = 10.0) -> None:
    end = time.monotonic() + within
    while not what():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come about"


def test_a_pid_that_was_given_to_another_process_is_not_ours() -> None:
    me = psutil.Process()
    assert Running("me", me.pid, me.create_time()).alive()
    assert not Running("me", me.pid, me.create_time() - 3600).alive()


def test_killing_takes_the_children_along(tmp_path: Path) -> None:
    running = _started(tmp_path, _WITH_CHILD)
    _until(lambda: psutil.Process(running.pid).children())
    [child] = psutil.Process(running.pid).children()
    kill(running)
    assert not running.alive()
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_process_that_ends_when_asked_is_not_killed(tmp_path: Path) -> None:
    running = _started(tmp_path, "import signal; signal.pause()")
    assert stop(running, within=10)
    assert not running.alive()


def test_a_process_that_will_not_end_is_killed(tmp_path: Path) -> None:
    running = _started(tmp_path, _DEAF)
    _until(lambda: "deaf" in (tmp_path / "probe.log").read_text())
    assert not stop(running, within=0.3)
    assert not running.alive()


def test_a_stopped_process_can_be_stopped_again(tmp_path: Path) -> None:
    running = _started(tmp_path, "pass")
    _until(lambda: not running.alive())
    assert stop(running)
    assert not psutil.pid_exists(running.pid), "its parent has taken note of the end"


def test_a_port_that_is_held_is_named_with_its_holder() -> None:
    import socket

    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(PortTaken, match=rf"{port}.*pid {psutil.Process().pid}"):
            require_free(port, "the test")


def test_chosen_ports_are_different_and_free(tmp_path: Path) -> None:
    chosen = free_ports(3)
    assert len(set(chosen)) == 3
    lasting = lasting_ports(3, [], tmp_path)
    assert set(lasting_ports(3, lasting, tmp_path)).isdisjoint(lasting)


def test_two_homes_settled_at_the_same_moment_choose_other_ports() -> None:
    """Neither holds its ports yet when the other looks; the same home chooses the same again."""
    chosen = [lasting_ports(60, [], Path(home)) for home in ("/srv/xieli", "/srv/山里 的节点")]
    assert set(chosen[0]).isdisjoint(chosen[1])
