"""A phone asks what has changed within its scope (下行同步): everything at first, then the difference, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from libs.common.database import Transaction
from services.registry.rules.households import SyncedHousehold
from services.registry.rules.people import PersonState
from services.registry.rules.sync import Place, Position, Stamp, scope_of
from services.registry.store import people, round_lists, sync


@dataclass(frozen=True)
class SyncPage:
    """Rows as they stand, and who is in the scope no longer; `places` with the last page; `to_visit`: for whom a round waits."""

    households: list[SyncedHousehold]
    people: list[PersonState]
    gone: list[UUID]
    places: list[Place] | None
    to_visit: set[UUID]
    next: Position
    more: bool


async def pull(tx: Transaction, after: Position | None, limit: int) -> SyncPage:
    """One page. The gate is asked first: a row that changes after it comes again with the next difference."""
    gate, scope = await sync.get_gate(tx), scope_of(tx.reach, tx.node.today())
    position = after or Position.first(gate, scope)
    position.check(gate, scope)
    if position.whole:
        stamps = await sync.list_here(tx, position, limit)
    else:
        stamps = await sync.list_changed(tx, position, gate, limit)
    next_, more = position.after(stamps, gate, limit)
    homes, found, gone = await _rows(tx, stamps, whole=position.whole)
    to_visit = await round_lists.list_to_visit(tx, [each.id for each in found]) if found else set[UUID]()
    places = None if more else await sync.list_places(tx)
    return SyncPage(homes, found, gone, places, to_visit, next_, more)


async def _rows(
    tx: Transaction, stamps: Sequence[Stamp], *, whole: bool
) -> tuple[list[SyncedHousehold], list[PersonState], list[UUID]]:
    """What stands there now. A household that has changed brings its people: its points are shown with them."""
    home_ids = {stamp.id for stamp in stamps if stamp.kind == "household"}
    asked = {stamp.id for stamp in stamps if stamp.kind == "person"}
    homes = await sync.list_households_by_id(tx, home_ids) if home_ids else []
    residents = set(await sync.list_residents_of(tx, home_ids)) if home_ids and not whole else set()
    known = await people.list_people_by_id(tx, asked | residents) if asked or residents else []
    found = [each for each in known if each.left_on is None]
    gone = (home_ids - {each.id for each in homes}) | (asked - {each.id for each in found})
    return homes, found, sorted(gone)
