"""The county's side of a pass: propose for its people, compare them with the published cutoffs, propose again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.matching.rules.choice import admitted, first_cutoffs, seat_of
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.results import Place
from services.matching.rules.scores import Option, option, options
from services.matching.rules.weights import Weights


@dataclass(frozen=True, slots=True)
class Proposal:
    """A card (求职卡): what a city learns of a person during a run."""

    person: str
    vacancy: str
    priority: int
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rise:
    """One published cutoff of a seat type."""

    vacancy: str
    seat: str
    key: int


@dataclass
class CountyPass:
    """The people of one county (or a part of them) in one pass, by the facts declared in it.

    `standing` is where each person's last proposal stands; None: nothing left to propose to. Cutoffs that arrive late,
    twice or in another order change nothing, because they are merged by the greater.
    """

    people: Mapping[str, Person]
    vacancies: Mapping[str, Vacancy]
    weights: Weights
    seed: bytes
    cutoffs: dict[str, dict[str, int]] = field(default_factory=dict)
    standing: dict[str, str | None] = field(default_factory=dict)
    _options: dict[str, list[Option]] = field(default_factory=dict, repr=False)

    def propose(self, who: Iterable[str]) -> list[Proposal]:
        """The best vacancy still open to each of them by the cutoffs known here; nobody skips a vacancy for nothing."""
        proposals = []
        for name in who:
            best = self.best(name)
            self.standing[name] = best.vacancy if best else None
            if best:
                proposals.append(Proposal(name, best.vacancy, best.priority, self._groups(name)))
        return proposals

    def hear(self, rises: Iterable[Rise]) -> list[Proposal]:
        """Merges cutoffs and proposes again for everybody who fell below one."""
        changed = {rise.vacancy for rise in rises if self._merge(rise)}
        waiting = [name for name, vacancy in self.standing.items() if vacancy in changed]
        return self.propose([name for name in waiting if not self._still_in(name)])

    def merge(self, rises: Iterable[Rise]) -> None:
        """Merges cutoffs without proposing: to read a pass that is closed."""
        for rise in rises:
            self._merge(rise)

    def best(self, name: str) -> Option | None:
        """The most wanted vacancy that the known cutoffs leave open to a person."""
        groups = self.people[name].groups
        return next(
            (each for each in self.options(name) if admitted(each.key, groups, self.cutoffs_of(each.vacancy))), None
        )

    def options(self, name: str) -> list[Option]:
        if name not in self._options:
            self._options[name] = options(self.people[name], self.vacancies.values(), self.weights, self.seed)
        return self._options[name]

    def cutoffs_of(self, vacancy: str) -> Mapping[str, int]:
        if vacancy not in self.cutoffs:
            self.cutoffs[vacancy] = first_cutoffs(self.vacancies[vacancy], self.weights.reserve_groups)
        return self.cutoffs[vacancy]

    def places(self) -> dict[str, Place]:
        """Everybody's place when the pass is closed; the seat type is read off the cutoffs."""
        return {name: self._place(name) for name in self.people}

    def _place(self, name: str) -> Place:
        vacancy = self.standing.get(name)
        if vacancy is None:
            return Place(name)
        taken = self._option(name, vacancy)
        seat = seat_of(taken.key, self._groups(name), self.cutoffs_of(vacancy), self.weights.reserve_groups)
        return Place(name, vacancy, seat, taken.utility, taken.priority)

    def _merge(self, rise: Rise) -> bool:
        self.cutoffs_of(rise.vacancy)
        known = self.cutoffs[rise.vacancy]
        if rise.key <= known.get(rise.seat, 0):
            return False
        known[rise.seat] = rise.key
        return True

    def _still_in(self, name: str) -> bool:
        vacancy = self.standing[name]
        if vacancy is None:
            return True
        return admitted(self._option(name, vacancy).key, self._groups(name), self.cutoffs_of(vacancy))

    def _option(self, name: str, vacancy: str) -> Option:
        return option(self.people[name], self.vacancies[vacancy], self.weights, self.seed)

    def _groups(self, name: str) -> frozenset[str]:
        return self.people[name].groups & frozenset(self.weights.reserve_groups)
