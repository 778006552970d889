"""A person forgotten (删除): what each service of the node says it has erased and what it keeps, by table, with ids alone."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from libs.common.events.envelope import Audience, Event


class PartErased(Event):
    """Rows erased and rows kept, by table. Stays at home."""

    AUDIENCE: ClassVar[Audience] = "home"

    person: UUID
    erased: dict[str, int]
    kept: dict[str, int] = Field(default_factory=dict)
    on: date

    def key(self) -> str:
        return str(self.person)


class ErasedInMatching(PartErased):
    """Matching has forgotten a person."""

    TYPE: ClassVar[str] = "matching.person.erased.v1"
    AGGREGATE: ClassVar[str] = "matching.person"


class ErasedInRetention(PartErased):
    """Retention has forgotten a person; the ledger of subsidies stays, which holds ids."""

    TYPE: ClassVar[str] = "retention.person.erased.v1"
    AGGREGATE: ClassVar[str] = "retention.person"
