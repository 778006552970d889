"""Whom a vacancy holds: reserved openings group by group, then open ones; and the cutoff of each seat type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.matching.rules.facts import Vacancy

OPEN = "open"
INFINITE = 2**63 - 1

Seats = dict[str, str]
Cutoffs = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who proposed to a vacancy: pseudonym, key there, reserve groups."""

    person: str
    key: int
    groups: frozenset[str]


def seat_types(vacancy: Vacancy, reserve_groups: Sequence[str]) -> tuple[str, ...]:
    """The reserved types with at least one opening, in the fixed order of the groups, then `open`."""
    return (*(group for group in reserve_groups if vacancy.reserved.get(group, 0) > 0), OPEN)


def choose(
    vacancy: Vacancy, applicants: Iterable[Applicant], reserve_groups: Sequence[str]
) -> tuple[Seats, dict[str, int]]:
    """Who sits on which seat type, and the cutoff of each type. Source: matching v1, section 5."""
    waiting = sorted(applicants, key=lambda each: each.key, reverse=True)
    seats: Seats = {}
    cutoffs: dict[str, int] = {}
    for group in seat_types(vacancy, reserve_groups)[:-1]:
        members = [each for each in waiting if group in each.groups and each.person not in seats]
        taken = members[: vacancy.reserved[group]]
        seats.update((each.person, group) for each in taken)
        cutoffs[group] = taken[-1].key if len(taken) == vacancy.reserved[group] else 0
    free = vacancy.openings - len(seats)
    taken = [each for each in waiting if each.person not in seats][:free]
    seats.update((each.person, OPEN) for each in taken)
    cutoffs[OPEN] = _open_cutoff(free, taken)
    return seats, cutoffs


def _open_cutoff(free: int, taken: Sequence[Applicant]) -> int:
    if len(taken) < free:
        return 0
    return taken[-1].key if taken else INFINITE


def first_cutoffs(vacancy: Vacancy, reserve_groups: Sequence[str]) -> dict[str, int]:
    """The cutoffs before anybody proposed: 0, or infinity where there is no opening at all."""
    return choose(vacancy, (), reserve_groups)[1]


def admitted(key: int, groups: frozenset[str], cutoffs: Cutoffs) -> bool:
    """A person is refused exactly if the key is below `open` and below every reserved type he qualifies for."""
    return any(key >= cutoff for seat, cutoff in cutoffs.items() if seat == OPEN or seat in groups)


def seat_of(key: int, groups: frozenset[str], cutoffs: Cutoffs, reserve_groups: Sequence[str]) -> str | None:
    """The seat type of somebody whom the vacancy holds, read off the final cutoffs; None: it does not hold him."""
    for seat in (*reserve_groups, OPEN):
        if seat in cutoffs and (seat == OPEN or seat in groups) and key >= cutoffs[seat]:
            return seat
    return None
