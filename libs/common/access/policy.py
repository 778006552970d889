"""Who may do what (权限表): the one table of role × action × reach × fields, read from policy.csv, where officials can read it too."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import get_args

from libs.common.access.reach import Kind


@dataclass(frozen=True)
class Role:
    """A role (角色), and what its token must name: a region, townships, an organisation, a person, or scopes."""

    name: str
    chinese: str
    english: str
    bound_to: str


@dataclass(frozen=True)
class Cell:
    """What one role may do with one action: which rows, and which fields that others do not see."""

    reach: Kind
    fields: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return " ".join([self.reach, *sorted(self.fields)])


@dataclass(frozen=True)
class Action:
    """One line of the table (事项). A role without a cell may not."""

    name: str
    chinese: str
    english: str
    cells: Mapping[str, Cell]


class PolicyFault(ValueError):
    """The table cannot be read as one; the service does not start with it."""


def _rows(name: str) -> list[dict[str, str]]:
    with (files("libs.common.access") / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, strict=True))


def _cell(text: str, where: str) -> Cell:
    reach, *fields = text.split()
    for kind in get_args(Kind):
        if kind == reach and kind not in ("nothing", "service"):
            return Cell(kind, frozenset(fields))
    raise PolicyFault(f"{where}: there is no reach {reach}")


def read_roles() -> dict[str, Role]:
    """The roles by name, in the order of the table's columns."""
    return {row["role"]: Role(row["role"], row["角色"], row["English"], row["bound_to"]) for row in _rows("roles.csv")}


def read_actions(roles: Mapping[str, Role]) -> dict[str, Action]:
    """The lines by action; raises PolicyFault for a column that is no role, a doubled line, or a cell that says nothing known."""
    actions: dict[str, Action] = {}
    for row in _rows("policy.csv"):
        name, chinese, english = row.pop("action"), row.pop("事项"), row.pop("English")
        if row.keys() != roles.keys() or name in actions:
            raise PolicyFault(f"{name}: doubled, or its columns are not the roles")
        cells = {role: _cell(text, f"{name}/{role}") for role, text in row.items() if text}
        actions[name] = Action(name, chinese, english, cells)
    return actions


ROLES = read_roles()
POLICY = read_actions(ROLES)


def cell_of(role: str, action: str) -> Cell | None:
    """What a role may do with an action; None: it may not. An action without a line is a fault of the code."""
    return POLICY[action].cells.get(role)
