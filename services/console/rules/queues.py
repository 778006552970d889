"""What waits for whom today (今日): each queue of work as data, for the level of the node where it arises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.console.rules.levels import Level
from services.console.rules.listings import Column


@dataclass(frozen=True)
class Queue:
    """One kind of work that waits: the list behind it, narrowed; the page of that list; what a row says; where a row leads."""

    action: str
    title: str
    address: str
    page: str
    link: str
    what: Column
    levels: tuple[Level, ...] = ("city", "county")
    due: Column | None = None
    narrowed: Mapping[str, str] = field(default_factory=dict)

    def narrowed_in(self, quarter: str) -> dict[str, str]:
        """As the address takes it in a quarter."""
        return {name: value or quarter for name, value in self.narrowed.items()}
