"""为什么不是那个岗位? Why not that job: a hard rule, the cutoff, or the lottery, in words and with every number used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.matching.rules.choice import INFINITE, OPEN, Cutoffs, admitted
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.scores import (
    LOTTERY_BITS,
    Parts,
    failed_rules,
    lottery,
    option,
    priority_parts,
    spread,
    utility_parts,
)
from services.matching.rules.weights import Weights


@dataclass(frozen=True)
class Explanation:
    """`kind` is rule, cutoff, lottery, held (it is the person's place) or preferred (the person has a better one)."""

    kind: str
    zh: str
    en: str
    weights: str
    failed: tuple[str, ...] = ()
    utility: int | None = None
    utility_parts: Parts = field(default_factory=dict)
    priority: int | None = None
    priority_parts: Parts = field(default_factory=dict)
    spread: int | None = None
    lottery: int | None = None
    key: int | None = None
    cutoffs: Mapping[str, int] = field(default_factory=dict)
    qualifies_for: tuple[str, ...] = ()
    admitted: bool | None = None


RULES_ZH = {
    "age_min": "年龄未到岗位下限",
    "age_max": "年龄超过岗位上限",
    "education_min": "文化程度低于岗位要求",
    "certificate": "缺少证书",
    "demand": "岗位要求本人健康不允许的工作",
    "accommodation": "岗位没有提供所需便利",
    "starts_by": "可上岗时间晚于岗位最迟到岗日",
    "wage_reserve": "工资低于本人最低要求",
    "destination_refused": "本人不愿去该城市",
    "destination_not_wished": "该城市不在本人意向地区之内",
}
RULES_EN = {
    "age_min": "younger than the vacancy allows",
    "age_max": "older than the vacancy allows",
    "education_min": "less schooling than the vacancy asks for",
    "certificate": "a certificate is missing",
    "demand": "the work demands what the person's health rules out",
    "accommodation": "the workplace does not provide what the person needs",
    "starts_by": "available only after the latest start",
    "wage_reserve": "the wage is below what the person would accept",
    "destination_refused": "the person will not go to this city",
    "destination_not_wished": "the city is not among the places wished for",
}


def explain(
    person: Person, vacancy: Vacancy, cutoffs: Cutoffs, held: str | None, weights: Weights, seed: bytes
) -> Explanation:
    """Why a person does not hold (or holds) a vacancy, by the facts declared in the pass and its final cutoffs."""
    failed = failed_rules(person, vacancy, weights)
    if failed:
        return Explanation(
            "rule", _rules(failed, RULES_ZH, "、"), _rules(failed, RULES_EN, "; "), weights.version, failed=failed
        )
    taken = option(person, vacancy, weights, seed)
    kind = kind_of(taken.key, person.groups, cutoffs, held == vacancy.vacancy)
    zh, en = in_words(kind, taken.key, lowest_bar(person.groups, cutoffs))
    return Explanation(
        kind,
        zh,
        en,
        weights.version,
        (),
        taken.utility,
        utility_parts(person, vacancy, weights),
        taken.priority,
        priority_parts(person, vacancy, weights),
        spread(seed, person.person, vacancy.vacancy),
        lottery(seed, person.person),
        taken.key,
        dict(cutoffs),
        tuple(_qualifies_for(person.groups, cutoffs)),
        kind in ("held", "preferred"),
    )


def kind_of(key: int, groups: frozenset[str], cutoffs: Cutoffs, is_held: bool) -> str:
    """Of somebody whom no hard rule keeps out."""
    if is_held:
        return "held"
    if admitted(key, groups, cutoffs):
        return "preferred"
    same_priority = key >> LOTTERY_BITS == lowest_bar(groups, cutoffs) >> LOTTERY_BITS
    return "lottery" if same_priority else "cutoff"


def _qualifies_for(groups: frozenset[str], cutoffs: Cutoffs) -> list[str]:
    return [seat for seat in cutoffs if seat == OPEN or seat in groups]


def lowest_bar(groups: frozenset[str], cutoffs: Cutoffs) -> int:
    """The lowest bar among the seat types that a person qualifies for."""
    return min(cutoff for seat, cutoff in cutoffs.items() if seat == OPEN or seat in groups)


def _rules(failed: tuple[str, ...], words: Mapping[str, str], joint: str) -> str:
    return joint.join(_rule(name, words) for name in failed)


def _rule(name: str, words: Mapping[str, str]) -> str:
    rule, _, detail = name.partition(":")
    return f"{words[rule]} ({detail})" if detail else words[rule]


def in_words(kind: str, key: int, bar: int) -> tuple[str, str]:
    """Chinese and English; `bar` is the lowest one that the person met."""
    points, needed = key >> LOTTERY_BITS, bar >> LOTTERY_BITS
    if kind == "held":
        return f"这就是本人的岗位, 优先分 {points}", f"this is the person's place, with {points} points"
    if kind == "preferred":
        return (
            "本人有资格进入该岗位, 但已得到更中意的岗位",
            "the vacancy was open to the person, who has a place wished for more",
        )
    if kind == "lottery":
        lots = f"{_share(key):.6f} < {_share(bar):.6f}"
        return f"优先分同为 {points}, 抽签号较小: {lots}", f"equal points ({points}), the lot was lower: {lots}"
    if bar == INFINITE:
        return (
            f"没有可供竞争的名额; 本人优先分 {points}",
            f"no opening was left to compete for; the person has {points} points",
        )
    return f"该岗位需要 {needed} 分, 本人 {points} 分", f"the vacancy needed {needed} points, the person has {points}"


def _share(key: int) -> float:
    """A lot as a fraction of the greatest one, for reading only."""
    return (key & ((1 << LOTTERY_BITS) - 1)) / (1 << LOTTERY_BITS)
