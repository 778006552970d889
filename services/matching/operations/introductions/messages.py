"""What the two sides of an introduction tell each other: ids and pseudonyms, never a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from libs.common.database import Transaction
from libs.common.events.matching import IntroductionAnswered, IntroductionSent, IntroductionWithdrawn
from libs.common.outbox import announce_all
from services.matching.rules.introductions.records import Introduction


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
        state=row.state,
        reason=row.reason,
    )
