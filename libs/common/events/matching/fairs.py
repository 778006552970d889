"""What a county says of a job fair (招聘会) to the node whose it is: how many of its people come, never who."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from libs.common.events.envelope import Audience, Event


class FairCounted(Event):
    """How many of a county's people have signed up and have come, stated again on every change; people are the county's own to know
    until they agree."""

    TYPE: ClassVar[str] = "matching.fair.counted.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "matching.fair"

    fair: UUID
    county: str
    signed_up: int
    came: int
    on: date

    def key(self) -> str:
        return str(self.fair)
