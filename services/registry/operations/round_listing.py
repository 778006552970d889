"""Draw up the list of a round that was opened (名单生成): in portions, so that nobody waits, and killed at any time it goes on."""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.registry.store import round_counts, rounds


async def list_portion(tx: Transaction, portion: int) -> bool:
    """One step of whichever list is not whole; whether there may be another step at once."""
    listing = await rounds.lock_listing(tx)
    if listing is None:
        return False
    if listing.gate is None:
        await rounds.update_gate(tx, listing.id)
        return True
    if not await rounds.find_gate_open(tx, listing.gate):
        return False
    people = await rounds.list_next_people(tx, listing.listed_to, portion)
    if people:
        await rounds.insert_listed(tx, listing.id, people)
        return True
    await rounds.update_state(tx, listing.id, "open")
    log.info("list_round", round=str(listing.id))
    return True


async def sum_up(tx: Transaction) -> int:
    """Differences that can be one are made one; answers how many rows there are fewer."""
    return await round_counts.update_summed(tx)
