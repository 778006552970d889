"""The order of a printed register (一村一册): village by village, household by household, its head first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

Row = Mapping[str, Any]
_HEAD = "户主"


@dataclass(frozen=True)
class VillagePages:
    """The pages of one village: its households in the order of entry, each with who lives there."""

    township: str
    village: str
    homes: list[list[Row]]

    @property
    def people(self) -> int:
        return sum(map(len, self.homes))


def in_order(rows: Iterable[Row]) -> list[VillagePages]:
    """People of a list as a register shows them."""
    ordered = sorted(rows, key=_place)
    return [
        VillagePages(*place, [list(home) for _, home in groupby(found, key=lambda row: row["household"])])
        for place, found in groupby(ordered, key=lambda row: (row["township"], row["village"]))
    ]


def _place(row: Row) -> tuple[str, str, str, bool, str]:
    return row["township"], row["village"], row["household"], row["kinship"] != _HEAD, row["id"]


@dataclass(frozen=True)
class TownshipFigures:
    """A township's villages added up; `share` of its labourers are at work."""

    township: str
    people: int
    households: int
    labourers: int
    employed: int
    with_wish: int
    with_phone: int

    @property
    def share(self) -> float | None:
        return self.employed / self.labourers if self.labourers else None


_SUMMED = ("labourers", "employed", "with_wish", "with_phone")


def shares_of(townships: Iterable[Row]) -> list[TownshipFigures]:
    """Each township, and the county as the last line."""
    lines = [
        TownshipFigures(
            one["township"],
            one["people"],
            one["households"],
            *(sum(each[name] or 0 for each in one["villages"]) for name in _SUMMED),
        )
        for one in townships
    ]
    sums = [sum(getattr(line, name) for line in lines) for name in ("people", "households", *_SUMMED)]
    return [*lines, TownshipFigures("", *sums)] if lines else []
