"""How a dead part is brought back: pauses that grow and are forgotten, a marker that decides, a record that can be read."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from deploy.local import node_supervisor
from deploy.local.errors import OperatorError
from deploy.local.node import PARTS
from deploy.local.node_supervisor import FIRST_PAUSE, LONGEST_PAUSE, WELL, Keeper, again, pause_before
from deploy.local.processes import bury, start
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
