"""A demo that is told to end in the middle of its story stops everything, and says nothing but that."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

# A story whose tasks are always at work, so that the signal finds one of them; it has no nodes to stop.
DEMO = """
import asyncio
import sys
from types import SimpleNamespace
from deploy.cli import demo
from deploy.cli.__main__ import main
from deploy.demo import chapters

async def work():
    while True:
        sum(range(1_000_000))
        await asyncio.sleep(0)

async def play(story):
    print("begun", flush=True)
    await asyncio.gather(work(), work())

chapters.play = play
demo.nodes_of = lambda: []
demo.fleet = SimpleNamespace(prepare=print, up=print, down=print)
sys.argv[1:] = ["demo", "--check", "--json"]
main()
"""


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_middle_of_the_story_ends_it_in_order(tmp_path: Path, signum: signal.Signals) -> None:
    (tmp_path / "check").mkdir()
    environment = {**os.environ, "XIELI_HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", DEMO],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        while demo.stdout.readline().strip() != "begun":
            assert demo.poll() is None
        demo.send_signal(signum)
        answer, seen = demo.communicate(timeout=60)
    assert "Stopping, in order" in seen
    assert "never retrieved" not in seen
    assert "KeyboardInterrupt" not in seen
    checks = json.loads(answer[answer.index("{\n") :])["checks"]
    assert [(check["name"], check["ok"]) for check in checks[-2:]] == [
        ("the story: told to its end", False),
        ("six nodes: stopped in order, nothing left running", True),
    ]
