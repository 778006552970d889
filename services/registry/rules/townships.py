"""Townships (乡镇) that the register knows: asked for another one, it says which there are instead of showing nobody."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.problems import FieldError, Invalid


class TownshipUnknown(Invalid):
    title = "本县名册中没有这个乡镇 No such township in this county's register"


def check_known(township: str, known: Sequence[str]) -> None:
    if township not in known:
        detail = f"可用的有 There are: {', '.join(known) or '—'}"
        raise TownshipUnknown(
            detail, errors=[FieldError("/query/township", "unknown", f"没有 {township} There is no {township}.")]
        )


class PlaceUnknown(Invalid):
    title = "名册中没有这个乡镇或村 No such township or village in the register"


def refuse_place(township: str, village: str, villages: Sequence[str], townships: Sequence[str]) -> PlaceUnknown:
    """Which field is wrong, and what could stand there: villages of the township, or townships where it is unknown."""
    pointer, wrong, known = ("/village", village, villages) if villages else ("/township", township, townships)
    named = f"可用的有 There are: {', '.join(known) or '—'}"
    return PlaceUnknown(named, errors=[FieldError(pointer, "unknown", f"没有 There is no {wrong or '—'}. {named}")])
