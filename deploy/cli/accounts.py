"""account: the first operator's account, or a lost password's, by whoever runs the node; everything else operators do themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

import httpx
import typer

from deploy.cli.doors import Refused, accept
from deploy.cli.tokens import issue
from deploy.local.node import Node

app = typer.Typer(help="Accounts of a node's console, for whoever runs the node.", no_args_is_help=True)

# Stands in the record of changes; no account has such a login, so it is nobody's own.
BY = "whoever runs the node"

NodeOption = Annotated[str, typer.Option("--node", help="The node whose account it is: n433124 or 433124.")]
Login = Annotated[str, typer.Argument(help="The account's login.")]


@app.command()
def create(
    login: Login,
    node: NodeOption,
    role: Annotated[str, typer.Option(help="Its role.")] = "operator",
    region: Annotated[list[str] | None, typer.Option(help="Division codes it covers; default: the node's own.")] = None,
) -> None:
    """Make an account; prints its initial password, this once."""
    here = Node.of(node)
    body = {"login": login, "role": role, "regions": region or [here.region.code]}
    typer.echo(_password(here, "/console/v1/accounts", body))


@app.command()
def reset(login: Login, node: NodeOption) -> None:
    """Give an account an initial password again; prints it, this once. The second factor stays."""
    typer.echo(_password(Node.of(node), f"/console/v1/accounts/{quote(login, safe='')}/password"))


def _password(node: Node, path: str, body: Mapping[str, object] | None = None) -> str:
    """The password that the node gives: POST at its door as an operator, with a token by the node's own key."""
    headers = {"Authorization": f"Bearer {issue(node, 'operator', subject=BY, hours=0.1)}"}
    try:
        answer = httpx.post(f"{node.url}{path}", json=body, headers=headers, timeout=30, trust_env=False)
    except (httpx.ConnectError, FileNotFoundError) as error:
        raise Refused(f"{node.id} does not answer: ./xieli up --node {node.id}") from error
    return str(accept(answer).json()["initial_password"])
