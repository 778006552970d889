"""Which rows a caller may see: by region, a cadre by township, an employer by its own organisation."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.identity import Caller, prefix_of
from libs.common.problems import Forbidden


@dataclass(frozen=True)
class Sight:
    """What may be seen: division prefixes that a row's county or city must have, townships, one employer."""

    prefixes: tuple[str, ...]
    townships: tuple[str, ...] = ()
    employer: str | None = None


def sight_of(caller: Caller) -> Sight:
    """The rows open to an officer, cadre or auditor, whose scopes the door has checked."""
    return Sight(tuple(prefix_of(region.split(":", 1)[0]) for region in caller.regions), caller.townships)


def sight_of_either(caller: Caller, scope: str) -> Sight:
    """For what an employer (用人单位) may do for its own people as well: it has `matching:hire` in place of the scope."""
    if caller.role != "employer":
        caller.check_scopes([scope])
        return sight_of(caller)
    caller.check_scopes(["matching:hire"])
    if not caller.organisation:
        raise Forbidden("令牌没有单位 The token names no organisation.")
    return Sight(tuple(prefix_of(region) for region in caller.regions), employer=caller.organisation)
