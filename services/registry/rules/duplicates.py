"""Somebody who is in the register already (查重): refused with the place where they stand, as far as the caller may see it."""

from __future__ import annotations

from uuid import UUID

from libs.common.problems import Conflict, FieldError

ELSEWHERE = "已登记在本县其他乡镇 On record elsewhere in this county."


class NumberTaken(Conflict):
    title = "证件号码已在登记册中 This identity number is in the register already"


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
