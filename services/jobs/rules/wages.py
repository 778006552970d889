"""Wage text (薪资待遇) as figures of a basis and as a month's wage, so that it can be compared and vetted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from libs.common.sheets.numbers import without_endless
from libs.common.sheets.wage_figures import Basis, Figure, bases_of, in_month, read_figures

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


def read_wage(text: str) -> Wage:
    """The lowest and the highest figure stated on the basis that says most: a month's if there is one.

    A trial, base or guaranteed wage (试用, 底薪, 保底) counts as the lower figure: it is what can be relied on.
    """
    if text.startswith("="):
        return Wage(None, None, "negotiable")  # a formula that nobody has calculated
    text = _close_up(without_endless(text))
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
    named = bases_of(figures, text)
    for basis in ("month", "year", "week", "day", "hour"):
        chosen = [figure for figure, stated in zip(figures, named, strict=True) if stated == basis and figure.high > 0]
        if chosen:
            return basis, chosen
    return "negotiable", []


def _bounded(low: Decimal, high: Decimal, basis: Basis, chosen: list[Figure], text: str) -> Wage:
    if any(figure.ranged for figure in chosen) or low != high:
        return Wage(low, high, basis)
    if _ONLY_ABOVE.search(text) and not _OPEN_ABOVE.search(text):
        return Wage(None, high, basis)
    open_above = _OPEN_ABOVE.search(text.replace("计件", "") if basis == "piece" and "保底" not in text else text)
    return Wage(low, None if open_above else high, basis)
