"""What a recommendation (推荐) says of one pair: both scores part by part, and how far the last cutoffs are, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.matching.rules.choice import OPEN, Cutoffs
from services.matching.rules.explain import Explanation, explain, in_words, kind_of, lowest_bar
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.scores import LOTTERY_BITS, Parts, priority_parts, utility_parts
from services.matching.rules.weights import Weights


@dataclass(frozen=True, slots=True)
class Prospect:
    """One recommended pair. `realistic`: the last cutoffs admit; where none is known, nobody was refused."""

    realistic: bool
    utility: int
    utility_parts: Parts
    priority: int
    priority_parts: Parts
    zh: str
    en: str


def prospect(
    person: Person, vacancy: Vacancy, key: int, realistic: bool, cutoffs: Cutoffs | None, weights: Weights
) -> Prospect:
    """Of a pair that the hard rules allow, with the person's key there; `cutoffs` None: the vacancy was in no run."""
    worth, claim = utility_parts(person, vacancy, weights), priority_parts(person, vacancy, weights)
    zh, en = _words(key, realistic, person.groups, cutoffs)
    return Prospect(realistic, sum(worth.values()), worth, key >> LOTTERY_BITS, claim, zh, en)


def _words(key: int, realistic: bool, groups: frozenset[str], cutoffs: Cutoffs | None) -> tuple[str, str]:
    points = key >> LOTTERY_BITS
    if cutoffs is None:
        return (
            f"该岗位未参加过匹配轮次; 优先分 {points}",
            f"the vacancy was in no run yet; the person has {points} points",
        )
    bar = lowest_bar(groups, cutoffs)
    if not realistic:
        return in_words(kind_of(key, groups, cutoffs, is_held=False), key, bar)
    if not bar:
        return (
            f"上一轮后仍有名额; 优先分 {points}",
            f"openings were left after the last run; the person has {points} points",
        )
    needed = bar >> LOTTERY_BITS
    return (
        f"上一轮录取线 {needed} 分, 本人 {points} 分",
        f"the last run needed {needed} points, the person has {points}",
    )


def advise(person: Person, vacancy: Vacancy, cutoffs: Cutoffs | None, weights: Weights, seed: bytes) -> Explanation:
    """Of any pair that is asked about: the hard rules that fail, by name; else as `prospect`. `kind`: rule, cutoff, lottery or realistic."""
    said = explain(person, vacancy, cutoffs or {OPEN: 0}, None, weights, seed)
    if said.key is None:
        return said
    realistic = said.kind == "preferred"
    zh, en = _words(said.key, realistic, person.groups, cutoffs)
    return replace(said, kind="realistic" if realistic else said.kind, zh=zh, en=en, cutoffs=dict(cutoffs or {}))
