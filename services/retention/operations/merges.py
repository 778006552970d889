"""Two people of the register are one (合并), or two again: introductions with their spells, services, claims and the ledger follow.

What was paid twice stays in the ledger (`paid_twice`), since it was paid; the period counts once, and is not paid again.
"""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.events.registry import LabourersMerged, LabourersUnmerged
from libs.common.indicators import note_changes
from libs.common.merged_people import note_merge
from libs.common.telemetry import log
from services.retention.operations.repeats import tell_repeats
from services.retention.store import merges


async def hear_merge(tx: Transaction, event: LabourersMerged | LabourersUnmerged) -> None:
    people = await note_merge(tx, event)
    await merges.update_owners(tx, people)
    await tell_repeats(tx, {event.stays, *people}, event.on)
    await note_changes(tx, tx.node.code, event.on, {event.stays, *people})
    log.info("hear_merge", merge=str(event.merge), people=len(people))
