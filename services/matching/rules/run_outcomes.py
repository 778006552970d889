"""What a run came to (匹配结果): for each of a county's people the place and why, for each of a city's vacancies how it was filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.matching.rules.choice import INFINITE, OPEN
from services.matching.rules.facts import Vacancy
from services.matching.rules.lists import ListedVacancy
from services.matching.rules.outlook import Outlook
from services.matching.rules.scores import LOTTERY_BITS


@dataclass(frozen=True)
class PersonInRun:
    """One of the county's people in a run; the introduction is the last that the run gave, None without any."""

    person: UUID
    pseudonym: str
    introduction: UUID | None
    state: str | None
    vacancy: UUID | None
    seat: str | None
    priority: int | None

    @property
    def placed(self) -> bool:
        return self.introduction is not None


@dataclass(frozen=True)
class PersonsOutcome:
    """With the vacancy that is spoken of, their own or the one wished for most, and where there is no place, why."""

    given: PersonInRun
    listed: ListedVacancy | None
    outlook: Outlook | None


@dataclass(frozen=True)
class PlacesTaken:
    """How many places of one vacancy and seat type the run's introductions hold that have not ended."""

    vacancy: UUID
    seat: str
    places: int


@dataclass(frozen=True)
class VacancyOutcome:
    """One of the city's vacancies in a run: what was allotted, what is taken, and the points that it took in the end.

    `cutoff` are points, None where everybody who wanted it and whom the rules admit has a place.
    """

    vacancy: UUID
    title: str | None
    employer_name: str | None
    openings: int
    reserved: int
    placed: int
    placed_reserved: int
    cutoff: int | None

    @property
    def left(self) -> int:
        return self.openings - self.placed


def vacancy_outcome(
    offered: Vacancy, listed: ListedVacancy | None, taken: Mapping[str, int], cutoffs: Mapping[str, int]
) -> VacancyOutcome:
    """Of what the city allotted, its places by seat type, and the keys of its certificate (none before a pass is closed)."""
    placed, bar = sum(taken.values()), cutoffs.get(OPEN, 0)
    return VacancyOutcome(
        vacancy=UUID(offered.vacancy),
        title=listed.title if listed else None,
        employer_name=listed.employer_name if listed else None,
        openings=offered.openings,
        reserved=sum(offered.reserved.values()),
        placed=placed,
        placed_reserved=placed - taken.get(OPEN, 0),
        cutoff=bar >> LOTTERY_BITS if 0 < bar < INFINITE else None,
    )


@dataclass(frozen=True)
class Allottable:
    """One of the city's vacancies that may still be given to a run: `openings_left` bounds what is allotted."""

    vacancy: UUID
    title: str
    employer_name: str
    openings: int
    openings_left: int
    reserved: Mapping[str, int]
