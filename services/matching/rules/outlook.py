"""为什么没有安置, why a run gave somebody no place: the post wished for most and what it took, or which rules kept every post away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from services.matching.rules.choice import Cutoffs
from services.matching.rules.explain import RULES_EN, RULES_ZH, explain
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.scores import failed_rules, options
from services.matching.rules.weights import Weights

# So many rules are told, those that kept most posts away first.
TOLD_MOST = 3


@dataclass(frozen=True)
class Outlook:
    """How many posts of the run would have suited, the one wished for most (None: none suits), and why it was not to be."""

    suitable: int
    wished: str | None
    zh: str
    en: str


def outlook(
    person: Person, vacancies: Mapping[str, Vacancy], cutoffs: Mapping[str, Cutoffs], weights: Weights, seed: bytes
) -> Outlook:
    """Of somebody without a place, by the facts declared in the pass and its final cutoffs."""
    open_to = options(person, vacancies.values(), weights, seed)
    if not open_to:
        return _nothing_suits(person, vacancies, weights)
    wished = open_to[0].vacancy
    told = explain(person, vacancies[wished], cutoffs[wished], None, weights, seed)
    if told.admitted:
        zh = "该岗位本可录取本人，与同行的人一起的安排没有成"
        en = "the vacancy was open; what was chosen together with somebody did not come about"
    else:
        zh, en = told.zh, told.en
    return Outlook(
        len(open_to),
        wished,
        f"合适的岗位有 {len(open_to)} 个，最想去的：{zh}",
        f"{len(open_to)} vacancies suit; of the one wished for most: {en}",
    )


def _nothing_suits(person: Person, vacancies: Mapping[str, Vacancy], weights: Weights) -> Outlook:
    if not vacancies:
        return Outlook(0, None, "本轮没有岗位", "no vacancy was offered in the run")
    failed = [failed_rules(person, vacancy, weights) for vacancy in vacancies.values()]
    kept_away = Counter(rule for rules in failed for rule in {each.partition(":")[0] for each in rules})
    first = sorted(kept_away.items(), key=lambda each: (-each[1], each[0]))[:TOLD_MOST]
    zh = "、".join(f"{RULES_ZH[rule]}（{count} 个）" for rule, count in first)
    en = "; ".join(f"{RULES_EN[rule]} ({count})" for rule, count in first)
    return Outlook(
        0, None, f"{len(vacancies)} 个岗位都不合适：{zh}", f"none of the {len(vacancies)} vacancies suits: {en}"
    )
