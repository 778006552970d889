"""One record of the trail, and how it is bound to the one before: SHA-256 over canonical JSON (RFC 8785)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from libs.common.events.canonical import dump

# Chains side by side, so that one commit need not wait for another: a connection writes to the one that its number gives.
STREAMS = 8


@dataclass(frozen=True)
class AuditRecord:
    """Who (role, organisation) did what (action) for what (purpose, reference) to which things and people, and what was shown."""

    action: str
    at: datetime
    actor: str
    role: str = ""
    organisation: str = ""
    purpose: str = ""
    reference: str = ""
    entities: tuple[str, ...] = ()
    persons: tuple[UUID, ...] = ()
    fields: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    trace: str = ""

    def digest(self) -> bytes:
        """SHA-256 of the record as canonical JSON."""
        said = {
            **vars(self),
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "details": dict(self.details),
        }
        said |= {name: [str(value) for value in getattr(self, name)] for name in ("entities", "persons", "fields")}
        return hashlib.sha256(dump(said)).digest()


def first_link(service: str, stream: int) -> bytes:
    """What the first record of a chain follows: no chain can be passed off as another."""
    return hashlib.sha256(f"xieli.audit/{service}/{stream}".encode()).digest()


def next_link(previous: bytes, sequence: int, digest: bytes) -> bytes:
    """The hash of a record: of the one before, its number, and what it says."""
    return hashlib.sha256(previous + sequence.to_bytes(8, "big") + digest).digest()
