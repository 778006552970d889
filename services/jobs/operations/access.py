"""Who may see and change what: an officer his region, an employer the vacancies of his own firm."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from libs.common.identity import Caller, prefix_of
from libs.common.problems import Forbidden


def regions_of(caller: Caller) -> tuple[str, ...]:
    """The division prefixes a caller's lists are narrowed to."""
    return tuple(prefix_of(region.split(":", 1)[0]) for region in caller.regions)


def own_firm(caller: Caller) -> str | None:
    """The credit code an employer is bound to; None for officers, who are bound to regions alone."""
    return caller.organisation if caller.role == "employer" else None


def check_reach(caller: Caller, city: str, uscc: str | None) -> None:
    """403 for a division outside the caller's regions, or another firm's vacancy."""
    caller.check(city)
    firm = own_firm(caller)
    if firm is not None and (not firm or firm != uscc):
        raise Forbidden("只能处理本企业的岗位 An employer deals with its own vacancies only.")


def check_row(caller: Caller, vacancy: Row[Any]) -> None:
    check_reach(caller, vacancy.city, vacancy.employer_uscc)
