"""How a dead part is brought back: pauses that grow and are forgotten, a marker that decides, a record that can be read."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from deploy.local import node_supervisor
from deploy.local.errors import OperatorError
from deploy.local.node import PARTS, nodes_of
from deploy.local.node_supervisor import FIRST_PAUSE, LONGEST_PAUSE, WELL, Keeper, again, pause_before
from deploy.local.processes import Running, bury, start, write_running
from deploy.local.supervised import Restarts, Supervised
from tests.support.eventually import eventually

NOW = datetime(2017, 1, 1, tzinfo=UTC)


@dataclass
class Patient:
    """Stands for a node: its parts die when told, and start when they can."""

    supervised: Supervised
    dead: set[str] = field(default_factory=set)
    incurable: set[str] = field(default_factory=set)
    opened: list[str] = field(default_factory=list)
    id: str = "n433124"
    settled: bool = True

    def has(self, part: str) -> bool:
        return part not in self.dead

    def open_part(self, part: str) -> None:
        self.opened.append(part)
        if part in self.incurable:
            raise OperatorError("the port is held by somebody else")
        self.dead.discard(part)


@pytest.fixture
def node(tmp_path: Path) -> Patient:
    patient = Patient(Supervised(tmp_path))
    patient.supervised.begin()
    return patient


def watch(node: Patient) -> tuple[Keeper, list[float]]:
    at = [0.0]
    return Keeper(node, clock=lambda: at[0]), at  # type: ignore[arg-type]


@pytest.mark.parametrize("part", PARTS)
def test_what_dies_is_started_again_after_the_first_pause_and_told(node: Patient, part: str) -> None:
    keeper, at = watch(node)
    node.dead = {part}
    keeper.look()
    assert node.opened == []
    at[0] = FIRST_PAUSE
    keeper.look()
    assert node.opened == [part]
    assert node.supervised.restarts()[part].count == 1


def test_what_cannot_start_is_tried_at_growing_pauses_and_says_why(node: Patient) -> None:
    keeper, at = watch(node)
    node.dead = node.incurable = {"Kafka"}
    waited = []
    for _ in range(8):
        begun, tries = at[0], len(node.opened)
        while len(node.opened) == tries:
            keeper.look()
            at[0] += 0.5
        waited.append(at[0] - 0.5 - begun)
    assert waited == sorted(waited)
    assert waited[0] < waited[-1] <= LONGEST_PAUSE
    assert "held by somebody" in node.supervised.restarts()["Kafka"].why


def test_a_fault_of_any_kind_at_a_start_is_told_with_its_trace_and_tried_again(
    node: Patient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keeper, at = watch(node)
    node.dead = {"Kafka"}
    with monkeypatch.context() as patch:
        patch.setattr(node, "open_part", {}.__getitem__)
        keeper.look()
        at[0] = FIRST_PAUSE
        keeper.look()
    assert "KeyError: 'Kafka'" in caplog.text
    assert "did not start again" in node.supervised.restarts()["Kafka"].why
    at[0] = 1000.0
    keeper.look()
    at[0] = 2000.0
    keeper.look()
    assert node.opened == ["Kafka"]


async def test_a_fault_while_it_looks_is_told_with_its_trace_and_it_goes_on_looking(
    node: Patient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(node_supervisor, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(node_supervisor, "LONGEST_PAUSE", 0.01)
    keeper, stop = Keeper(node), threading.Event()  # type: ignore[arg-type]
    node.supervised.record.write_text("no record")
    node.dead = {"Kafka"}
    with watching(keeper, stop):

        async def its_trace() -> bool:
            return "Traceback" in caplog.text and "JSONDecodeError" in caplog.text

        await eventually(its_trace)
        node.supervised.record.unlink()

        async def brought_back() -> bool:
            return node.opened == ["Kafka"]

        await eventually(brought_back)


@contextmanager
def watching(keeper: Keeper, stop: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=node_supervisor._keep_one, args=(keeper, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


async def test_one_that_is_ending_is_not_taken_for_one_that_will_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIELI_HOME", str(tmp_path))
    wanted = nodes_of(["n433124"])[0].supervised
    wanted.run.mkdir(parents=True)
    wanted.begin()
    ours = Running("Supervisor", os.getpid(), psutil.Process().create_time())
    write_running(node_supervisor._record(), ours)
    node_supervisor.ensure()
    assert node_supervisor.running() == ours
    assert not node_supervisor.is_over(nodes_of())
    wanted.end()
    assert node_supervisor.is_over(nodes_of())
    assert psutil.pid_exists(ours.pid)

    wanted.begin()
    node_supervisor.ensure()
    other = node_supervisor.running()
    assert other
    assert other != ours
    wanted.end()

    async def has_ended() -> bool:
        return not other.alive()

    await eventually(has_ended)
    assert node_supervisor.running() is None


def test_a_part_that_had_lived_long_begins_with_the_first_pause() -> None:
    known = None
    for _ in range(10):
        known = again(known, NOW, "ended")
    assert known is not None
    assert (known.count, known.pause) == (10, LONGEST_PAUSE)
    assert pause_before(known, NOW + timedelta(seconds=1)) == LONGEST_PAUSE
    assert pause_before(known, NOW + WELL + timedelta(seconds=LONGEST_PAUSE + 1)) == FIRST_PAUSE


def test_a_part_that_somebody_else_brought_back_has_its_pause_again_when_it_dies(node: Patient) -> None:
    keeper, at = watch(node)
    node.dead = {"Kafka"}
    keeper.look()
    node.dead = set()
    at[0] = 1000.0
    keeper.look()
    node.dead = {"Kafka"}
    keeper.look()
    assert node.opened == []
    at[0] += FIRST_PAUSE
    keeper.look()
    assert node.opened == ["Kafka"]


def test_what_was_put_down_stays_down_and_its_record_is_forgotten(node: Patient) -> None:
    keeper, at = watch(node)
    node.supervised.note({"Kafka": Restarts(1, NOW.isoformat(), "ended", 2.0)})
    node.dead = set(PARTS)
    keeper.look()
    node.supervised.end()
    at[0] = 1000.0
    keeper.look()
    assert node.opened == []
    assert node.supervised.restarts() == {}


async def test_orphans_of_a_killed_part_are_ended_before_it_starts_again(tmp_path: Path) -> None:
    pid = tmp_path / "child"
    child = f"import time, os; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    dead = start("parent", [sys.executable, "-c", parent], log=tmp_path / "log", cwd=tmp_path)

    async def born() -> int:
        return int(pid.read_text() or 0) if pid.exists() else 0

    orphan = await eventually(born)
    os.kill(dead.pid, 9)
    bury(dead)
    assert not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == psutil.STATUS_ZOMBIE


def test_the_supervisor_ends_when_no_node_is_to_be_kept_going(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.local.node_supervisor"]
    environment = {**os.environ, "XIELI_HOME": str(tmp_path)}
    done = subprocess.run(
        command, cwd=Path(node_supervisor.__file__).parents[2], env=environment, timeout=60, check=False
    )
    assert done.returncode == 0
