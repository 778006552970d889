"""Who seeks work (求职), and how a county's list becomes counts in which nobody can be recognised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from libs.common.codes.occupations import occupation_group
from libs.common.problems import NotFound
from services.matching.rules.facts import OCCUPATION

# A count below this could be recognised as a person in a small place; it is folded into `other`.
LEAST = 3
OTHER = "other"
BAND = 500


class NotOnTheLists(NotFound):
    title = "不在清单上 Not on the lists of this node"


@dataclass(frozen=True)
class Seeker:
    """What a statement counts of one person who seeks."""

    occupation: str
    wage_expected: int | None
    destinations: tuple[str, ...]
    elsewhere: str


@dataclass(frozen=True)
class Counts:
    """求职清单 as counts; each of the three tables adds up to `people`."""

    people: int = 0
    by_occupation: Mapping[str, int] = field(default_factory=dict)
    by_wage: Mapping[str, int] = field(default_factory=dict)
    by_destination: Mapping[str, int] = field(default_factory=dict)


def seeks(*, labourer: bool, willing: bool, signed: bool) -> bool:
    """Whether a person is on the list: able to work, willing to leave, and without a yes to an introduction.

    Who has work and said at the visit that another place is wanted seeks too: the same people enter a run.
    """
    return labourer and willing and not signed


def count(seekers: Iterable[Seeker]) -> Counts:
    """A county's list as counts: occupation group, band of the wage hoped for, first destination."""
    listed = list(seekers)
    return Counts(
        people=len(listed),
        by_occupation=fold(Counter(each.occupation for each in listed)),
        by_wage=fold(Counter(wage_band(each.wage_expected) for each in listed)),
        by_destination=fold(Counter(first_destination(each) for each in listed)),
    )


def group_of(word: str | None) -> str:
    """The occupation group of what a person said; general work where nothing was said or no table knows the word."""
    return word if word and OCCUPATION.fullmatch(word) else occupation_group(word)


def wage_band(wage: int | None) -> str:
    """3,200 yuan a month is `3000-3499`; nothing said is `any`."""
    if not wage:
        return "any"
    low = wage // BAND * BAND
    return f"{low}-{low + BAND - 1}"


def first_destination(seeker: Seeker) -> str:
    """The place wanted most, as a division code; `anywhere`, `province` or `none` where no place was named."""
    return seeker.destinations[0] if seeker.destinations else seeker.elsewhere


def fold(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts below LEAST become `other`, and the next smallest with them until `other` is no single person either."""
    kept = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    other = 0
    while kept and (kept[-1][1] < LEAST or 0 < other < LEAST):
        other += kept.pop()[1]
    return {**dict(sorted(kept)), **({OTHER: other} if other else {})}
