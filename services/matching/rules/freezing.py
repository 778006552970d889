"""Signed places (已签约) leave the market: the person, and the seat as the type that it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from services.matching.rules.choice import OPEN, Seats
from services.matching.rules.facts import Vacancy


def freeze(vacancy: Vacancy, seats: Seats, frozen: Iterable[str], reserve_groups: Sequence[str]) -> Vacancy:
    """The vacancy without the seats of those frozen; `seats` is who sat where when the last pass was closed.

    Taking a sitter out together with his seat leaves everybody else's place possible, so nobody's gets worse.
    """
    reserved = dict(vacancy.reserved)
    gone = [seats[person] for person in frozen if person in seats]
    for seat in gone:
        if seat != OPEN:
            reserved[seat] -= 1
    openings = vacancy.openings - len(gone)
    staying = Counter(seat for person, seat in seats.items() if person not in set(frozen))
    return replace(vacancy, openings=openings, reserved=_within(reserved, openings, staying, reserve_groups))


def closed(vacancy: Vacancy) -> Vacancy:
    """A vacancy that was withdrawn (撤岗): it stays in the run without an opening, so its cutoff is infinite."""
    return replace(vacancy, openings=0, reserved={})


def _within(
    reserved: dict[str, int], openings: int, staying: Mapping[str, int], reserve_groups: Sequence[str]
) -> dict[str, int]:
    """Someone frozen on an open seat may have sat on an unfilled reserved opening: that reservation ends with it."""
    for group in reversed(reserve_groups):
        spare = reserved.get(group, 0) - staying.get(group, 0)
        excess = sum(reserved.values()) - openings
        if spare > 0 and excess > 0:
            reserved[group] -= min(spare, excess)
    return reserved
