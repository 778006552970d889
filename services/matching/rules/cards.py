"""What a city may say of the cards (求职卡) that reached one of its vacancies: who sits, what each claims, how far the cutoff is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.matching.rules.choice import INFINITE, Applicant, Cutoffs, choose
from services.matching.rules.explain import in_words, kind_of, lowest_bar
from services.matching.rules.facts import Vacancy
from services.matching.rules.scores import LOTTERY_BITS, Parts, key_of, lottery
from services.matching.rules.weights import Weights

SEATED, CLOSED = "seated", "closed"


@dataclass(frozen=True, slots=True)
class ProposedCard:
    """Somebody of a county (its division code) under the pseudonym of a run; priority and reserve groups are all that a card says."""

    person: str
    county: str
    priority: int
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a card stands. `kind` is seated, cutoff, lottery or closed (no opening to compete for); `seat` the type it sits on;
    `needed` the points of the lowest cutoff that it met, None where there is nothing to compete for."""

    card: ProposedCard
    kind: str
    seat: str | None
    priority_parts: Parts
    lottery: int
    needed: int | None
    zh: str
    en: str


@dataclass(frozen=True)
class Held:
    """A vacancy's seats after some cards: the cutoffs, how many cards came and sit, and the best of them."""

    cutoffs: Cutoffs
    cards: int
    seated: int
    best: tuple[Standing, ...]


def hold(vacancy: Vacancy, cards: Iterable[ProposedCard], weights: Weights, seed: bytes, limit: int) -> Held:
    """Whoever sits first, by key; then the others, the nearest to a seat first. The order in which cards came means nothing."""
    known = {card.person: card for card in cards}
    applicants = {
        name: Applicant(name, key_of(card.priority, lottery(seed, name)), card.groups) for name, card in known.items()
    }
    seats, cutoffs = choose(vacancy, applicants.values(), weights.reserve_groups)
    order = sorted(applicants.values(), key=lambda each: _distance(each, seats, cutoffs))[:limit]
    best = tuple(
        _standing(known[each.person], each.key, seats.get(each.person), cutoffs, vacancy.city, weights)
        for each in order
    )
    return Held(cutoffs, len(known), len(seats), best)


def _distance(each: Applicant, seats: Mapping[str, str], cutoffs: Cutoffs) -> tuple[bool, int, str]:
    is_out = each.person not in seats
    return is_out, (lowest_bar(each.groups, cutoffs) if is_out else 0) - each.key, each.person


def _standing(
    card: ProposedCard, key: int, seat: str | None, cutoffs: Cutoffs, city: str, weights: Weights
) -> Standing:
    bar = lowest_bar(card.groups, cutoffs)
    kind = _kind(key, card.groups, cutoffs, seat, bar)
    needed = None if bar == INFINITE else bar >> LOTTERY_BITS
    return Standing(
        card, kind, seat, _parts(card, city, weights), key & ((1 << LOTTERY_BITS) - 1), needed, *_words(kind, key, bar)
    )


def _kind(key: int, groups: frozenset[str], cutoffs: Cutoffs, seat: str | None, bar: int) -> str:
    if seat:
        return SEATED
    return CLOSED if bar == INFINITE else kind_of(key, groups, cutoffs, is_held=False)


def _parts(card: ProposedCard, city: str, weights: Weights) -> Parts:
    """As far as a card tells; `rest` is experience, schooling, occupation, burden and what a couple shares, in one."""
    groups = weights.points_of(card.groups)
    agreement = weights.agreement if (card.county, city) in weights.agreements else 0
    return {"groups": groups, "agreement": agreement, "rest": card.priority - groups - agreement}


def _words(kind: str, key: int, bar: int) -> tuple[str, str]:
    points, needed = key >> LOTTERY_BITS, bar >> LOTTERY_BITS
    if kind == SEATED and not bar:
        return f"已录取, 名额尚有余; 此卡 {points} 分", f"seated, and openings are left; this card has {points} points"
    if kind == SEATED:
        return (
            f"已录取: 录取线 {needed} 分, 此卡 {points} 分",
            f"seated: the place needed {needed} points, this card has {points}",
        )
    if kind == CLOSED:
        return (
            f"没有可供竞争的名额; 此卡 {points} 分",
            f"no opening was left to compete for; this card has {points} points",
        )
    if kind == "lottery":
        return in_words(kind, key, bar)
    return f"该岗位需要 {needed} 分, 此卡 {points} 分", f"this place needed {needed} points, this card had {points}"
