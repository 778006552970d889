"""务工状况: the home county's own registry and matching hear where one of its people works now."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.calendar import add_days
from libs.common.database import Transaction
from libs.common.events.retention import SituationChanged
from libs.common.outbox import announce
from services.retention.rules.spells import ASSISTED, OWN_ACCOUNT, work_place
from services.retention.store import introductions, spells


async def tell_situation(tx: Transaction, introduction_id: UUID) -> None:
    """Say where the person of an introduction works, or that the person is out of work after coming home.

    Who left without coming home stays as last known: the county's verification of the quarter finds out.
    """
    introduction = await introductions.find_introduction(tx, introduction_id)
    known = await spells.find_latest_spell(tx, introduction_id)
    if introduction is None or known is None or introduction.person is None or introduction.county != tx.node.code:
        return
    if known.end is None:
        channel = ASSISTED if known.assisted else OWN_ACCOUNT
        place = work_place(introduction.county, known.city)
        await announce(
            tx, SituationChanged(person=introduction.person, work_place=place, channel=channel, since=known.start)
        )
    elif known.returned_home:
        await tell_out_of_work(tx, introduction.person, add_days(known.end, 1))


async def tell_out_of_work(tx: Transaction, person: UUID, since: date) -> None:
    """The person is on the county's list again."""
    await announce(tx, SituationChanged(person=person, work_place=None, since=since))
