"""A visit (走访): who was there on which day, what was found, what the person said, and when to come again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from libs.common.codes.occupations import trainings, words_of_wishes
from libs.common.problems import FieldError, Invalid, one_of
from services.registry.rules.people import Person

# 走访结果: nothing new; something was put right; nobody at home; perhaps moved away, perhaps dead; no phone answers.
Found = Literal["no_change", "changed", "not_home", "perhaps_moved", "perhaps_dead", "phone_wrong"]
# Words of a list, not of one's own.
LISTS = {"occupation": words_of_wishes(), "training": trainings()}
# Somebody was met: a round is settled, and the quarter has seen the person (migration 0023 says it to the database).
SETTLING: tuple[Found, ...] = ("no_change", "changed")
_DEFAULTS: Mapping[str, Any] = {
    "unwilling_reason": None,
    "destinations": [],
    "elsewhere": "none",
    "refused": [],
    "occupation": None,
    "wage_expected": None,
    "wage_minimum": None,
    "available_from": None,
    "experience": 0,
    "certificates": [],
    "restrictions": [],
    "accommodations": [],
    "needs": [],
    "together": None,
    "relatives_city": None,
    "zero_employment": False,
    "training": None,
}


@dataclass(frozen=True, kw_only=True)
class Visit:
    """`wish` is what was said then, as it held from that day on; None: nothing was said."""

    id: UUID
    person: UUID
    visited: date
    visited_by: str
    at: datetime
    source: str
    found: str
    wish: dict[str, Any] | None
    next_visit: date | None


class VisitRefused(Invalid):
    title = "走访内容不符合要求 This visit cannot be taken"


def check_visit(person: Person, visited: date, next_visit: date | None, said: Mapping[str, Any]) -> None:
    """Refuse days that cannot be and words in no list, naming each field."""
    wrong = []
    if visited < person.birth_date:
        wrong.append(FieldError("/on", "before_birth", "早于出生日期 Before the person was born."))
    if next_visit and next_visit <= visited:
        wrong.append(FieldError("/next_visit", "not_later", "须晚于本次走访 Later than this visit."))
    wrong += [
        FieldError(f"/wish/{field}", "not_listed", one_of(known))
        for field, known in LISTS.items()
        if said.get(field) and said[field] not in known
    ]
    if (said.get("wage_minimum") or 0) > (said.get("wage_expected") or said.get("wage_minimum") or 0):
        wrong.append(FieldError("/wish/wage_minimum", "above_expected", "高于期望月薪 Above what is hoped for."))
    if wrong:
        raise VisitRefused("请修正所列字段 Correct the fields listed.", errors=wrong)


def check_met(lives: Collection[UUID], met: Collection[UUID] | None) -> Collection[UUID]:
    """Who of a household was visited: everybody, where nobody is named."""
    if not lives:
        raise VisitRefused("这一户现在没有人 Nobody lives in this household now.")
    wrong = [
        FieldError(f"/people/{place}", "elsewhere", "不住这一户 Does not live in this household.")
        for place, one in enumerate(met or ())
        if one not in lives
    ]
    if wrong:
        raise VisitRefused("请修正所列字段 Correct the fields listed.", errors=wrong)
    return lives if met is None else set(met)


def facts_said(known: Mapping[str, Any] | None, said: Mapping[str, Any], visited: date) -> dict[str, Any]:
    """What holds from this visit on: what was said now over what was said before."""
    facts = {**_DEFAULTS, "available_from": visited.isoformat(), **(known or {}), **said}
    if facts["willing"]:
        return facts | {"unwilling_reason": None}
    return facts | {"together": None}
