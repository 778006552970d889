"""up, down and status: the nodes of this machine."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from deploy.cli.output import Progress, answer_json, answers, say
from deploy.local import fleet
from deploy.local.node import Node, nodes_of
from deploy.local.supervised import Restarts

NodeOption = Annotated[
    list[str] | None, typer.Option("--node", help="n433124 or 433124; may be given several times; default: all.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


def up(node: NodeOption = None, as_json: JsonOption = False) -> None:
    """Start the nodes: PostgreSQL, Kafka, mirror and the five services of each. What runs already is left alone."""
    with Progress().shown() as tell:
        fleet.prepare(tell)
        nodes = fleet.up(node or [], tell)
    _show(nodes, as_json)


def down(node: NodeOption = None, as_json: JsonOption = False) -> None:
    """Stop the nodes in order. Their data stays."""
    with Progress().shown() as tell:
        stopped = fleet.down(node or [], tell)
    if not stopped:
        say("Nothing was running.")
    if as_json:
        answer_json({"nodes": [one.id for one in stopped]})


def status(node: NodeOption = None, as_json: JsonOption = False) -> None:
    """What runs: each node's address, state and processes."""
    _show(nodes_of(node or []), as_json)


@dataclass(frozen=True)
class Process:
    """A part of a node that runs."""

    name: str
    pid: int


@dataclass(frozen=True)
class NodeStatus:
    """A node as `status --json` shows it; the addresses are null until it was started once."""

    node: str
    name: str
    url: str | None
    state: str
    processes: list[Process]
    supervised: bool
    restarts: dict[str, Restarts]
    kafka: str | None
    postgres: str | None


def describe(node: Node, state: str) -> NodeStatus:
    return NodeStatus(
        node=node.id,
        name=node.region.name,
        url=node.url if node.settled else None,
        state=state,
        processes=[Process(one.name, one.pid) for one in node.running()],
        supervised=node.supervised.wanted,
        restarts=node.supervised.restarts(),
        kafka=node.kafka if node.settled else None,
        postgres=node.database_url if node.settled else None,
    )


def _restarts(node: Node) -> list[str]:
    """What its supervisor had to do: `n433124 started again: Kafka 2×, last at 14:03:11`."""
    return [
        f"{node.id} started again: {part} {done.count}×, last at {datetime.fromisoformat(done.last).astimezone():%H:%M:%S}"
        for part, done in node.supervised.restarts().items()
    ]


def _show(nodes: list[Node], as_json: bool) -> None:
    described = [describe(node, state) for node, state in fleet.states(nodes).items()]
    if as_json:
        answer_json({"nodes": [asdict(one) for one in described]})
        return
    table = Table(box=box.SIMPLE)
    for column in ("node", "region", "state", "address"):
        table.add_column(column, no_wrap=True)
    table.add_column("processes")
    for node, one in zip(nodes, described, strict=True):
        processes = ", ".join(f"{part.name} {part.pid}" for part in one.processes)
        region = f"{node.region.name} {node.region.english}"
        table.add_row(node.id, region, one.state, one.url or "", processes)
    answers.print(table)
    for line in [line for node in nodes for line in _restarts(node)]:
        answers.print(line)
