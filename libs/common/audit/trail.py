"""What a transaction will leave in the trail: the door says who and what, the operation adds whom, for what and which fields."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.common.audit.records import AuditRecord
from libs.common.telemetry import current_traceparent


class Trail:
    """Gathered while the transaction goes on, written right before it commits."""

    def __init__(self) -> None:
        self.records: list[AuditRecord] = []
        self.noted = False
        self._said: dict[str, str] = {}
        self._entities: list[str] = []
        self._persons: list[UUID] = []
        self._fields: list[str] = []
        self._details: dict[str, Any] = {}

    def note(
        self,
        *,
        purpose: str = "",
        reference: str = "",
        entities: Collection[str] = (),
        persons: Collection[UUID] = (),
        fields: Collection[str] = (),
        **details: Any,
    ) -> None:
        """Say more of what this call does. Whoever notes is recorded, even where the call changes nothing."""
        self.noted = True
        self._said |= {name: value for name, value in (("purpose", purpose), ("reference", reference)) if value}
        self._entities += entities
        self._persons += persons
        self._fields += fields
        self._details |= details

    def add(self, action: str, at: datetime, *, actor: str, **said: Any) -> None:
        """A record of its own, for what an event has brought about."""
        self.records.append(AuditRecord(action, at, actor, trace=current_traceparent() or "", **said))

    def sign(self, action: str, at: datetime, *, actor: str, role: str, organisation: str, purpose: str) -> None:
        """Close the record of one call: who, and as what."""
        self.records.append(
            AuditRecord(
                action,
                at,
                actor,
                role,
                organisation,
                **{"purpose": purpose, **self._said},
                entities=tuple(dict.fromkeys(self._entities)),
                persons=tuple(dict.fromkeys(self._persons)),
                fields=tuple(dict.fromkeys(self._fields)),
                details=self._details,
                trace=current_traceparent() or "",
            )
        )
