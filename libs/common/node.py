"""Which node this is: its name, its clock, its keys and the partners it has exchanged keys with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self, TypedDict
from zoneinfo import ZoneInfo

from joserfc.jwk import KeySet, KeySetSerialization

from libs.common.events.signatures import Announcer, PublicKeys, announcing_keys
from libs.common.identity import Signer, Verifier
from libs.common.privacy import Vault
from libs.common.service_client import ServiceClient
from libs.common.settings import Settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """The wall clock, for security, leases and logs only; facts carry their own dates. Nothing else asks for the time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        """The default of every `as_of` and `on`: today in Shanghai."""
        return self.now().astimezone(SHANGHAI).date()


class ListedPartner(TypedDict):
    """An entry of partners.json, as far as a service reads it."""

    node: str
    name: str
    kafka: str
    jwks: KeySetSerialization


@dataclass(frozen=True)
class Partner:
    """A node that this one exchanges events with: where its broker is and its public keys (signing, sealing)."""

    node: str
    name: str
    kafka: str
    jwks: KeySet
    announcing_keys: PublicKeys


@dataclass(frozen=True)
class NodeContext:
    """This node, handed to everything that must know where it is."""

    id: str
    name: str
    clock: Clock
    vault: Vault
    signer: Signer
    verifier: Verifier
    announcer: Announcer
    own_announcing_keys: PublicKeys
    neighbours: ServiceClient
    partners: dict[str, Partner]

    @property
    def code(self) -> str:
        """The division code: `n433124` is 433124."""
        return self.id[1:]

    def today(self) -> date:
        return self.clock.today()

    def announcing_keys(self, node: str) -> PublicKeys:
        """The keys by which a node's events are known: this one's own, a partner's, or none."""
        if node == self.id:
            return self.own_announcing_keys
        return self.partners[node].announcing_keys if node in self.partners else {}

    @classmethod
    def read(cls, settings: Settings, clock: Clock | None = None) -> Self:
        """Open the node's keys and its partners' public keys."""
        signer = Signer.read(settings.node, settings.keys)
        return cls(
            id=settings.node,
            name=settings.node_name or settings.node,
            clock=clock or Clock(),
            vault=Vault.read(settings.keys),
            signer=signer,
            verifier=Verifier.read(settings.node, settings.keys, settings.issuer),
            announcer=Announcer.read(settings.keys),
            own_announcing_keys=announcing_keys(json.loads((settings.keys / "jwks.json").read_text())["keys"]),
            neighbours=ServiceClient(settings.neighbours or settings.gateway, signer),
            partners=read_partners(settings.partners),
        )


def read_partners(path: Path) -> dict[str, Partner]:
    """partners.json: a list of {node, name, kafka, jwks}; keys were exchanged as files when the node joined."""
    listed: list[ListedPartner] = json.loads(path.read_text(encoding="utf-8"))
    return {entry["node"]: _partner_of(entry) for entry in listed}


def _partner_of(entry: ListedPartner) -> Partner:
    jwks = entry["jwks"]
    return Partner(
        entry["node"], entry["name"], entry["kafka"], KeySet.import_key_set(jwks), announcing_keys(jwks["keys"])
    )
