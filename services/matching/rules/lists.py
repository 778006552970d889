"""Who seeks work (求职), and how a county's list becomes counts in which nobody can be recognised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict
from uuid import UUID

from libs.common.codes.occupations import occupation_group
from libs.common.problems import NotFound
from services.matching.rules.facts import OCCUPATION

# A count below this could be recognised as a person in a small place; it is folded into `other`.
LEAST = 3
OTHER = "other"
BAND = 500


class NotOnTheLists(NotFound):
    title = "不在清单上 Not on the lists of this node"


class WishDocument(TypedDict, total=False):
    """求职意愿 as the register announced it (`Wish`), as JSON keeps it; what is read of it here."""

    occupation: str | None
    wage_expected: int | None
    destinations: list[str]
    elsewhere: str
    experience: int
    certificates: list[str]


@dataclass(frozen=True)
class ListedPerson:
    """One of this county's people as the register last recorded them; no direct identifier."""

    person: UUID
    household: UUID
    county: str
    township: str
    birth_date: date
    education: int
    labourer: bool
    employed: bool
    work_place: str | None
    groups: Sequence[str]
    burden: int
    willing: bool
    wish: WishDocument | None
    recorded_on: date


@dataclass(frozen=True)
class ListedVacancy:
    """A vetted vacancy of the supply list (岗位清单) as its node last announced it; wages in yuan a month."""

    vacancy: UUID
    node: str
    city: str
    employer: UUID | None
    employer_uscc: str | None
    employer_name: str
    title: str
    industry: str | None
    occupation: str | None
    openings: int
    openings_left: int
    reserved: Mapping[str, int]
    wage: int
    wage_max: int | None
    wage_basis: str
    age_min: int | None
    age_max: int | None
    education_min: int
    certificates: Sequence[str]
    demands: Sequence[str]
    accommodations: Sequence[str]
    starts_by: date
    offers: Sequence[str]
    experience_points: int
    announced_on: date
    withdrawn_on: date | None = None
    withdrawn_reason: str | None = None
    kind: str = "ordinary"
    country: str | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class CountyDemand:
    """A county's last statement of what its people seek (求职清单), as counts."""

    county: str
    as_of: date
    people: int
    by_occupation: Mapping[str, int]
    by_wage: Mapping[str, int]
    by_destination: Mapping[str, int]

    def says(self, counts: Counts) -> bool:
        """Whether these are the same counts."""
        told = (self.people, self.by_occupation, self.by_wage, self.by_destination)
        return told == (counts.people, counts.by_occupation, counts.by_wage, counts.by_destination)


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


def seeker_of(person: ListedPerson) -> Seeker:
    """What a statement counts of a person; a word for work is its group, for a rare word could name somebody."""
    wish = person.wish or {}
    return Seeker(
        group_of(wish.get("occupation")),
        wish.get("wage_expected"),
        tuple(wish.get("destinations", ())),
        wish.get("elsewhere", "none"),
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
