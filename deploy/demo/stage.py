"""The stage: the nodes of this machine as the story's places, and the one thing it may do to them besides talking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.demo.story import Check, NodePlace, Story
from deploy.local import postgres
from deploy.local.node import Node, kill_node, start_node

SAMPLES = Path(__file__).parent / "data"


class LocalLab:
    """Ends and starts nodes of this machine."""

    async def kill(self, node: str) -> None:
        await asyncio.to_thread(kill_node, node)

    async def start(self, node: str) -> None:
        await asyncio.to_thread(start_node, node)


def place_of(node: Node) -> NodePlace:
    """A running node as the story sees it."""
    return NodePlace(
        node=node.id, name=node.region.name, url=node.url, home=node.places.root, kafka=node.kafka,
        partners=tuple(node.region.partners), dump=postgres.dump_command(node.socket),
    )  # fmt: skip


def set_stage(
    nodes: Sequence[Node], tell: Callable[[str], None], report: Callable[[Check], None], data: Path = SAMPLES
) -> Story:
    """A story ready to be played over running nodes with one set of files."""
    return Story({node.id: place_of(node) for node in nodes}, data, LocalLab(), tell, report)
