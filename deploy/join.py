"""Joining: a node's keys, its public card, the partners it takes in, and the mirror's settings that follow from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy.local.keys import make_keys
from deploy.local.mirror import properties

app = typer.Typer(help=__doc__, no_args_is_help=True)

Node = Annotated[str, typer.Option(envvar="XIELI_NODE", help="This node, e.g. n433124")]
Keys = Annotated[Path, typer.Option(envvar="XIELI_KEYS", help="Directory of the node's keys")]
WiresPlace = Annotated[Path, typer.Option(envvar="XIELI_KAFKA_CERTIFICATES", help="Directory of the node's certificates")]
Partners = Annotated[Path, typer.Option(envvar="XIELI_PARTNERS", help="partners.json of this node")]


@app.command()
def keys(node: Node, keys: Keys, partners: Partners) -> None:
    """Make the node's keys and an empty list of partners; what is there already stays."""
    make_keys(node, keys)
    if not partners.exists():
        partners.write_text("[]\n", encoding="utf-8")
    typer.echo(f"{node}: keys in {keys}, partners in {partners}")


@app.command()
def card(
    node: Node,
    keys: Keys,
    name: Annotated[str, typer.Option(envvar="XIELI_NODE_NAME", help="The node's name, e.g. 花垣县")],
    kafka: Annotated[str, typer.Option(help="host:port at which partners reach this node's Kafka")],
) -> None:
    """Print what partners must know of this node: name, Kafka address and public keys. Give it to them by a safe way."""
    public = json.loads((keys / "jwks.json").read_text(encoding="utf-8"))
    typer.echo(json.dumps({"node": node, "name": name, "kafka": kafka, "jwks": public}, ensure_ascii=False, indent=1))


@app.command()
def partner(
    partners: Partners, card: Annotated[Path, typer.Argument(help="The partner's card, a JSON file", exists=True)]
) -> None:
    """Take a partner in (or its new card), so that its events are mirrored and cards can be sealed to it."""
    known = json.loads(partners.read_text(encoding="utf-8")) if partners.exists() else []
    new = json.loads(card.read_text(encoding="utf-8"))
    kept = [one for one in known if one["node"] != new["node"]]
    partners.write_text(json.dumps([*kept, new], ensure_ascii=False, indent=1), encoding="utf-8")
    typer.echo(f"{new['node']} {new['name']} is a partner now; restart the services and the mirror")


@app.command()
def mirror(
    node: Node, partners: Partners, wires: WiresPlace,
    kafka: Annotated[str, typer.Option(envvar="XIELI_KAFKA", help="This node's own Kafka")],
    to: Annotated[Path, typer.Option(help="Where to write MirrorMaker's properties")],
) -> None:  # fmt: skip
    """Write MirrorMaker's settings: from every partner what it publishes or addresses to this node, and nothing else."""
    listed = json.loads(partners.read_text(encoding="utf-8"))
    to.write_text(properties(node, kafka, {one["node"]: one["kafka"] for one in listed}, wires), encoding="utf-8")
    typer.echo(f"{to}: {len(listed)} partners")


if __name__ == "__main__":
    app()
