"""A node in containers: the settings of broker, mirror and gateway, made by the same functions as those of a local node.

Each container sees the directory of its own principal below /wires, and no other; the authority only the job `keys` sees.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from deploy.local import mirror
from deploy.local.broker_settings import BrokerSettings, Guest, broker_directory
from deploy.local.cards import Card
from deploy.local.errors import OperatorError
from deploy.local.java import properties_file
from deploy.local.node_certificates import BROKER, GATEWAY, MIRROR, NodeCertificates
from deploy.local.paths import write_private

INSIDE, CONTROLLER = 9092, 9093
# What docker-compose.yml publishes: one port for each partner.
FIRST, LAST = 9100, 9131
_CLIENT = """\
security.protocol=SSL
ssl.keystore.type=PEM
ssl.keystore.location={own}
ssl.truststore.type=PEM
ssl.truststore.location={trusted}
"""


def write_settings(
    wires: NodeCertificates, partners: Sequence[Card], host: str, gateway: str, inside: str = "kafka"
) -> None:
    """Certificates for the hosts at which broker and gateway are called, whom to believe, and everybody's settings."""
    site = urlsplit(gateway)
    if site.scheme != "https" or not site.hostname or not re.fullmatch(r"[A-Za-z0-9.:-]+", site.netloc):
        raise OperatorError(f"XIELI_GATEWAY is an https address, e.g. https://huayuan.example, not {gateway!r}")
    wires.renew([inside, host], gateway=site.hostname)
    wires.believe({one["node"]: one["certificates"] for one in partners})
    broker = broker_directory(wires.root)
    settings = broker_settings(wires, partners, host, inside)
    write_private(broker / "server.properties", properties_file(settings.text()))
    write_private(
        broker / "client.properties",
        properties_file(_CLIENT.format(own=broker / "own.pem", trusted=broker / "trusted.pem")),
    )
    if not (broker / "cluster.id").exists():
        write_private(broker / "cluster.id", uuid.uuid4().hex[:22].encode())
    listed = {one["node"]: one["kafka"] for one in partners}
    text = mirror.properties(wires.node, f"{inside}:{INSIDE}", listed, wires.root)
    write_private(wires.root / MIRROR / "mirror.properties", properties_file(text))
    write_private(wires.root / GATEWAY / "redirect.conf", f"return 308 https://{site.netloc}$request_uri;\n".encode())


def broker_settings(wires: NodeCertificates, partners: Sequence[Card], host: str, inside: str) -> BrokerSettings:
    """Inside the containers' network under the broker's name, for each partner at a port of its own outside."""
    ports = {one["node"]: port_for(one["node"], wires) for one in partners}
    guests = {
        one["node"]: Guest(f":{ports[one['node']]}", f"{host}:{ports[one['node']]}", one["revoked"]) for one in partners
    }
    return BrokerSettings(
        wires.node,
        f"{inside}:{INSIDE}",
        f"{inside}:{CONTROLLER}",
        broker_directory(wires.root),
        data="/events",
        bind_inside=f":{INSIDE}",
        bind_controller=f":{CONTROLLER}",
        guests=guests,
        revoked=wires.authority.revoked(),
    )


def port_for(node: str, wires: NodeCertificates) -> int:
    """The port at which a partner comes in; once chosen it stays, because it stands on the partner's card."""
    if not re.fullmatch(r"n[0-9]{6}", node):
        raise OperatorError(f"a partner is n and six digits, e.g. n440300, not {node!r}")
    place = wires.root / BROKER / "ports.json"
    ports: dict[str, int] = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
    free = [port for port in range(FIRST, LAST + 1) if port not in ports.values()]
    if node not in ports:
        if not free:
            raise OperatorError(f"all ports from {FIRST} to {LAST} are given to partners: publish more of them")
        ports[node] = free[0]
        write_private(place, json.dumps(ports, indent=1).encode())
    return ports[node]


def check_given(pem: bytes) -> bytes:
    """A chain whose first certificate belongs to the private key beside it and has not ended."""
    try:
        leaf = x509.load_pem_x509_certificates(pem)[0]
        key = serialization.load_pem_private_key(pem[pem.index(b"-----BEGIN PRIVATE KEY") :], None)
    except (ValueError, TypeError, IndexError) as error:
        raise OperatorError("one PEM file with the chain and an unencrypted private key (PKCS #8) is needed") from error
    if key.public_key() != leaf.public_key():
        raise OperatorError("the private key is not that of the first certificate")
    if leaf.not_valid_after_utc < datetime.now(UTC):
        raise OperatorError(f"the certificate has ended on {leaf.not_valid_after_utc:%Y-%m-%d}")
    return pem
