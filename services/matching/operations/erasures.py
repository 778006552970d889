"""A person forgotten (删除): off the list, every consent withdrawn, runs without the link between pseudonym and person."""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.erasing import erase_events
from libs.common.events.erasure import ErasedInMatching
from libs.common.events.registry import LabourerErased
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.matching.operations.introductions.consents import withdraw_consent
from services.matching.operations.introductions.county import end
from services.matching.rules.introductions import steps as rules
from services.matching.rules.introductions.reasons import CONSENT_WITHDRAWN
from services.matching.store import erasures as store
from services.matching.store import introductions, lists


async def erase_person(tx: Transaction, event: LabourerErased) -> None:
    """Once; whatever comes later of this person changes nothing. The cities hear of the withdrawals and erase their cards."""
    if not await store.insert_erased_if_absent(tx, event.person, event.on):
        return
    rows = await introductions.lock_introductions_of_person(tx, event.person, rules.STATES)
    undecided = [row for row in rows if row.state in rules.UNDECIDED]
    await end(tx, undecided, "declined", CONSENT_WITHDRAWN, event.on, tx.node.id)
    for row in rows:
        if row.consent_on is not None:
            await withdraw_consent(tx, row.introduction, "other", max(event.on, row.consent_on), tx.node.id)
    erased = await store.delete_person(tx, event.person) | await erase_events(tx, [event.person])
    await lists.insert_change(tx)
    await announce(
        tx, ErasedInMatching(person=event.person, erased=erased, kept={"introductions": len(rows)}, on=event.on)
    )
    log.info("erase_person", person=str(event.person), rows=erased)
