"""A mirror that ends, or gives up a flow and lives on, is started again; told to stop, nothing is left."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from deploy.local import mirror_supervisor
from deploy.local.processes import start, stop
from tests.support import eventually

KEEPER = Path(mirror_supervisor.__file__)
GIVES_UP = "import time; print('ERROR Uncaught exception in herder work thread, exiting', flush=True); time.sleep(60)"
ENDS = "print('begun', flush=True)"
# The first life is the given one; every later one only lives.
SCRIPT = """
import pathlib, sys, time
lives = pathlib.Path(sys.argv[1])
lives.write_text(lives.read_text() + "x")
if len(lives.read_text()) == 1:
    exec(sys.argv[2])
else:
    time.sleep(60)
"""


@pytest.mark.parametrize("first_life", [GIVES_UP, ENDS], ids=["gives up", "ends"])
async def test_a_mirror_that_does_not_work_any_more_is_started_again(tmp_path: Path, first_life: str) -> None:
    lives, log = tmp_path / "lives", tmp_path / "mirror.log"
    lives.write_text("")
    command = [sys.executable, str(KEEPER), str(log), sys.executable, "-c", SCRIPT, str(lives), first_life]
    kept = start("keeper", command, log=log, cwd=tmp_path)

    async def lives_again() -> bool:
        return lives.read_text() == "xx"

    await eventually(lives_again)
    children = psutil.Process(kept.pid).children()
    assert stop(kept)
    assert len(children) == 1
    assert not children[0].is_running()


def test_only_what_this_mirror_wrote_is_a_reason_to_start_it_again(tmp_path: Path) -> None:
    log = tmp_path / "mirror.log"
    log.write_bytes(mirror_supervisor.FATAL)
    kept = mirror_supervisor.MirrorSupervisor(log, [])
    begun = log.stat().st_size
    assert not kept._gave_up(begun)
    log.write_bytes(log.read_bytes() + b"a warning\n" + mirror_supervisor.FATAL)
    assert kept._gave_up(begun)
