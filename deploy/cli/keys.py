"""keys: a node's field, sealing and signing keys, counted and turned while the node runs."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer

from deploy.local.errors import OperatorError
from deploy.local.node import Node
from deploy.local.paths import REPOSITORY

app = typer.Typer(help="密钥 A node's keys: status, rotate, seal, sign.", no_args_is_help=True)
NodeOption = Annotated[str, typer.Option("--node", help="n433124 or 433124.")]


class NotUp(OperatorError):
    """The node's database must answer."""


@app.command()
def status(node: NodeOption) -> None:
    """How many stored fields there are under each field key, and which sealing keys there are."""
    _turn(node, "status")


@app.command()
def rotate(node: NodeOption) -> None:
    """Turn the field key: everything is written again under a further key, then the older one is destroyed. Can be ended and goes on."""
    _turn(node, "field")


@app.command()
def seal(node: NodeOption) -> None:
    """Turn the sealing key: one for each month; those older than three months are destroyed."""
    _turn(node, "seal")


@app.command()
def sign(node: NodeOption) -> None:
    """Turn the signing key: the one before stays known."""
    _turn(node, "sign")


def _turn(name: str, what: str) -> None:
    """In a process with the node's environment, as in a container of its own."""
    node = Node.of(name)
    if not node.has("PostgreSQL"):
        raise NotUp(f"{node.id} is not up: start it with ./xieli up --node {node.id}")
    command = [sys.executable, "-P", "-m", "deploy.turn", what]
    done = subprocess.run(command, cwd=REPOSITORY, env={**os.environ, **node.environment()}, check=False)
    if what in ("seal", "sign") and done.returncode == 0:
        node.acquaint()
    raise typer.Exit(done.returncode)
