"""What the two sides of an introduction tell each other: ids and pseudonyms, never a name."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.database import Transaction
from libs.common.events.matching import IntroductionAnswered, IntroductionSent, IntroductionWithdrawn
from libs.common.outbox import announce
from services.matching.store.introductions import Introduction


async def send(tx: Transaction, rows: Sequence[Introduction]) -> None:
    """County to city: how introductions stand now."""
    for row in rows:
        await announce(tx, _sent(row), to=f"n{row.city}")


def _sent(row: Introduction) -> IntroductionSent:
    return IntroductionSent(
        introduction=row.introduction, county=row.county, city=row.city, vacancy=row.vacancy, on=row.changed_on, state=row.state,
        run=row.run, number=row.number, pseudonym=row.pseudonym, priority=row.priority, weights=row.weights, shared=row.shared,
        groups=tuple(row.groups), seat=row.seat,
    )  # fmt: skip


async def take_back(tx: Transaction, rows: Sequence[Introduction]) -> None:
    """County to city: introductions that have ended at the county."""
    for row in rows:
        ended = IntroductionWithdrawn(
            introduction=row.introduction, county=row.county, city=row.city, vacancy=row.vacancy, on=row.changed_on,
            state=row.state, run=row.run, pseudonym=row.pseudonym, reason=row.reason,
        )  # fmt: skip
        await announce(tx, ended, to=f"n{row.city}")


async def answer(tx: Transaction, rows: Sequence[Introduction]) -> None:
    """City to county: the city's own steps."""
    for row in rows:
        said = IntroductionAnswered(
            introduction=row.introduction, county=row.county, city=row.city, vacancy=row.vacancy, on=row.changed_on,
            state=row.state, reason=row.reason,
        )  # fmt: skip
        await announce(tx, said, to=f"n{row.county}")
