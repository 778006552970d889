"""Record the wishes of a quarter's visits (求职意愿): what each person said, on the day it was said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.problems import Conflict
from services.registry.operations.announcing import announce_people
from services.registry.operations.changes import record_changes, write_changes
from services.registry.operations.sealing import index_number, open_field, open_person
from services.registry.rules import KnownPerson
from services.registry.rules.changes import Origin, Restated
from services.registry.rules.people import Person
from services.registry.rules.report import WishRow
from services.registry.rules.situations import StatedWish, wish_changes, wish_facts
from services.registry.store import batches, people, situations

# 18-digit number -> the blind index.
Indexes = dict[str, bytes]


class RegisterChanged(Conflict):
    """Somebody of the sheet has left the register while it was judged."""

    title = "名册刚有变动，请重新导入 The register has just changed: import the sheet again"


async def list_known_people(tx: Transaction, numbers: set[str]) -> dict[str, KnownPerson]:
    """Who of these numbers is in the register, by 18-digit number; nobody is held."""
    vault = tx.node.vault
    indexes = await asyncio.to_thread(lambda: {index_number(vault, number): number for number in numbers})
    found = await people.list_people_by_numbers(tx, indexes)
    return await asyncio.to_thread(
        lambda: {
            indexes[index]: KnownPerson(
                open_field(vault, "person.name", one.name_sealed),
                one.labourer,
                one.township,
                one.village,
                left=one.left_on is not None,
            )
            for index, one in found.items()
        }
    )


async def index_wishes(tx: Transaction, wishes: Sequence[WishRow]) -> Indexes:
    """By which everybody is found whom these rows name."""
    vault = tx.node.vault
    named = {number for wish in wishes for number in (wish.person, wish.partner) if number}
    return await asyncio.to_thread(lambda: {number: index_number(vault, number) for number in named})


async def record_wishes(
    tx: Transaction, wishes: Sequence[WishRow], indexes: Indexes, batch: UUID, by: str
) -> dict[str, int]:
    """Put accepted rows in; a new phone replaces the one on record. Tells of whoever said something new."""
    await batches.lock_register(tx)
    known = await people.lock_people_by_numbers(tx, indexes.values())
    if len(known) < len(indexes):
        raise RegisterChanged()
    by_number = {number: known[index] for number, index in indexes.items()}
    ids = {number: one.id for number, one in by_number.items()}
    origin = Origin(by, "file", batch)
    stated = {(ids[wish.person], wish.visited): _stated(wish, ids, batch) for wish in wishes}
    said = await state_wishes(tx, list(stated.values()), origin)
    await _write_phones(tx, [wish for wish in wishes if ids[wish.person] in said], by_number, origin)
    if said:
        await announce_people(tx, said, max(wish.visited for wish in wishes))
    return {"added": len(said), "changed": 0, "known": len(wishes) - len(said)}


async def state_wishes(tx: Transaction, given: Sequence[StatedWish], origin: Origin) -> set[UUID]:
    """What people said at visits; what they had said of the same visit stays on record. Answers of whom it is other."""
    before = {each.person: each for each in await situations.list_wishes_on(tx, given)}
    said = await situations.upsert_wishes(tx, given)
    replaced = [(before[each.person], each) for each in given if each.person in said and each.person in before]
    await record_changes(tx, [one for old, new in replaced for one in wish_changes(old, new)], origin)
    return said


async def _write_phones(tx: Transaction, wishes: list[WishRow], known: Mapping[str, Person], origin: Origin) -> None:
    """Each from the day of the visit on."""
    restated = []
    for wish in wishes:
        if wish.phone:
            person = known[wish.person]
            before = open_person(tx.node.vault, person)
            restated.append(Restated(person, before, replace(before, phone=wish.phone), wish.visited, wish.row))
    await write_changes(tx, [each for each in restated if each.fields], origin)


def _stated(wish: WishRow, ids: Mapping[str, UUID], batch: UUID) -> StatedWish:
    partner = ids[wish.partner] if wish.partner else None
    return StatedWish(
        new_id(), ids[wish.person], wish.visited, wish_facts(wish), partner, wish.fellows, batch, wish.row
    )
