"""Allotting openings to a run (配额) as a page: what was filled in as the body that matching takes, and each refusal at its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from services.console.rules.forms import Refused

# The name of a vacancy's field on the page.
OPENINGS = "openings."
# One of the vacancies that may be given, as matching lists it.
Row = Mapping[str, Any]


class Share(TypedDict):
    """Of one vacancy; `openings` as it was typed where that is no number."""

    vacancy: str
    openings: int | str
    reserved: dict[str, int]


class Allotment(TypedDict):
    """What is sent to matching."""

    allotted: list[Share]


def body_of(rows: Iterable[Row], filled: Mapping[str, Sequence[str]]) -> Allotment:
    """The rows with a number other than none; what is no number goes as it was typed, so that the service says so."""
    allotted = []
    for row in rows:
        text = next(iter(filled.get(f"{OPENINGS}{row['vacancy']}", ())), "").strip()
        if text and text != "0":
            allotted.append(_share(row, int(text) if text.isascii() and text.isdigit() else text))
    return {"allotted": allotted}


def everything(rows: Iterable[Row]) -> Allotment:
    """All that is left of every vacancy."""
    return {"allotted": [_share(row, row["openings_left"]) for row in rows]}


def _share(row: Row, openings: int | str) -> Share:
    """Openings reserved for a group are given first, as far as so many are given at all."""
    left = openings if isinstance(openings, int) else 0
    reserved: dict[str, int] = {}
    for group, seats in (row["reserved"] or {}).items():
        given = min(int(seats), left)
        left -= given
        reserved |= {group: given} if given else {}
    return {"vacancy": row["vacancy"], "openings": openings, "reserved": reserved}


def errors_by_vacancy(body: Allotment, errors: Iterable[Refused]) -> tuple[dict[str, str], list[str]]:
    """`/allotted/2/openings` belongs to the third vacancy that was sent; the others belong to none."""
    beside: dict[str, str] = {}
    others: list[str] = []
    sent = body["allotted"]
    for error in errors:
        _, what, at, *_ = (*error.pointer.split("/"), "", "")
        if what == "allotted" and at.isdigit() and int(at) < len(sent):
            beside[str(sent[int(at)]["vacancy"])] = error.message
        else:
            others.append(error.message)
    return beside, others
