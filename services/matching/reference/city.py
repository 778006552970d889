"""The city's side of a pass: hold the best up to the openings, refuse the others, publish the cutoffs that rose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.matching.reference.county import Proposal, Rise
from services.matching.rules.choice import Applicant, Seats, choose
from services.matching.rules.facts import Vacancy
from services.matching.rules.scores import key_of, lottery
from services.matching.rules.weights import Weights


@dataclass(frozen=True)
class HoldResult:
    """What a batch of cards did: cutoffs that rose, who was not or no longer held, and which of them had been held."""

    raised: tuple[Rise, ...]
    refused: tuple[tuple[str, str], ...]
    displaced: tuple[tuple[str, str], ...]
    seated: Mapping[str, Seats]


@dataclass
class CityPass:
    """The vacancies of one city (or a part of them) in one pass; refused applicants are forgotten, they stay refused."""

    vacancies: Mapping[str, Vacancy]
    weights: Weights
    seed: bytes
    held: dict[str, list[Applicant]] = field(default_factory=dict)
    cutoffs: dict[str, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, vacancy in self.vacancies.items():
            self.held.setdefault(name, [])
            self.cutoffs.setdefault(name, choose(vacancy, self.held[name], self.weights.reserve_groups)[1])

    def applicant(self, card: Proposal) -> Applicant:
        """The city derives the lottery itself; a card only says the priority."""
        return Applicant(card.person, key_of(card.priority, lottery(self.seed, card.person)), card.groups)

    def hold(self, cards: Iterable[Proposal]) -> HoldResult:
        """Chooses among those held and the new ones, vacancy by vacancy."""
        arrived: dict[str, list[Applicant]] = {}
        for card in cards:
            arrived.setdefault(card.vacancy, []).append(self.applicant(card))
        answers = [self._choose(vacancy, new) for vacancy, new in arrived.items()]
        return HoldResult(
            raised=tuple(rise for answer in answers for rise in answer.raised),
            refused=tuple(each for answer in answers for each in answer.refused),
            displaced=tuple(each for answer in answers for each in answer.displaced),
            seated={vacancy: seats for answer in answers for vacancy, seats in answer.seated.items()},
        )

    def _choose(self, name: str, new: list[Applicant]) -> HoldResult:
        before = {each.person for each in self.held[name]}
        applicants = {each.person: each for each in (*self.held[name], *new)}
        seats, cutoffs = choose(self.vacancies[name], applicants.values(), self.weights.reserve_groups)
        self.held[name] = [each for each in applicants.values() if each.person in seats]
        raised = tuple(Rise(name, seat, key) for seat, key in cutoffs.items() if key > self.cutoffs[name][seat])
        self.cutoffs[name] = cutoffs
        out = tuple((person, name) for person in applicants if person not in seats)
        return HoldResult(raised, out, tuple(pair for pair in out if pair[0] in before), {name: seats})
