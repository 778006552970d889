"""Minimum wages (最低工资标准) by place and date, yuan a month."""

from __future__ import annotations

from datetime import date

from libs.common.codes import data


def minimum_wage(place: str, on: date | None = None) -> int | None:
    """The minimum of a city on a day; without a day, or before the first one known, the one that is known."""
    known = sorted((row["from"], row["yuan"]) for row in data.read("minimum_wages")["wages"] if row["place"] == place)
    valid = [yuan for since, yuan in known if on is None or date.fromisoformat(since) <= on]
    return valid[-1] if valid else (known[0][1] if known else None)
