"""The ledger of promises (承诺台账): what a post published beside what was paid and kept, and how much of it is told to others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Literal
from uuid import UUID

from libs.common.small_numbers import Told, is_small, tell, tell_mean, tell_sum

RULE = "promises 1"
By = Literal["vacancy", "employer"]
# Means are told to a hundred yuan.
MEAN_FEN = 10_000
# Of what is offered, what no service records whether it was kept; insurance is known from a month's payment.
UNRECORDED = ("board", "lodging")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """公布的条件: from `on`, the lowest wage in yuan a month (0: none stated), openings, and what comes with the post."""

    vacancy: UUID
    on: date
    wage: int
    openings: int
    offers: list[str]


@dataclass(frozen=True, kw_only=True)
class Wages:
    """Whole months of work with a wage on record beside the lowest wage promised when the person was hired. Sums in fen.

    `paid` are the people behind them, `kept` the months paid at least as promised, `insured` those known from insurance payments.
    """

    paid: int = 0
    months: int = 0
    kept: int = 0
    insured: int = 0
    promised_sum_fen: int = 0
    paid_sum_fen: int = 0

    def __add__(self, other: Wages) -> Wages:
        mine, theirs = vars(self), vars(other)
        return Wages(**{name: mine[name] + theirs[name] for name in mine})


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One post, or a firm as a whole (no vacancy), exactly. Who moves from one post of a firm to another one came to both."""

    key: UUID
    city: str
    employer_uscc: str | None
    employer_name: str
    vacancy: UUID | None
    title: str
    openings: int
    offers: list[str]
    hired: int
    came: int
    wages: Wages


@dataclass(frozen=True, kw_only=True)
class ToldPromise:
    """The same as everybody is told it; None where fewer than five people's wages are on record."""

    openings: int
    offers: list[str]
    hired: Told
    came: Told
    paid: Told
    months: Told | None = None
    kept: Told | None = None
    insured: Told | None = None
    promised_fen: int | None = None
    paid_fen: int | None = None
    vacancy: UUID | None = None
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class StatedPromise:
    """A line as a city has stated it, kept here."""

    id: UUID
    city: str
    employer_uscc: str
    employer_name: str
    vacancy: UUID | None
    stated_on: date
    told: ToldPromise


def mean_fen(sum_fen: int, months: int) -> int | None:
    return round(sum_fen / months) if months else None


def unrecorded(offers: Iterable[str], insured: Told | None) -> list[str]:
    """What was promised and nobody has on record whether it was kept: told as that and never as kept."""
    known = {"insurance"} if insured else set()
    return [offer for offer in offers if offer in (*UNRECORDED, "insurance") and offer not in known]


def firm_of(key: UUID, posts: Sequence[Promise]) -> Promise:
    """A firm as a whole: what its posts add up to, and what any of them offers."""
    last = posts[-1]
    return Promise(
        key=key,
        city=last.city,
        employer_uscc=last.employer_uscc,
        employer_name=last.employer_name,
        vacancy=None,
        title="",
        openings=sum(post.openings for post in posts),
        offers=sorted({offer for post in posts for offer in post.offers}),
        hired=sum(post.hired for post in posts),
        came=sum(post.came for post in posts),
        wages=_sum_of(post.wages for post in posts),
    )


def tell_post(post: Promise) -> ToldPromise:
    """小数抑制: one post as everybody is told it."""
    told = ToldPromise(
        vacancy=post.vacancy,
        title=post.title,
        openings=post.openings,
        offers=post.offers,
        hired=tell(post.hired),
        came=tell(post.came),
        paid=tell(post.wages.paid),
    )
    return _with_wages(told, post.wages)


def tell_firm(posts: Sequence[Promise]) -> ToldPromise:
    """The firm, made of what is told: whoever takes its posts away from it is left with nobody, or with five people or more."""
    told = ToldPromise(
        openings=sum(post.openings for post in posts),
        offers=sorted({offer for post in posts for offer in post.offers}),
        hired=tell_sum(tell(post.hired) for post in posts),
        came=tell_sum(tell(post.came) for post in posts),
        paid=tell_sum(tell(post.wages.paid) for post in posts),
    )
    return _with_wages(told, told_wages([post.wages for post in posts]))


def told_wages(posts: Sequence[Wages]) -> Wages:
    """What a firm's wages are told of: the posts that are told one by one, and the small ones where together they are no longer few."""
    large = [post for post in posts if not is_small(post.paid)]
    rest = _sum_of(post for post in posts if is_small(post.paid))
    return _sum_of(large if is_small(rest.paid) else [*large, rest])


def _with_wages(told: ToldPromise, wages: Wages) -> ToldPromise:
    if wages.paid == 0 or is_small(wages.paid):
        return told
    return replace(
        told,
        months=tell(wages.months),
        kept=tell(wages.kept),
        insured=tell(wages.insured),
        promised_fen=tell_mean(wages.promised_sum_fen, wages.months, MEAN_FEN),
        paid_fen=tell_mean(wages.paid_sum_fen, wages.months, MEAN_FEN),
    )


def _sum_of(wages: Iterable[Wages]) -> Wages:
    return reduce(Wages.__add__, wages, Wages())
