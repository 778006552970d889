"""Who goes with whom (结伴): couples and fellow villagers together, where each stands in a pass and after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from services.matching.rules import couples, fellows
from services.matching.rules.couples import Choice, Pair, Prospects
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.fellows import Gathering, Group
from services.matching.rules.results import Place
from services.matching.rules.weights import Weights

Stand = Choice | Gathering


@dataclass(frozen=True)
class JointApplicants:
    """`people`: the facts with which everybody entered who goes with somebody; whoever else is among them goes alone."""

    people: Mapping[str, Person]
    choices: Mapping[Pair, Choice]
    gatherings: Mapping[Group, Gathering]

    @classmethod
    def of(cls, people: Mapping[str, Person]) -> JointApplicants:
        """Before the first pass: everybody follows his own wishes."""
        return cls(
            people,
            dict.fromkeys(couples.pairs_of(people), Choice()),
            dict.fromkeys(fellows.groups_of(people), Gathering()),
        )

    def __bool__(self) -> bool:
        return bool(self.choices) or bool(self.gatherings)

    def declare(self, cities: Iterable[str], weights: Weights) -> dict[str, Person]:
        """The facts of a pass; whoever has left the market is not there."""
        within = frozenset(cities)
        return fellows.declare(couples.declare(self.people, self.choices, within, weights), self.gatherings, within)

    def review(
        self, places: Mapping[str, Place], vacancies: Mapping[str, Vacancy], prospects: Prospects, weights: Weights
    ) -> JointApplicants:
        """Where they stand after a pass; the same again means that nobody asks for another one."""
        choices = couples.review(self.people, self.choices, places, prospects, weights)
        return replace(self, choices=choices, gatherings=fellows.review(self.gatherings, places, vacancies))

    def unsettled(self, places: Mapping[str, Place], vacancies: Mapping[str, Vacancy]) -> dict[str, str]:
        """Pseudonym -> case, for whom the passes did not suffice."""
        return couples.unsettled(self.people, self.choices, places) | fellows.unsettled(
            self.gatherings, places, vacancies
        )

    def stands(self) -> dict[str, Stand]:
        """Where each of them stands, by pseudonym: nobody is in a couple and in a group."""
        stands = chain[tuple[tuple[str, ...], Stand]](self.choices.items(), self.gatherings.items())
        return {name: stand for names, stand in stands for name in names}

    def standing(self, stands: Mapping[str, Stand]) -> JointApplicants:
        """The same people where they stood; those of whom nothing is said, where they were."""
        choices = {
            pair: found if isinstance(found := stands.get(pair[0]), Choice) else stand
            for pair, stand in self.choices.items()
        }
        gatherings = {
            group: found if isinstance(found := stands.get(group[0]), Gathering) else stand
            for group, stand in self.gatherings.items()
        }
        return replace(self, choices=choices, gatherings=gatherings)
