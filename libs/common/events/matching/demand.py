"""The anonymous demand list (求职清单): what a county says its people seek, as counts."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from libs.common.events.envelope import Audience, Event


class DemandStated(Event):
    """求职清单: how many people of a county seek what, as counts by occupation, wage and destination; no person."""

    TYPE: ClassVar[str] = "matching.demand.stated.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "matching.demand"
    COUNTS_PEOPLE: ClassVar[bool] = True

    county: str
    as_of: date
    people: int
    by_occupation: dict[str, int]
    by_wage: dict[str, int]
    by_destination: dict[str, int]

    def key(self) -> str:
        return self.county
