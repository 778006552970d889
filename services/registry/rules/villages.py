"""A village (村) in figures: who is there, and how complete is what is known of those who can work (完整率)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Village:
    """Counts of one village; `employed` and `with_…` are of its labourers."""

    township: str
    village: str
    people: int
    households: int
    labourers: int
    employed: int
    with_phone: int
    with_ability: int
    with_education: int
    with_wish: int

    @property
    def completeness(self) -> float | None:
        """The share of these four facts that is known of its labourers; None where there is none."""
        known = self.with_phone + self.with_ability + self.with_education + self.with_wish
        return round(known / (4 * self.labourers), 4) if self.labourers else None


def by_township(villages: Iterable[Village]) -> dict[str, list[Village]]:
    """In the order in which they come."""
    found: dict[str, list[Village]] = {}
    for each in villages:
        found.setdefault(each.township, []).append(each)
    return found


_COUNTS = [field.name for field in fields(Village) if field.name not in ("township", "village")]


def sum_of(villages: Iterable[Village], township: str, village: str) -> Village:
    """All of them as one, under these names."""
    found = list(villages)
    counts = {name: sum(getattr(each, name) for each in found) for name in _COUNTS}
    return Village(township=township, village=village, **counts)
