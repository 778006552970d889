"""A real node whose parts are killed one after another: each comes back by itself, is told of, and stays down when put down."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from deploy.cli.nodes import describe
from deploy.local import fleet, node_supervisor
from deploy.local.node import PARTS, Node, nodes_of
from deploy.local.processes import kill
from tests.support.eventually import eventually

pytestmark = pytest.mark.e2e
NODE = "n433124"


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    monkeypatch.setenv("XIELI_HOME", str(tmp_path))
    fleet.prepare(print)
    fleet.up([NODE], print)
    yield nodes_of([NODE])[0]
    fleet.down((), print)


async def runs(node: Node) -> bool:
    return await asyncio.to_thread(node.state) == "running"


async def is_gone() -> bool:
    """A killed process may still stand in the table for a moment."""
    return not await asyncio.to_thread(node_supervisor.running)


async def test_every_part_that_is_killed_comes_back_and_down_stays_down(node: Node) -> None:
    for part in PARTS:
        [alive] = [one for one in node.running() if one.name == part]
        kill(alive)
        await eventually(partial(runs, node), within=180)
    restarts = describe(node, node.state()).restarts
    assert set(restarts) == set(PARTS)

    supervisor = node_supervisor.running()
    assert supervisor
    os.kill(supervisor.pid, 9)
    await eventually(is_gone)
    await asyncio.to_thread(fleet.up, [NODE], print)
    assert node_supervisor.running()

    await asyncio.to_thread(fleet.down, (), print)
    assert node.state() == "stopped"
    assert not node_supervisor.running()
    assert not node.supervised.wanted
