"""What waits for whom today (今日): each queue of work as data, for the level of the node where it arises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from libs.common.calendar import first_of_quarter, quarter_of
from services.console.rules.levels import Level
from services.console.rules.listings import Column

# What a queue is narrowed to that depends on the day.
QUARTER, QUARTER_BEGIN = "this quarter", "its first day"


@dataclass(frozen=True)
class Queue:
    """One kind of work that waits: the list behind it, narrowed; the page of that list; what a row says; where a row leads.

    `counted` is an address that counts them, where the service has one.
    """

    action: str
    title: str
    address: str
    page: str
    link: str
    what: Column
    levels: tuple[Level, ...] = ("city", "county")
    due: Column | None = None
    narrowed: Mapping[str, str] = field(default_factory=dict)
    counted: str = ""

    def narrowed_on(self, day: date) -> dict[str, str]:
        """As the address takes it on a day."""
        meant = {QUARTER: quarter_of(day), QUARTER_BEGIN: str(first_of_quarter(day))}
        return {name: meant.get(value, value) for name, value in self.narrowed.items()}
