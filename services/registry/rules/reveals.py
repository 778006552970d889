"""A request to name many people at once (批量申请): for whom, for what, approved by whom, collected or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class RevealRequest:
    """State as kept: requested | approved | collected; whom it is about is settled when it is made."""

    id: UUID
    purpose: str
    reference: str
    as_of: date
    persons: list[UUID]
    requested_by: str
    requested_at: datetime
    state: str = "requested"
    approved_by: str | None = None
    approved_at: datetime | None = None
    expires_at: datetime | None = None
    collected_at: datetime | None = None
    version: int = 1

    def expired(self, now: datetime) -> bool:
        """Approved, and not collected in time."""
        return self.state == "approved" and self.expires_at is not None and self.expires_at <= now
