"""A person forgotten (删除): the township and what was written for help go, what the law keeps stays under its ids, nothing late brings the person back."""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.erasing import erase_events
from libs.common.events.erasure import ErasedInRetention
from libs.common.events.registry import LabourerErased
from libs.common.outbox import announce
from services.retention.store import erasures as store


async def erase_person(tx: Transaction, event: LabourerErased) -> None:
    """Once. Spells, services, claims and the ledger hold ids and no name: they stay for the statistics and for the audit."""
    if not await store.insert_erased_if_absent(tx, event.person, event.on):
        return
    erased = await store.delete_person(tx, event.person) | await erase_events(tx, [event.person])
    kept = await store.count_kept(tx, event.person)
    await announce(tx, ErasedInRetention(person=event.person, erased=erased, kept=kept, on=event.on))
