"""What every service announces of its trail: where each chain ends, signed, so that partners remember it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from libs.common.events.envelope import Audience, Event


class AuditHeadsStated(Event):
    """The ends of a service's chains at a time. `signed` is a compact JWS by the node's key over canonical JSON:
    {"at", "heads": [[stream, sequence, hash in hex], …], "node", "service"}."""

    TYPE: ClassVar[str] = "audit.heads.stated.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "audit.heads"

    node: str
    service: str
    at: datetime
    records: int
    signed: str

    def key(self) -> str:
        return f"{self.node}/{self.service}"
