"""How far an agreement is (协议进度): asked for by pages, by systems and by whoever measures it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from services.jobs.rules.progress import Progress, ProgressWanted, progress_of
from services.jobs.store import agreements, counting, quarters


async def progress_of_agreement(tx: Transaction, one: UUID, wanted: ProgressWanted, as_of: date) -> list[Progress]:
    """Sums of as many rows as the agreement has months, however many it counts; raises AgreementNotFound."""
    agreement = await agreements.get_agreement(tx, one)
    firms = {each.employer_uscc for each in agreement.targets if each.employer_uscc}
    tallies = await counting.list_tallies(tx, one, until=as_of, firms=sorted(firms))
    return progress_of(agreement, tallies, await quarters.list_signed(tx, one), wanted, as_of, tx.node.code)
