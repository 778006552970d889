"""How somebody reaches a broker (线路): its address, and the certificate that says who calls."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypedDict


class KafkaClient(TypedDict):
    """What every Kafka client must be told, besides its own task, by the names of its arguments."""

    bootstrap_servers: str
    security_protocol: Literal["SSL"]
    ssl_context: ssl.SSLContext


@dataclass(frozen=True)
class KafkaConnection:
    """One principal's way to one broker. `certificates` holds own.pem (key and certificate) and trusted.pem (whom to believe)."""

    address: str
    certificates: Path

    def context(self) -> ssl.SSLContext:
        """Mutual TLS 1.3: the other side is checked by chain and host name, and sees who this is."""
        context = ssl.create_default_context(cafile=self.certificates / "trusted.pem")
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self.certificates / "own.pem")
        return context

    def client(self) -> KafkaClient:
        return {"bootstrap_servers": self.address, "security_protocol": "SSL", "ssl_context": self.context()}

    def as_principal(self, name: str) -> KafkaConnection:
        """The same broker, as another principal of the same node."""
        return KafkaConnection(self.address, self.certificates.parent / name)
