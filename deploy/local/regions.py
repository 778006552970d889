"""Which nodes (节点) there are on this machine and who exchanges events with whom: regions.json, read once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deploy.local.errors import OperatorError

_LISTED = Path(__file__).with_name("regions.json")


class UnknownNode(OperatorError):
    """A node that regions.json does not list."""


@dataclass(frozen=True)
class Region:
    """A county, city or province with a node of its own; partners are the nodes whose events it receives."""

    node: str
    name: str
    english: str
    role: str
    partners: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.node[1:]

    @property
    def title(self) -> str:
        return f"{self.name} {self.english} ({self.role})"


@cache
def all_regions() -> dict[str, Region]:
    listed = json.loads(_LISTED.read_text(encoding="utf-8"))
    return {one["node"]: Region(**{**one, "partners": tuple(one["partners"])}) for one in listed}


def region_of(name: str) -> Region:
    """The region named `n433124` or by its bare code `433124`."""
    node = name if name.startswith("n") else f"n{name}"
    if node not in all_regions():
        raise UnknownNode(f"there is no node {name}: known are {', '.join(all_regions())}")
    return all_regions()[node]


def regions_of(names: Iterable[str]) -> list[Region]:
    """The named regions in the order of the list; all of them when none is named."""
    chosen = {region_of(name).node for name in names}
    return [region for region in all_regions().values() if not chosen or region.node in chosen]
