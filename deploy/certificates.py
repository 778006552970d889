"""A node's certificates: who has one and until when, one taken back, the authority turned in three steps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.local.node_certificates import NodeCertificates

app = typer.Typer(help=__doc__, no_args_is_help=True)
Node = Annotated[str, typer.Option(envvar="XIELI_NODE", help="This node, e.g. n433124")]
Places = Annotated[Path, typer.Option(envvar="XIELI_KAFKA_CERTIFICATES", help="Directory of the node's certificates")]
_AGAIN = "restart the node, and give every partner a new card where its authority or what is revoked has changed"


@app.command("list")
def show(node: Node, wires: Places) -> None:
    """Every certificate that has not ended: identifier, principal, generation of the authority, end."""
    ledger = NodeCertificates(node, wires).authority.ledger
    typer.echo(f"authority {ledger.issuing} issues; trusted: {', '.join(map(str, ledger.trusted))}")
    for one in ledger.issued:
        typer.echo(
            f"{one.serial}  {one.principal:10}  {one.authority}  {one.until[:10]}  {'revoked' if one.serial in ledger.revoked else ''}"
        )


@app.command()
def revoke(
    node: Node, wires: Places, serial: Annotated[str, typer.Argument(help="The identifier that `list` shows")]
) -> None:
    """Take a certificate's rights away; its part gets another one at the next start."""
    NodeCertificates(node, wires).authority.revoke(serial)
    typer.echo(f"{serial} is revoked; {_AGAIN}")


@app.command()
def begin(node: Node, wires: Places) -> None:
    """First step: make the next authority and trust both. Then give every partner a new card."""
    NodeCertificates(node, wires).authority.begin()
    typer.echo(f"two authorities are trusted; {_AGAIN}")


@app.command()
def switch(node: Node, wires: Places) -> None:
    """Second step, when every partner has taken in the card: the younger authority issues."""
    NodeCertificates(node, wires).authority.switch()
    typer.echo(f"the younger authority issues; {_AGAIN}")


@app.command()
def end(node: Node, wires: Places) -> None:
    """Third step, when everything has been restarted: the old authority is forgotten."""
    NodeCertificates(node, wires).authority.end()
    typer.echo(f"the old authority is forgotten; {_AGAIN}")
