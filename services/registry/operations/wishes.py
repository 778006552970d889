"""Record the wishes of a quarter's visits (求职意愿): what each person said, on the day it was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from libs.common.database import Transaction, new_id
from services.registry.operations.announcing import announce_people
from services.registry.operations.people import Recorded, write_changes
from services.registry.operations.sealing import NUMBER, open_field
from services.registry.rules import KnownPerson, Wish, WishesReport
from services.registry.store import people, situations

# What stays with the register: who it is, the partner (kept as an id), the group's name and the day (columns), the phone (kept sealed).
_NOT_FACTS = ("person", "partner", "phone", "visited", "fellows")


async def known_people(tx: Transaction, numbers: set[str]) -> dict[str, KnownPerson]:
    """Who of these numbers is in the register, by 18-digit number."""
    vault = tx.node.vault
    indexes = {vault.blind_index(number, purpose=NUMBER): number for number in numbers}
    rows = await people.find_by_numbers(tx, indexes)
    return {
        indexes[index]: KnownPerson(
            open_field(vault, "person.name", row.name_sealed), row.labourer, row.township, row.village
        )
        for index, row in rows.items()
    }


async def record_wishes(tx: Transaction, report: WishesReport, batch: UUID, by: str) -> Recorded:
    """Put the accepted rows in; a new phone replaces the one on record. Tells of whoever said something new."""
    vault = tx.node.vault
    indexes = {wish.person: vault.blind_index(wish.person, purpose=NUMBER) for wish in report.wishes}
    rows = await people.find_by_numbers(tx, indexes.values())
    ids = {number: rows[index].id for number, index in indexes.items()}
    said = set(await situations.put_wishes(tx, [_values(wish, ids, batch) for wish in report.wishes]))
    for wish in report.wishes:
        row = rows[indexes[wish.person]]
        before = open_field(vault, "person.phone", row.phone_sealed)
        if wish.phone and wish.phone != before and row.id in said:
            await write_changes(tx, row, {"phone": (before, wish.phone)}, wish.visited, by, batch=batch)
    recorded = Recorded(added=len(said), known=len(report.wishes) - len(said), touched=sorted(said))
    if said:
        await announce_people(tx, said, max(wish.visited for wish in report.wishes))
    return recorded


def _values(wish: Wish, ids: Mapping[str, UUID], batch: UUID) -> dict[str, Any]:
    facts = {name: value for name, value in wish.as_json().items() if name not in _NOT_FACTS}
    partner = ids[wish.partner] if wish.partner else None
    return {
        "id": new_id(),
        "person": ids[wish.person],
        "visited": wish.visited,
        "facts": facts,
        "partner": partner,
        "fellows": wish.fellows,
        "batch": batch,
    }
