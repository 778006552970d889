"""Townships (乡镇) that the register knows: asked for another one, it says which there are instead of showing nobody."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.problems import FieldError, Invalid, one_of


class TownshipUnknown(Invalid):
    title = "本县名册中没有这个乡镇 No such township in this county's register"


def check_known(township: str, known: Sequence[str]) -> None:
    if township not in known:
        raise TownshipUnknown(
            one_of(known),
            errors=[FieldError("/query/township", "unknown", f"没有「{township}」 There is no {township}.")],
        )


class PlaceUnknown(Invalid):
    title = "名册中没有这个乡镇或村 No such township or village in the register"


def refuse_place(township: str, village: str, villages: Sequence[str], townships: Sequence[str]) -> PlaceUnknown:
    """Which field is wrong, and what could stand there: villages of the township, or townships where it is unknown."""
    pointer, wrong, known = ("/village", village, villages) if villages else ("/township", township, townships)
    names, given = ", ".join(known) or "—", wrong or "—"
    message = f"没有「{given}」，可用的有「{names}」 There is no {given}, but one of: {names}"
    return PlaceUnknown(one_of(known), errors=[FieldError(pointer, "unknown", message)])
