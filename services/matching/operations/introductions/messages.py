"""What is told of an introduction: by each side to the other, ids and pseudonyms, never a name; by the city to its own offices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from libs.common.database import Transaction
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


async def tell(tx: Transaction, rows: Sequence[Introduction], side: str) -> None:
    """A side's own step to the other side."""
    if side != COUNTY:
        await answer(tx, rows)
    elif rows and rows[0].state in COUNTY_WAITS:
        await send(tx, rows)
    else:
        await take_back(tx, rows)


async def send(tx: Transaction, rows: Sequence[Introduction]) -> None:
    """County to city: how introductions stand now."""
    for city, own in _by(rows, "city"):
        await announce_all(tx, [_sent(row) for row in own], to=f"n{city}")


def _by(rows: Sequence[Introduction], side: str) -> Iterator[tuple[str, Iterator[Introduction]]]:
    """The rows of each county, or of each city, in the order in which they are given."""
    code = attrgetter(side)
    return groupby(sorted(rows, key=code), key=code)


def _sent(row: Introduction) -> IntroductionSent:
    return IntroductionSent(
        introduction=row.introduction,
        county=row.county,
        city=row.city,
        vacancy=row.vacancy,
        on=row.changed_on,
        turn=row.turn,
        state=row.state,
        run=row.run,
        number=row.number,
        pseudonym=row.pseudonym,
        priority=row.priority,
        weights=row.weights,
        shared=row.shared,
        groups=tuple(row.groups),
        seat=row.seat,
    )


async def take_back(tx: Transaction, rows: Sequence[Introduction]) -> None:
    """County to city: introductions that have ended at the county."""
    for city, own in _by(rows, "city"):
        await announce_all(tx, [_withdrawn(row) for row in own], to=f"n{city}")


def _withdrawn(row: Introduction) -> IntroductionWithdrawn:
    return IntroductionWithdrawn(
        introduction=row.introduction,
        county=row.county,
        city=row.city,
        vacancy=row.vacancy,
        on=row.changed_on,
        turn=row.turn,
        state=row.state,
        run=row.run,
        pseudonym=row.pseudonym,
        reason=row.reason,
    )


async def answer(tx: Transaction, rows: Sequence[Introduction]) -> None:
    """City to county: the city's own steps."""
    for county, own in _by(rows, "county"):
        await announce_all(tx, [_answered(row) for row in own], to=f"n{county}")


def _answered(row: Introduction) -> IntroductionAnswered:
    return IntroductionAnswered(
        introduction=row.introduction,
        county=row.county,
        city=row.city,
        vacancy=row.vacancy,
        on=row.changed_on,
        turn=row.turn,
        state=row.state,
        reason=row.reason,
    )


async def tell_hired(tx: Transaction, rows: Sequence[Introduction], vacancies: Mapping[UUID, ListedVacancy]) -> None:
    """City to its own offices: these people have a place from now on."""
    await announce_all(tx, [_hired(row, vacancies[row.vacancy]) for row in rows])


def _hired(row: Introduction, vacancy: ListedVacancy) -> IntroductionHired:
    return IntroductionHired(
        introduction=row.introduction,
        county=row.county,
        city=row.city,
        vacancy=row.vacancy,
        on=row.changed_on,
        turn=row.turn,
        guest=row.guest,
        employer_uscc=vacancy.employer_uscc,
        occupation=vacancy.occupation,
        wage=row.wage if row.wage is not None else vacancy.wage,
        seat=row.seat,
    )


async def tell_released(tx: Transaction, rows: Sequence[Introduction]) -> None:
    """City to its own offices: these places are free again."""
    await announce_all(tx, [_released(row) for row in rows])


def _released(row: Introduction) -> IntroductionReleased:
    return IntroductionReleased(
        introduction=row.introduction,
        county=row.county,
        city=row.city,
        vacancy=row.vacancy,
        on=row.changed_on,
        turn=row.turn,
        state=row.state,
        reason=row.reason,
    )
