"""Record the people of a file (登记): new ones go in, known ones change field by field, nothing is overwritten in silence."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.privacy import Vault
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import write_changes
from services.registry.operations.households import settle_households, weigh_households
from services.registry.operations.same_person import enter_people
from services.registry.operations.sealing import index_number, open_people, open_person, seal_person
from services.registry.operations.situations import state_situations
from services.registry.operations.standing import lock_standing
from services.registry.rules.changes import Origin, Restated
from services.registry.rules.identification import Standing, judged
from services.registry.rules.people import BY_NUMBER, Facts, Person, WrittenPerson, facts_of, stated_over
from services.registry.rules.report import PersonRow
from services.registry.rules.situations import situation_of
from services.registry.store import batches, households, people, situations

# Which household it is, is not settled yet.
_UNSETTLED = UUID(int=0)


@dataclass(frozen=True)
class PreparedPeople:
    """A file's people with all that is enciphered or deciphered for them, done before any row is held."""

    indexes: Mapping[str, bytes]
    opened: Mapping[tuple[UUID, int], Facts]
    sealed: Mapping[str, WrittenPerson]


async def record_people(
    tx: Transaction, rows: Sequence[PersonRow], as_of: date, prepared: PreparedPeople, batch: UUID, by: str
) -> dict[str, int]:
    """Put accepted rows into the register as of the file's day, and tell of whoever is new or other than before."""
    await batches.lock_register(tx)
    known = await people.lock_people_by_numbers(tx, prepared.indexes.values())
    homes, standing = await settle_households(tx, rows, as_of, batch), await lock_standing(tx, as_of, by)
    fresh = [row for row in rows if prepared.indexes[row.number] not in known]
    files = [(known[index], row) for row in rows if (index := prepared.indexes[row.number]) in known]
    files = [(person, row) for person, row in _by_person(files, prepared) if person.left_on is None]
    added = _added(tx.node.vault, fresh, homes, prepared, as_of, batch, standing)
    origin = Origin(by, "file", batch)
    await enter_people(tx, added, origin)
    await households.update_reopened(tx, homes.values())
    restated = await _restated(tx, files, homes, prepared, as_of, standing)
    await write_changes(tx, restated, origin)
    entered = zip(added, fresh, strict=True)
    await situations.upsert_situations(tx, [situation_of(one.id, row, as_of, batch) for one, row in entered])
    told = [situation_of(one.id, row, as_of, batch) for one, row in files]
    moved = await state_situations(tx, told, origin, {one.id: row.row for one, row in files})
    changed = {each.person.id for each in restated} | moved
    touched = {one.id for one in added} | changed
    touched |= set(await weigh_households(tx, set(homes.values()), as_of))
    await announce_people(tx, touched, as_of)
    if touched:
        left = {each.before.household for each in restated}
        await note_figures(tx, touched, as_of, left=left)
    return {"added": len(added), "changed": len(changed), "known": len(files) - len(changed)}


def _by_person(files: Sequence[tuple[Person, PersonRow]], prepared: PreparedPeople) -> list[tuple[Person, PersonRow]]:
    """One row for each person: of two whose numbers mean one person since they were merged, that with the number that counts."""
    known: dict[UUID, tuple[Person, PersonRow]] = {}
    for person, row in files:
        if person.id not in known or prepared.indexes[row.number] == person.number_index:
            known[person.id] = person, row
    return list(known.values())


async def list_brought(tx: Transaction, batch: UUID, numbers: Collection[str]) -> dict[str, int]:
    """Who of these numbers came into the register with an import, and with which of its rows."""
    vault = tx.node.vault
    indexes = await asyncio.to_thread(lambda: {index_number(vault, number): number for number in numbers})
    found = await people.list_people_by_numbers(tx, indexes)
    brought = {index: one for index, one in found.items() if one.batch == batch}
    return {indexes[index]: one.batch_row or 0 for index, one in brought.items()}


async def prepare_people(tx: Transaction, rows: Sequence[PersonRow], as_of: date) -> PreparedPeople:
    vault = tx.node.vault.for_many()
    indexes = await asyncio.to_thread(lambda: {row.number: index_number(vault, row.number) for row in rows})
    known = await people.list_people_by_numbers(tx, indexes.values())
    strangers = [row for row in rows if indexes[row.number] not in known]
    opened = await asyncio.to_thread(open_people, vault, known.values())
    sealed = await asyncio.to_thread(lambda: {row.number: _sealed(vault, row, as_of) for row in strangers})
    return PreparedPeople(indexes, opened, sealed)


def _sealed(vault: Vault, row: PersonRow, as_of: date) -> WrittenPerson:
    return seal_person(vault, new_id(), facts_of(row, _UNSETTLED), as_of)


def _added(
    vault: Vault,
    fresh: Sequence[PersonRow],
    homes: Mapping[str, UUID],
    prepared: PreparedPeople,
    as_of: date,
    batch: UUID,
    standing: Standing,
) -> list[WrittenPerson]:
    """Whoever is not in the register yet, judged, in the order of the sheet."""
    sealed = [prepared.sealed.get(row.number) or _sealed(vault, row, as_of) for row in fresh]
    return [
        judged(each, standing, household=homes[row.household_no], batch=batch, batch_row=row.row)
        for each, row in zip(sealed, fresh, strict=True)
    ]


async def _restated(
    tx: Transaction,
    files: Sequence[tuple[Person, PersonRow]],
    homes: Mapping[str, UUID],
    prepared: PreparedPeople,
    as_of: date,
    standing: Standing,
) -> list[Restated]:
    """Of known people, what this file says otherwise; what something newer has changed stays."""
    newer = await people.list_changed_after(tx, [person.id for person, _ in files], as_of)
    restated = []
    for person, row in files:
        if person.as_of > as_of:
            continue
        before = prepared.opened.get((person.id, person.version)) or open_person(tx.node.vault, person)
        stays = newer.get(person.id, set())
        if prepared.indexes[row.number] != person.number_index:
            stays = stays | BY_NUMBER
        after = stated_over(before, facts_of(row, homes[row.household_no]), stays)
        after = judged(after, standing)
        if after != before:
            restated.append(Restated(person, before, after, as_of, row.row))
    return restated
