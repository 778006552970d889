"""Tell everybody of a fair (招聘会) as it stands, also when one of its firms has another name or entry."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.jobs import BoothAnnounced, FairAnnounced
from libs.common.indicators import note_changes
from libs.common.outbox import announce
from services.jobs.rules.employers import Employer
from services.jobs.rules.fairs import Fair
from services.jobs.store import booths, fairs


async def keep_fair(tx: Transaction, after: Fair, on: date) -> None:
    await tell_fair(tx, await fairs.update_fair(tx, after), on)
    if after.state == "held":
        await note_changes(tx, after.city, after.day, [after.id])


async def tell_fair(tx: Transaction, fair: Fair, on: date) -> None:
    """The whole fair; its row is locked or new."""
    firms = [
        BoothAnnounced.model_validate({**vars(each), "vacancies": tuple(each.vacancies)})
        for each in await booths.list_booths(tx, fair.id)
    ]
    facts = {name: getattr(fair, name) for name in ("city", "title", "place", "venue", "day", "state")}
    await announce(tx, FairAnnounced(fair=fair.id, **facts, reason=fair.closed_because, booths=tuple(firms), on=on))


async def carry_booths(tx: Transaction, employer: UUID, now: Employer, on: date) -> None:
    """The booths of one entry carry another's code and name, or its own new ones; fairs that lie ahead are announced so."""
    ahead = await fairs.lock_fairs_of(tx, employer)
    await booths.update_booths_of(tx, employer, now)
    for each in ahead:
        await keep_fair(tx, each, on)
