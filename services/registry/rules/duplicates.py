"""Somebody who is in the register already (查重): refused with the place where they stand, as far as the caller may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import JsonValue

from libs.common.problems import Conflict, FieldError
from services.registry.rules.people import Person

ELSEWHERE = "已登记在本县其他乡镇 On record elsewhere in this county."


@dataclass(frozen=True)
class Likeness:
    """Who has the number, and who is perhaps the same: those whom the caller may see, and how many there are elsewhere."""

    known: bool = False
    known_as: UUID | None = None
    candidates: Sequence[Person] = ()
    elsewhere: int = 0

    def unsettled(self, different_from: Sequence[UUID]) -> bool:
        """Whether somebody is left of whom nobody has said that it is another person."""
        return bool(self.elsewhere) or any(each.id not in different_from for each in self.candidates)


class NumberTaken(Conflict):
    title = "证件号码已在登记册中 This identity number is in the register already"


class PossibleDuplicate(Conflict):
    title = "疑似已登记，请确认 Perhaps in the register already: confirm"


def refuse_taken(known_as: UUID | None) -> NumberTaken:
    """`known_as`: who has it, where the caller may see that person."""
    address = f"/registry/v1/labourers/{known_as}" if known_as else None
    error = FieldError(
        "/number", "number_taken", f"已登记：「{address}」 On record: {address}." if address else ELSEWHERE
    )
    return NumberTaken(
        "请核对证件号码，或打开已有的人 Check the number, or open the person on record.",
        errors=[error],
        extensions={"known_as": address},
    )


def refuse_likeness(candidates: JsonValue, elsewhere: int) -> PossibleDuplicate:
    """With those who are perhaps the same, masked."""
    return PossibleDuplicate(
        "同名、同出生日期或同村相近的人已登记；核对后确认不是同一人（confirmed），或逐一列出（different_from）。"
        " Somebody alike is on record: list them in different_from when they are others, or say confirmed.",
        errors=[FieldError("/confirmed", "possible_duplicate", "请确认不是同一人 Say that it is another person.")],
        extensions={"candidates": candidates, "elsewhere": elsewhere},
    )
