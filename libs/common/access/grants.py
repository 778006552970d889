"""From a caller and a line of the table to a grant (授权): whether, how far, and which fields; 403 with the reason otherwise."""

from __future__ import annotations

from uuid import UUID

from libs.common.access.policy import POLICY, ROLES, Cell
from libs.common.access.reach import Kind, Reach
from libs.common.identity import Caller, prefix_of
from libs.common.problems import Forbidden


def grant(caller: Caller, action: str, home: str) -> Caller:
    """The caller with the reach and the fields that the table gives this action at a node (its division code)."""
    cell = check_also(caller, action)
    return caller.granted(_reach(caller, cell.reach, home), cell.fields)


def check_also(caller: Caller, action: str) -> Cell:
    """What the table gives the caller for an action; 403 when nothing."""
    cell = cell_for(caller, action)
    if cell is None:
        raise Forbidden(
            f"角色 {caller.role} 无权办理「{POLICY[action].chinese}」 Role {caller.role} may not: {POLICY[action].english} ({action})."
        )
    return cell


def in_scope(caller: Caller, action: str) -> bool:
    """A system is let in by the actions that its token names, within what its role may; a person by the role alone."""
    return ROLES[caller.role].bound_to != "scope" or action in caller.scopes


def cell_for(caller: Caller, action: str) -> Cell | None:
    """What the table gives this caller for another action, e.g. whether a page may offer it."""
    return POLICY[action].cells.get(caller.role) if in_scope(caller, action) else None


def _reach(caller: Caller, kind: Kind, home: str) -> Reach:
    whose = _WHOSE[kind](caller, home) if kind in _WHOSE else ()
    return Reach(kind, whose)


def _divisions(caller: Caller) -> tuple[str, ...]:
    """Whole divisions as prefixes; a township is none, and neither is what is no code of six digits."""
    return tuple(prefix_of(region) for region in caller.regions if len(region) == 6 and region.isdecimal())


def _of_node(caller: Caller, home: str) -> tuple[str, ...]:
    found = _divisions(caller)
    if not home.startswith(found or ("-",)):
        raise Forbidden(f"地区 {home} 不在授权范围内 Division {home} is outside the caller's regions.")
    return found


def _of_townships(caller: Caller, home: str) -> tuple[str, ...]:
    bound = (region.split(":", 1) for region in caller.regions if ":" in region)
    found = tuple(township for division, township in bound if home.startswith(prefix_of(division)))
    if not found:
        raise Forbidden("令牌没有本县的乡镇 The token names no township of this county.")
    return found


def _of_county(caller: Caller, home: str) -> tuple[str, ...]:
    found = _divisions(caller)
    if not found:
        raise Forbidden("令牌没有来源县 The token names no home county.")
    return found


def _of_organisation(caller: Caller, home: str) -> tuple[str, ...]:
    if not caller.organisation:
        raise Forbidden("令牌没有单位 The token names no organisation.")
    return (caller.organisation,)


def _of_person(caller: Caller, home: str) -> tuple[str, ...]:
    try:
        return (str(UUID(caller.subject)),)
    except ValueError as error:
        raise Forbidden("令牌没有本人编号 The token names no person by id.") from error


_WHOSE = {
    "node": _of_node,
    "counts": _of_node,
    "townships": _of_townships,
    "county": _of_county,
    "organisation": _of_organisation,
    "self": _of_person,
}
