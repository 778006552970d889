"""Who has left the register (减员): how and from which day on; they leave every list, every count and the supply, never the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args
from uuid import UUID

from libs.common.problems import Conflict, FieldError, Invalid
from services.registry.rules.people import Person

Way = Literal["dead", "moved_out", "settled_abroad", "missing", "other"]
WAYS: tuple[Way, ...] = get_args(Way)
WORDS: Mapping[str, tuple[str, str]] = {
    "dead": ("死亡", "has died"),
    "moved_out": ("户籍迁出", "has moved out of the county"),
    "settled_abroad": ("出国（境）定居", "has settled abroad"),
    "missing": ("失踪", "is missing"),
    "other": ("其他减员", "has left for another reason"),
}
Return = Literal["came_back", "entered_by_mistake"]


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Gone from `on` to the day before `returned_on`; entered by mistake, on no day at all."""

    id: UUID
    person: UUID
    way: str
    on: date
    returned_on: date | None = None


class PersonLeft(Conflict):
    title = "此人已减员 This person has left the register"


class DepartureRefused(Invalid):
    title = "减员或返回登记有误 This departure or return cannot be"


def check_here(person: Person) -> None:
    """Whatever is written of a person is refused once they have left, saying what to do if that was wrong."""
    if person.left_on is None:
        return
    raise PersonLeft(
        f"自「{person.left_on}」起已减员；如有误或已返回，先登记返回（returns）。"
        f" Since {person.left_on} this person is gone: record the return first if that is wrong or over.",
        extensions={"left": {"way": person.left_as, "on": str(person.left_on)}},
    )


def check_departure(person: Person, way: Way, on: date, reason: str | None) -> None:
    wrong = []
    if on < person.birth_date:
        wrong.append(FieldError("/on", "before_birth", "早于出生日期 Before the person was born."))
    if way == "other" and not reason:
        wrong.append(FieldError("/reason", "missing", "请写明原因 Say why."))
    if wrong:
        raise DepartureRefused(errors=wrong)


def check_return(departure: Departure, kind: Return, on: date, reason: str | None) -> None:
    wrong = []
    if kind == "came_back" and on < departure.on:
        wrong.append(
            FieldError(
                "/on", "before_departure", f"早于减员日期「{departure.on}」 Before the departure on {departure.on}."
            )
        )
    if kind == "came_back" and departure.way == "dead":
        told = "死亡不能返回；登记有误的，情形选「登记有误，没有离开」（entered_by_mistake） Nobody comes back from death: say entered_by_mistake."
        wrong.append(FieldError("/kind", "dead", told))
    if kind == "entered_by_mistake" and not reason:
        wrong.append(FieldError("/reason", "missing", "请写明原因 Say why."))
    if wrong:
        raise DepartureRefused(errors=wrong)


def text_of_departure(departure: Departure | None) -> str:
    """As a change keeps it."""
    return f"{WORDS[departure.way][0]} {departure.on}" if departure else ""
