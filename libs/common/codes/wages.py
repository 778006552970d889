"""Minimum wages (最低工资标准) by place, day and basis: yuan a month for full time, yuan an hour for part time (非全日制).

The one for an hour is a figure of its own and no part of a month's. What no notice gives is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from libs.common.codes import data

Basis = Literal["month", "hour"]


class Minimum(NamedTuple):
    """A figure and the day from which it holds, until the next one of its place and basis does."""

    since: date
    yuan: float


def minimum_wage(place: str, on: date | None = None) -> float | None:
    """The month's minimum by which a wage of that day is judged; the newest one without a day; None where none is known."""
    found = minimum_of(place, on)
    return found.yuan if found else None


def minimum_of(place: str, on: date | None = None, basis: Basis = "month") -> Minimum | None:
    """The minimum of a city on a day with the day from which it holds; where none is known for it, the next one, which is no lower:
    minimums rise."""
    known = list(_minimums(place, basis))
    valid = [each for each in known if on is None or each.since <= on]
    return max(valid) if valid else min(known, default=None)


def _minimums(place: str, basis: Basis) -> Iterator[Minimum]:
    for row in data.read("minimum_wages")["minimums"]:
        if (row["place"], row["basis"]) == (place, basis):
            yield Minimum(date.fromisoformat(row["from"]), row["yuan"])
