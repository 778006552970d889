"""同一人: a county tells its own jobs and the city which starts there are one person's, so that both count a person once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.retention import RepeatNoted, RepeatReported
from libs.common.outbox import announce
from services.retention.store import repeats


async def tell_repeats(tx: Transaction, people: Iterable[UUID | None], on: date) -> None:
    """What is other than was told last, once; whoever is not known here is told of by nobody."""
    for each in await repeats.update_repeats(tx, {person for person in people if person is not None}):
        noted = RepeatNoted(**vars(each), on=on)
        await announce(tx, noted)
        await announce(tx, RepeatReported(**noted.model_dump()), to=f"n{each.city}")
