"""核查: who must verify a placed person in a quarter. 就业地 verifies who is in work, 户籍地 who is not (MoHRSS notice)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common import problems

# Evidence from weakest to strongest: what the worker said, the employer's roster, a line of wages, social insurance.
Grade = Literal["worker", "roster", "wage_line", "insurance"]
Outcome = Literal["in_work", "left", "unreachable"]


class NotOwner(problems.Conflict):
    title = "本季度核查不归本地 This quarter's verification belongs to the other side"


@dataclass(frozen=True, kw_only=True)
class Verification:
    """One placed person's task of one quarter: whose it is, and what was answered."""

    id: UUID
    introduction: UUID
    county: str
    city: str
    quarter: str
    owner: str
    moved_on: date
    outcome: str | None
    grade: str | None
    answered_on: date | None
    version: int
    person: UUID | None
    guest: UUID | None


@dataclass(frozen=True)
class Finding:
    """What a node found about a placed person in a quarter, and by what evidence."""

    quarter: str
    outcome: str
    grade: str | None
    on: date


@dataclass(frozen=True)
class Placed:
    """Somebody placed who is on no list of a quarter yet, and the city where the person works on its first day."""

    introduction: UUID
    county: str
    works_in: str | None


def owner_of(county: str, works_in: str | None) -> str:
    """The node that answers for a placed person: the city of the spell in effect, else the home county."""
    return f"n{works_in or county}"


def concerns(node: str, placed: Placed) -> bool:
    """The home county lists all its people, a city those who are its own to verify."""
    return node in (f"n{placed.county}", owner_of(placed.county, placed.works_in))


def check_answer(outcome: str, grade: str | None) -> None:
    """Whoever was found has evidence with a grade; nobody reached has none."""
    if outcome == "unreachable" and grade is not None:
        raise problems.refuse_field(
            "/grade", "not_for_unreachable", "未联系上不填证据等级 Nobody reached, no evidence."
        )
    if outcome != "unreachable" and grade is None:
        raise problems.refuse_field("/grade", "missing", "请填证据等级 Say what the evidence is.")
