"""A node's card (名片): what a partner must know of it, made for one partner, because each comes in at a listener of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from joserfc.jwk import KeySetSerialization

from deploy.local.node_certificates import NodeCertificates
from deploy.local.paths import write_private


class Card(TypedDict):
    """A card as it is handed over and kept in partners.json; `certificates` are the node's authorities, as PEM."""

    node: str
    name: str
    kafka: str
    jwks: KeySetSerialization
    certificates: list[str]
    revoked: list[str]


def card_of(node: str, name: str, kafka: str, keys: Path, wires: NodeCertificates) -> Card:
    """Name, the address at which this partner reads, public keys, authority, and which of our certificates are revoked."""
    return {
        "node": node,
        "name": name,
        "kafka": kafka,
        "jwks": json.loads((keys / "jwks.json").read_text(encoding="utf-8")),
        "certificates": wires.authority.trusted(),
        "revoked": wires.authority.revoked(),
    }


def read_cards(partners: Path) -> list[Card]:
    """The cards of partners.json, in its order."""
    cards: list[Card] = json.loads(partners.read_text(encoding="utf-8"))
    return cards


def write_cards(partners: Path, cards: Sequence[Card]) -> None:
    """Nobody else of this machine may add a partner."""
    write_private(partners, json.dumps(cards, ensure_ascii=False, indent=1).encode())


def publish(card: Card, reader: str, exchange: Path) -> None:
    """Leave a card for one partner where it will look for it."""
    place = exchange / card["node"]
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(place / f"{reader}.json", json.dumps(card, ensure_ascii=False, indent=1).encode())


def collect(me: str, partners: Sequence[str], exchange: Path, target: Path) -> None:
    """Take in the cards that partners left for this node: its partners.json."""
    write_cards(target, [json.loads((exchange / node / f"{me}.json").read_text(encoding="utf-8")) for node in partners])
