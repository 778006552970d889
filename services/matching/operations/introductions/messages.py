"""What is told of an introduction: by each side to the other, ids and pseudonyms, never a name; by the city to its own offices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TypedDict
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.envelope import Event
from libs.common.events.matching import (
    IntroductionAnswered,
    IntroductionHired,
    IntroductionReleased,
    IntroductionSent,
    IntroductionWithdrawn,
)
from libs.common.outbox import announce_all
from services.matching.rules.introductions.records import Introduction
from services.matching.rules.introductions.steps import COUNTY, COUNTY_WAITS
from services.matching.rules.lists import ListedVacancy


class _Head(TypedDict):
    """What each word about an introduction says."""

    introduction: UUID
    county: str
    city: str
    vacancy: UUID
    on: date
    turn: int


def _head(row: Introduction) -> _Head:
    return _Head(
        introduction=row.introduction,
        county=row.county,
        city=row.city,
        vacancy=row.vacancy,
        on=row.changed_on,
        turn=row.turn,
    )


async def tell(tx: Transaction, rows: Sequence[Introduction], side: str) -> None:
    """A side's own step to the other side."""
    if side != COUNTY:
        await _announce(tx, rows, "county", _answered)
    elif rows and rows[0].state in COUNTY_WAITS:
        await send(tx, rows)
    else:
        await _announce(tx, rows, "city", _withdrawn)


async def send(tx: Transaction, rows: Sequence[Introduction]) -> None:
    """County to city: how introductions stand now."""
    await _announce(tx, rows, "city", _sent)


async def _announce(
    tx: Transaction, rows: Sequence[Introduction], to: str, told: Callable[[Introduction], Event]
) -> None:
    """To each county, or each city, what is told of its own."""
    code = attrgetter(to)
    for one, own in groupby(sorted(rows, key=code), key=code):
        await announce_all(tx, [told(row) for row in own], to=f"n{one}")


def _sent(row: Introduction) -> IntroductionSent:
    return IntroductionSent(
        **_head(row),
        state=row.state,
        run=row.run,
        number=row.number,
        pseudonym=row.pseudonym,
        priority=row.priority,
        weights=row.weights,
        shared=row.shared,
        groups=tuple(row.groups),
        seat=row.seat,
        fair=row.fair,
    )


def _withdrawn(row: Introduction) -> IntroductionWithdrawn:
    """County to city: it has ended at the county."""
    return IntroductionWithdrawn(**_head(row), state=row.state, run=row.run, pseudonym=row.pseudonym, reason=row.reason)


def _answered(row: Introduction) -> IntroductionAnswered:
    """City to county: the city's own step."""
    return IntroductionAnswered(**_head(row), state=row.state, reason=row.reason)


async def tell_hired(tx: Transaction, rows: Sequence[Introduction], vacancies: Mapping[UUID, ListedVacancy]) -> None:
    """City to its own offices: these people have a place from now on."""
    await announce_all(tx, [_hired(row, vacancies[row.vacancy]) for row in rows])


def _hired(row: Introduction, vacancy: ListedVacancy) -> IntroductionHired:
    return IntroductionHired(
        **_head(row),
        guest=row.guest,
        employer_uscc=vacancy.employer_uscc,
        occupation=vacancy.occupation,
        wage=row.wage if row.wage is not None else vacancy.wage,
        seat=row.seat,
    )


async def tell_released(tx: Transaction, rows: Sequence[Introduction]) -> None:
    """City to its own offices: these places are free again."""
    await announce_all(tx, [IntroductionReleased(**_head(row), state=row.state, reason=row.reason) for row in rows])
