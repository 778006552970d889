"""Joining: a node's keys and certificates, its card for a partner, the partners it takes in, and the settings that follow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy.certificates import app as certificates
from deploy.local import cards, production
from deploy.local.checking import CardRefused, check_card, fingerprint
from deploy.local.errors import OperatorError
from deploy.local.keys import make_keys
from deploy.local.node_certificates import NodeCertificates
from deploy.local.paths import write_private

app = typer.Typer(help=__doc__, no_args_is_help=True)
app.add_typer(certificates, name="certificates")
BIGGEST_CARD = 65536

Node = Annotated[str, typer.Option(envvar="XIELI_NODE", help="This node, e.g. n433124")]
Keys = Annotated[Path, typer.Option(envvar="XIELI_KEYS", help="Directory of the node's keys")]
Places = Annotated[Path, typer.Option(envvar="XIELI_KAFKA_CERTIFICATES", help="Directory of the node's certificates")]
Partners = Annotated[Path, typer.Option(envvar="XIELI_PARTNERS", help="partners.json of this node")]
Host = Annotated[
    str, typer.Option(envvar="KAFKA_FOR_PARTNERS", help="The host at which partners reach this node's Kafka")
]
Gateway = Annotated[str, typer.Option(envvar="XIELI_GATEWAY", help="The node's public address, https://…")]


@app.command()
def keys(node: Node, keys: Keys, wires: Places, partners: Partners, host: Host, gateway: Gateway) -> None:
    """Make keys, certificates and an empty list of partners, and write the settings of broker, mirror and gateway."""
    make_keys(node, keys)
    if not partners.exists():
        cards.write_cards(partners, [])
    production.write_settings(NodeCertificates(node, wires), cards.read_cards(partners), host, gateway)
    typer.echo(f"{node}: keys in {keys}, certificates and settings in {wires}, partners in {partners}")


@app.command()
def card(
    node: Node,
    keys: Keys,
    wires: Places,
    host: Host,
    name: Annotated[str, typer.Option(envvar="XIELI_NODE_NAME", help="The node's name, e.g. 花垣县")],
    reader: Annotated[str, typer.Option("--for", help="The partner that gets the card, e.g. n440300")],
) -> None:
    """Print what one partner must know of this node, its own address for it included. Give it to the partner by a safe way."""
    own = NodeCertificates(node, wires)
    address = f"{host}:{production.port_for(reader, own)}"
    made = cards.card_of(node, name, address, keys, own)
    typer.echo(json.dumps(made, ensure_ascii=False, indent=1))
    for pem in made["certificates"]:
        typer.echo(f"authority {fingerprint(pem)}", err=True)


@app.command()
def partner(
    node: Node,
    wires: Places,
    partners: Partners,
    card: Annotated[Path, typer.Argument(help="The partner's card, a JSON file", exists=True)],
    changed_authority: Annotated[
        bool, typer.Option(help="The partner's authority has turned, and its fingerprints were compared")
    ] = False,
) -> None:
    """Take a partner in (or its next card), so that it may read here, its events are mirrored and cards can be sealed to it."""
    known = cards.read_cards(partners) if partners.exists() else []
    own = NodeCertificates(node, wires).authority.trusted()
    said = check_card(_read(card), node, known, own, changed_authority=changed_authority)
    cards.write_cards(partners, [*(one for one in known if one["node"] != said["node"]), said])
    for pem in said["certificates"]:
        typer.echo(f"authority {fingerprint(pem)}: compare it with the partner by voice")
    typer.echo(f"{said['node']} {said['name']} is a partner now; restart the node")


@app.command()
def leave(
    partners: Partners, node: Annotated[str, typer.Argument(help="The partner that leaves, e.g. n440300")]
) -> None:
    """A partner is none any more: from the next start on its certificates open nothing and it has no rights."""
    known = cards.read_cards(partners)
    left = [one for one in known if one["node"] != node]
    if len(left) == len(known):
        raise OperatorError(f"{node} is no partner: known are {', '.join(one['node'] for one in known) or 'none'}")
    cards.write_cards(partners, left)
    typer.echo(f"{node} is no partner any more; restart the node")


@app.command("gateway")
def gateway_certificate(
    wires: Places, pem: Annotated[Path, typer.Argument(help="Chain and private key in one PEM", exists=True)]
) -> None:
    """Let the gateway show a certificate that browsers know, instead of one of the node's own authority."""
    write_private(wires / "gateway" / "given.pem", production.check_given(pem.read_bytes()))
    typer.echo("the gateway shows it from its next start on")


def _read(path: Path) -> object:
    if path.stat().st_size > BIGGEST_CARD:
        raise CardRefused(f"the card is refused: it is larger than {BIGGEST_CARD} bytes")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise CardRefused("the card is refused: it is no JSON") from error


def main() -> None:
    try:
        app()
    except OperatorError as trouble:
        typer.echo(f"join: {trouble}", err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
