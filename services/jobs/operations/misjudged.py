"""Vetting that was wrong is marked (误判): by an officer at once, by the firm as an appeal that an officer looks at. The vacancy itself
stays as it is until somebody vets it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.telemetry import log
from services.jobs.rules.misjudged import Misjudged, Should, decided, marked
from services.jobs.rules.refusals import MarkedAlready
from services.jobs.store import misjudged, vacancies


async def mark_misjudged(
    tx: Transaction, caller: Caller, vacancy: UUID, *, should: Should, codes: Sequence[str], why: str, on: date
) -> Misjudged:
    """Once for a vacancy and what should have been; the second one is shown the first."""
    found = await vacancies.get_vacancy(tx, vacancy)
    firm = caller.role == "employer"
    case = marked(found, new_id(), should, codes, why, by=caller.subject, by_firm=firm, on=on)
    if not await misjudged.insert_case_if_absent(tx, case):
        known = await misjudged.find_case_of(tx, vacancy, should)
        address = f"/jobs/v1/misjudged/{known.id}" if known else ""
        raise MarkedAlready("这一误判已有标记 It is marked as that already.", extensions={"known_as": address})
    log.info("mark_misjudged", vacancy=str(vacancy), should=should, by_firm=firm)
    return case


async def decide_misjudged(
    tx: Transaction, caller: Caller, case: UUID, *, confirmed: bool, because: str, on: date
) -> Misjudged:
    """What a firm says is confirmed, and a case from then on, or rejected; once."""
    after = decided(await misjudged.lock_case(tx, case), confirmed=confirmed, because=because, by=caller.subject, on=on)
    await misjudged.update_case(tx, after)
    log.info("decide_misjudged", case=str(case), confirmed=confirmed)
    return after
