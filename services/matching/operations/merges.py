"""Two people of the register are one (合并), or two again: introductions follow, whatever order the news comes in.

Nothing is ended by it. Of two open offers both stay open until one is taken; of two yeses the one of who stays is the first, and the
other stands beside it (`second_yes`) until an officer ends one of them by the usual steps: a city has been told of both.
"""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.events.registry import LabourersMerged, LabourersUnmerged
from libs.common.merged_people import note_merge
from libs.common.telemetry import log
from services.matching.store import lists, merges


async def hear_merge(tx: Transaction, event: LabourersMerged | LabourersUnmerged) -> None:
    people = await note_merge(tx, event)
    await merges.update_owners(tx, people)
    await lists.insert_change(tx)
    log.info("hear_merge", merge=str(event.merge), people=len(people))
