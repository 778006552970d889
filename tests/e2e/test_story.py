"""The whole chain over six real nodes, played once as a new user would play it; every check of the story is a check here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).parents[2]
NODES = ["n433124", "n433126", "n440300", "n430100", "n370100", "n430000"]
WITHIN_SECONDS = 1200

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Told:
    """One telling: exit code, what stood on stdout, what people saw, and where its nodes lived."""

    code: int
    stdout: str
    seen: str
    home: Path

    @property
    def answer(self) -> dict[str, Any]:
        return dict(json.loads(self.stdout))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    home = tmp_path_factory.mktemp("山里 的节点")
    command = [sys.executable, "-P", "-m", "deploy.cli", "demo", "--check", "--json"]
    environment = {**os.environ, "XIELI_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=WITHIN_SECONDS, check=False
    )
    return Told(done.returncode, done.stdout, done.stderr, home)


def test_every_check_of_the_story_holds(told: Told) -> None:
    failed = [check for check in told.answer["checks"] if not check["ok"]]
    assert failed == [], told.seen[-4000:]
    assert (told.code, told.answer["ok"]) == (0, True)


def test_the_answer_is_one_object_with_what_was_promised(told: Told) -> None:
    answer = told.answer
    assert answer["nodes"] == NODES
    assert len(answer["checks"]) >= 20
    assert len({check["name"] for check in answer["checks"]}) == len(answer["checks"])
    assert set(answer["seconds"]) == {"install", "start", "story", "stop"}
    assert answer["memory_mb"] > 0


def test_nothing_is_left_running(told: Told) -> None:
    left = [
        process.info
        for process in psutil.process_iter(["pid", "cmdline", "cwd"])
        if str(told.home) in str(process.info)
    ]
    assert left == []
