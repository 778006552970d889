"""The certificates of a node's parts (线路证书), each in a directory of its own, and what is believed of its partners.

`<wires>/<principal>/own.pem` is the part's key and certificate, `trusted.pem` the node's own authority. Broker and mirror
have beside them a file for each partner with that partner's authority: nobody else is believed where that partner comes in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from deploy.local.authority import Authority
from deploy.local.paths import write_private
from deploy.local.postgres import SERVICES
from libs.common.kafka_connection import KafkaConnection

# admin: the node's own migration. mirror: at this node's broker. partner: the same mirror, at the brokers of partners.
# gateway: what browsers are shown; it opens nothing.
BROKER, ADMIN, MIRROR, PARTNER, GATEWAY = "broker", "admin", "mirror", "partner", "gateway"
SUPER = (BROKER, ADMIN)
INSIDE = (*SUPER, MIRROR, *SERVICES)
PRINCIPALS = (*INSIDE, PARTNER, GATEWAY)


@dataclass(frozen=True)
class NodeCertificates:
    """A node's certificates below one directory. `extra` are principals that only tests know."""

    node: str
    root: Path
    extra: tuple[str, ...] = ()

    @cached_property
    def authority(self) -> Authority:
        return Authority(self.node, self.root / "authority")

    def wire(self, principal: str, address: str) -> KafkaConnection:
        return KafkaConnection(address, self.root / principal)

    def renew(self, hosts: Collection[str], gateway: str = "localhost") -> None:
        """Make what is missing and renew what ends soon; `hosts` are those at which the broker is called, `gateway` is its own."""
        served = {BROKER: hosts, GATEWAY: [gateway]}
        for directory in (self.root, *(self.root / one for one in (*PRINCIPALS, *self.extra))):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.chmod(0o700)
        trusted = "".join(self.authority.trusted()).encode()
        for principal in (*PRINCIPALS, *self.extra):
            self._renew(principal, served.get(principal, ()))
            write_private(self.root / principal / "trusted.pem", trusted)

    def _renew(self, principal: str, hosts: Collection[str]) -> None:
        own, given = self.root / principal / "own.pem", self.root / principal / "given.pem"
        if given.is_file():
            return write_private(own, given.read_bytes())
        if not own.is_file() or not self.authority.is_good(own.read_bytes(), hosts):
            write_private(own, self.authority.issue(principal, hosts))

    def believe(self, partners: Mapping[str, Sequence[str]]) -> None:
        """Write each partner's authority beside broker and mirror; those of who is no partner any more go."""
        for principal in (BROKER, MIRROR):
            for known in (self.root / principal).glob("n[0-9]*.pem"):
                if known.stem not in partners:
                    known.unlink()
            for node, certificates in partners.items():
                write_private(self.root / principal / f"{node}.pem", "".join(certificates).encode())
