"""Wage text (薪资待遇) as figures of a basis and as a month's wage, so that it can be compared and vetted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from services.jobs.rules.figures import Basis, Figure, read_figures

# 人社部 2008 (21.75 paid days of 8 hours a month): an hour 174 times, a day 21.75 times, a week 4.35 times, a year / 12.
MONTHS: dict[Basis, Decimal] = {
    "month": Decimal(1),
    "piece": Decimal(1),
    "hour": Decimal(174),
    "day": Decimal("21.75"),
    "week": Decimal("4.35"),
    "year": Decimal(1) / 12,
}
_OPEN_ABOVE = re.compile(
    r"以上|起|\d(?:[万千k]|元|/月|/年|月)*\+(?:$|[,;。)])|\d元?[-~]+$|不低于|不少于|保底|底薪|最低|≥|>|上不封顶|基本工资|多劳多得|提成|计件|绩效|\+(?:奖金|加班)|↑"
)
_ONLY_ABOVE = re.compile(r"以下|以内|封顶|不超过|不高于|最高|≤|<")
_PIECE = re.compile(r"计件|按件|记件|件薪|件计|计量|单价")


@dataclass(frozen=True)
class Wage:
    """Yuan of the basis; None where the text names no figure. `text` is what the sheet says."""

    low: Decimal | None
    high: Decimal | None
    basis: Basis

    @property
    def monthly_min(self) -> int | None:
        return in_month(self.low, self.basis)

    @property
    def monthly_max(self) -> int | None:
        return in_month(self.high, self.basis)


def in_month(amount: Decimal | None, basis: Basis) -> int | None:
    """An amount of a basis as whole yuan a month, rounded down."""
    if amount is None or basis == "negotiable":
        return None
    return int(amount / 12 if basis == "year" else amount * MONTHS[basis])


def read_wage(text: str) -> Wage:
    """The lowest and the highest figure stated on the basis that says most: a month's if there is one.

    A trial, base or guaranteed wage (试用, 底薪, 保底) counts as the lower figure: it is what can be relied on.
    """
    text = _close_up(text)
    piece = _PIECE.search(text) is not None
    figures = [figure for figure in read_figures(text) if figure.basis != "piece"]
    basis, chosen = _chosen(figures, text)
    if not chosen:
        return Wage(None, None, "piece" if piece else "negotiable")
    low, high = min(figure.low for figure in chosen), max(figure.high for figure in chosen)
    return _bounded(low, high, "piece" if piece and basis == "month" else basis, chosen, text)


def _close_up(text: str) -> str:
    """Blanks away, save between two numbers: `4 500` and `45 00` are one, `3500 4500` are two."""
    joined = re.sub(r"(?<![\d.])\d{1,3}(?: \d{3})+(?!\d)", lambda found: found[0].replace(" ", ""), text)
    if not re.search("时|天|日", joined):
        joined = re.sub(
            r"(?<![\d.])(?:\d{1,2} \d{2,3}|\d{3} \d)(?![\d.])", lambda found: found[0].replace(" ", ""), joined
        )
    return re.sub(r"(?<!\d) | (?!\d)", "", joined)


def _chosen(figures: list[Figure], text: str) -> tuple[Basis, list[Figure]]:
    named = [_named(figure, text) for figure in figures]
    for basis in ("month", "year", "week", "day", "hour"):
        chosen = [figure for figure, stated in zip(figures, named, strict=True) if stated == basis and figure.high > 0]
        if chosen:
            return basis, chosen
    return "negotiable", []


def _named(figure: Figure, text: str) -> Basis:
    """A bare figure is a month's, unless it is far too small for one and the text speaks of days or hours."""
    if figure.basis == "day" and figure.low >= 2000:
        return "month"
    if figure.basis is not None:
        return figure.basis
    if figure.high < 100 and re.search("小时|时薪|钟点|计时", text):
        return "hour"
    if figure.high < 1000 and re.search("日结|日薪|按天|天", text):
        return "day"
    return "year" if re.search("年薪", text) and figure.low >= 20000 else "month"


def _bounded(low: Decimal, high: Decimal, basis: Basis, chosen: list[Figure], text: str) -> Wage:
    if any(figure.ranged for figure in chosen) or low != high:
        return Wage(low, high, basis)
    if _ONLY_ABOVE.search(text) and not _OPEN_ABOVE.search(text):
        return Wage(None, high, basis)
    open_above = _OPEN_ABOVE.search(text.replace("计件", "") if basis == "piece" and "保底" not in text else text)
    return Wage(low, None if open_above else high, basis)
