"""Groups of people that are computed and not said (群体): by a rule with a version, from what the register knows on a day.

Which households are 零转移就业 follows from their members' work; that a household is one of zero employment (零就业家庭) somebody says at a visit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class ZeroTransfer:
    """零转移就业: which places of work are a transfer out of one's own fields."""

    version: str
    source: str
    work_places: tuple[str, ...]


@cache
def zero_transfer() -> ZeroTransfer:
    told = json.loads((files("services.registry.rules") / "groups.json").read_text(encoding="utf-8"))["zero_transfer"]
    return ZeroTransfer(**{**told, "work_places": tuple(told["work_places"])})
