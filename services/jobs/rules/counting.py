"""What agreements count (计数): an occurrence as both sides hear of it, and how far figures move by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from services.jobs.rules.agreements import BY_FIRM, AgreementKind

# Kinds that happen; firms are counted from posts: each that took somebody in, once.
Happening = Literal["posts", "fairs", "students", "trained"]


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """`id` names it (a spell), `reference` what a list shows (an introduction); no county: it is everybody's (a fair)."""

    kind: Happening
    id: UUID
    reference: UUID
    city: str
    day: date
    county: str = ""
    employer_uscc: str = ""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One of a list behind a figure: who or what counts, in which county's part, since which day."""

    kind: AgreementKind
    county: str
    subject: str
    reference: UUID
    day: date
    employer_uscc: str


@dataclass(frozen=True, kw_only=True)
class CountedWanted:
    """What a list is narrowed to; None does not narrow, except that firms are those of all counties together."""

    kind: AgreementKind
    county: str | None = None
    year: int | None = None
    employer_uscc: str | None = None


@dataclass(frozen=True, kw_only=True)
class Moved:
    """So many more (below nought: fewer) count of a kind, in a month, for a county and at a firm."""

    kind: AgreementKind
    county: str
    employer_uscc: str
    month: date
    by: int


TallyKey = tuple[AgreementKind, str, str, date]


def tallies_moved(moved: Iterable[Moved]) -> dict[TallyKey, int]:
    """By how much which tallies (kind, firm, county, month) are other ones, in the order in which they are held; no noughts."""
    sums: Counter[TallyKey] = Counter()
    for each in moved:
        sums[each.kind, "", each.county, each.month] += each.by
        if each.kind in BY_FIRM and each.employer_uscc:
            sums[each.kind, each.employer_uscc, "", each.month] += each.by
    return {key: by for key, by in sorted(sums.items()) if by}
