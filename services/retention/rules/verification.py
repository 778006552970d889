"""核查: who must verify a placed person in a quarter. 就业地 verifies who is in work, 户籍地 who is not (MoHRSS notice)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from libs.common import problems
from services.retention.rules.calendar import days_of_quarter
from services.retention.rules.spells import Spell

# Evidence from weakest to strongest: what the worker said, the employer's roster, a line of wages, social insurance.
Grade = Literal["worker", "roster", "wage_line", "insurance"]
Outcome = Literal["in_work", "left", "unreachable"]


class NotOwner(problems.Conflict):
    title = "本季度核查不归本地 This quarter's verification belongs to the other side"


def owner_on(county: str, spells: Iterable[Spell], day: date) -> str:
    """The node that answers for a placed person on a day: the city of the spell in effect, else the home county."""
    for spell in spells:
        if spell.covers(day):
            return f"n{spell.city}"
    return f"n{county}"


def owner_of_quarter(county: str, spells: Iterable[Spell], quarter: str, as_of: date) -> str:
    """The owner of a quarter's task as things stand on a day: the situation on that day, kept within the quarter.

    Before the quarter it is the situation of its first day, after it the last day's: exactly one owner at any time.
    """
    first, last = days_of_quarter(quarter)
    return owner_on(county, spells, min(max(as_of, first), last))


def check_answer(outcome: str, grade: str | None) -> None:
    """Whoever was found has evidence with a grade; nobody reached has none."""
    if outcome == "unreachable" and grade is not None:
        raise problems.refuse_field(
            "/grade", "not_for_unreachable", "未联系上不填证据等级 Nobody reached, no evidence."
        )
    if outcome != "unreachable" and grade is None:
        raise problems.refuse_field("/grade", "missing", "请填证据等级 Say what the evidence is.")
