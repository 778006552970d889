"""Take an import back (撤回整批), portion by portion: whoever is as the file left them is as before it; whoever was changed since stays, and is told of."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from libs.common.calendar import add_days
from libs.common.database import Transaction
from libs.common.events.registry import LabourerErased
from libs.common.identity import Caller
from libs.common.imports.flow import HINT, StillUnderWay, asked_by
from libs.common.imports.model import OVER, UNDOING, WAITING
from libs.common.outbox import announce_all
from libs.common.privacy import Vault
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import record_changes
from services.registry.operations.households import weigh_households
from services.registry.operations.sealing import open_field, open_person, seal_again
from services.registry.rules.changes import FieldChange, Origin, Restated, fields_of
from services.registry.rules.erasures import ErasureRequest
from services.registry.rules.people import Person, WrittenPerson
from services.registry.rules.situations import Situation, StatedWish, situation_changes, wish_changes, wish_text
from services.registry.rules.undoing import (
    REASON,
    Before,
    KnownBefore,
    SealedBefore,
    Undo,
    UndoableImport,
    by_person,
    facts_before,
    kept_of,
    situation_before,
    undo_begun,
    wish_before,
    works_alike,
)
from services.registry.store import batches, households, people, situations, undoing

Reasons = dict[UUID, set[str]]
Befores = Mapping[UUID, Before]


@dataclass(frozen=True)
class PreparedUndo:
    """What stood there before the import, with all that is enciphered or deciphered for it, done before any row is held."""

    before: Befores
    written: Mapping[tuple[UUID, int], tuple[Restated, WrittenPerson]]


# People of one transaction: whoever waits for one of them waits some tenths of a second.
PORTION = 500


async def undo_import(tx: Transaction, caller: Caller, number: UUID) -> Undo:
    """It is taken back by the worker; asked again, it is told how far that is. One that has not begun is only cancelled."""
    found = await undoing.lock_import(tx, number)
    if found.state == UNDOING or (found.undo and found.undo.undone_at):
        assert found.undo
        return found.undo
    if found.state == WAITING:
        await batches.TABLES.update_over(tx, number, "cancelled")
    elif found.state not in OVER or await batches.TABLES.find_repair_under_way(tx, number):
        raise StillUnderWay("请先取消，或等它结束 Cancel it first, or wait until it is over.")
    people_touched = await undoing.count_touched(tx, number)
    was = "cancelled" if found.state == WAITING else found.state
    undo = found.undo or undo_begun(caller.subject, asked_by(caller), people_touched, was)
    await undoing.update_undo(tx, number, undo, UNDOING)
    tx.trail.note(entities=[f"import:{number}"], people=undo.people)
    tx.hint(HINT)
    log.info("undo_import", number=str(number), people=undo.people)
    return undo


async def stop_undo(tx: Transaction, number: UUID) -> bool:
    """What is taken back stays so, and asked for again it goes on there; False where it is not under way."""
    found = await undoing.lock_import(tx, number)
    if found.state != UNDOING or not found.undo:
        return False
    await undoing.update_undo_stopped(tx, number, found.undo)
    tx.trail.note(entities=[f"import:{number}"], people=found.undo.people, seen=found.undo.seen)
    log.info("stop_undo", number=str(number), seen=found.undo.seen)
    return True


async def undo_portion(tx: Transaction, number: UUID) -> bool:
    """The next people, and how far it is, in one transaction; False when it has come to its end, or others have ended it."""
    before = await undoing.find_undo(tx, number)
    if before is None or before.undone_at:
        return False
    ids = await undoing.list_touched(tx, number, before.after, PORTION)
    prepared = await _prepare(tx, number, ids)
    await batches.lock_register(tx)
    found = await undoing.lock_import(tx, number)
    if found.state != UNDOING or found.undo is None or found.undo.after != before.after:
        return False
    await tx.widen()
    if not ids:
        await _finish(tx, number, found.undo)
        return False
    await undoing.update_undo(tx, number, await _take_back(tx, found, ids, prepared), UNDOING)
    return True


async def _finish(tx: Transaction, number: UUID, undo: Undo) -> None:
    await undoing.update_undo(tx, number, replace(undo, undone_at=tx.node.clock.now()), "done")
    told = {"removed": undo.removed, "restored": undo.restored, "kept": len(undo.kept)}
    entities = (f"import:{number}",)
    tx.trail.add("registry.finish_undo", tx.node.clock.now(), **undo.asked, entities=entities, details=told)
    log.info("finish_undo", number=str(number), **told)


async def _take_back(tx: Transaction, found: UndoableImport, ids: Sequence[UUID], prepared: PreparedUndo) -> Undo:
    """These people; answers what all of it did so far."""
    undo, number = found.undo, found.id
    assert undo
    touched = await people.lock_people(tx, ids)
    stays = await _list_reasons(tx, number, touched, prepared.before)
    free = [each for each in touched if each.id not in stays]
    entered = [each for each in free if each.batch == number]
    known = [each for each in free if each.batch != number]
    origin = Origin(undo.undone_by, "form", number, REASON)
    wishes, restored = await _put_back(tx, number, known, prepared, origin)
    await _remove(tx, undo.undone_by, number, entered)
    gone = await undoing.delete_households(tx, number)
    homes = {each.household for each in free} | {each.after.household for each in restored}
    await _tell(tx, number, known, homes, gone, found.as_of or tx.node.today())
    return replace(
        undo,
        seen=undo.seen + len(ids),
        after=ids[-1],
        removed=undo.removed + len(entered),
        restored=undo.restored + len(known),
        wishes=undo.wishes + wishes,
        households=undo.households + len(gone),
        kept=[*undo.kept, *kept_of(stays)],
    )


async def _prepare(tx: Transaction, number: UUID, ids: Sequence[UUID]) -> PreparedUndo:
    vault, sealed = tx.node.vault, await undoing.list_changes_of(tx, number, ids)
    before = by_person(await asyncio.to_thread(lambda: [_open(vault, each) for each in sealed]))
    changed = await undoing.list_people(tx, before)
    written = await asyncio.to_thread(
        lambda: {(each.id, each.version): _written(vault, each, before[each.id]) for each in changed}
    )
    return PreparedUndo(before, written)


def _open(vault: Vault, change: SealedBefore) -> KnownBefore:
    return KnownBefore(change.person, change.field, change.on, open_field(vault, "change.before", change.before_sealed))


def _written(vault: Vault, person: Person, before: Before) -> tuple[Restated, WrittenPerson]:
    """Facts as they stood, on the day on which they held."""
    now = open_person(vault, person)
    restated = Restated(person, now, facts_before(now, before.fields), before.on)
    return restated, seal_again(vault, person, restated.after, restated.fields, restated.on)


async def _list_reasons(tx: Transaction, number: UUID, touched: Sequence[Person], before: Befores) -> Reasons:
    """Who stays as they are, and why."""
    entered = [each.id for each in touched if each.batch == number]
    known = [each.id for each in touched if each.batch != number]
    stays = await undoing.list_reasons(tx, number, known, entered)
    left = {one: UUID(before[one].fields["household"]) for one in known if "household" in _said(before, one)}
    there = await households.lock_households(tx, set(left.values()))
    for one, home in left.items():
        if home not in there or there[home].closed_on:
            stays.setdefault(one, set()).add("household_closed")
    return stays


def _said(before: Befores, one: UUID, on: date | None = None) -> Mapping[str, str]:
    """What stood there of somebody, or what had been said of one day."""
    found = before.get(one)
    if found is None:
        return {}
    return found.fields if on is None else found.by_day.get(on, {})


async def _put_back(
    tx: Transaction, number: UUID, known: Sequence[Person], prepared: PreparedUndo, origin: Origin
) -> tuple[int, list[Restated]]:
    """Whoever was known is as before; answers how many wishes went, and whose facts are other than a moment ago."""
    restored = await _restore(tx, number, known, prepared, origin)
    wishes = await _restore_wishes(tx, number, known, prepared.before, origin)
    await _restore_situations(tx, number, known, prepared.before, origin)
    await undoing.update_changes_undone(tx, number, [each.id for each in known])
    return wishes, restored


async def _restore(
    tx: Transaction, number: UUID, known: Sequence[Person], prepared: PreparedUndo, origin: Origin
) -> list[Restated]:
    """Facts, and the day on which they hold."""
    days = await undoing.list_stated_days(tx, number, [each.id for each in known])
    pairs = [
        prepared.written.get((each.id, each.version)) or _written(tx.node.vault, each, prepared.before[each.id])
        for each in known
        if each.id in prepared.before
    ]
    pairs = [(restated, written) for restated, written in pairs if restated.fields]
    await people.update_people(
        tx, [replace(written, as_of=days.get(written.id, written.as_of)) for _, written in pairs]
    )
    await record_changes(tx, [field for restated, _ in pairs for field in fields_of(restated)], origin)
    return [restated for restated, _ in pairs]


async def _restore_situations(
    tx: Transaction, number: UUID, known: Sequence[Person], before: Befores, origin: Origin
) -> None:
    """Where they worked: what the file said goes; what was said of the same day before is said again."""
    rows = await undoing.list_situations_of(tx, number, [each.id for each in known])
    days = [replace(each, since=add_days(each.since, -1)) for each in rows]
    older = {each.person: each for each in await situations.list_situations_on(tx, days)}
    again: list[Situation] = []
    changed: list[FieldChange] = []
    for row in rows:
        was = situation_before(row, _said(before, row.person, row.since))
        changed += situation_changes(row, was)
        if not works_alike(older.get(row.person), was):
            again.append(was)
    await undoing.delete_situations(tx, number, [each.person for each in rows])
    await situations.upsert_situations(tx, again)
    await record_changes(tx, changed, origin)


async def _restore_wishes(
    tx: Transaction, number: UUID, known: Sequence[Person], before: Befores, origin: Origin
) -> int:
    """What the sheet said goes; what had been said of the same visit before is said again."""
    rows = await undoing.list_wishes_of(tx, number, [each.id for each in known])
    again = [(row, was) for row in rows if (was := _wish_before(row, before))]
    replaced = {row.id for row, _ in again}
    gone = [row for row in rows if row.id not in replaced]
    await undoing.delete_wishes(tx, [row.id for row in gone])
    await situations.upsert_wishes(tx, [was for _, was in again])
    changed = [FieldChange(row.person, "wish", wish_text(row), "", row.visited) for row in gone]
    await record_changes(tx, changed + [one for row, was in again for one in wish_changes(row, was)], origin)
    return len(gone)


def _wish_before(row: StatedWish, before: Befores) -> StatedWish | None:
    said = _said(before, row.person, row.visited)
    if not said.keys() & {"wish", "partner", "fellows"}:
        return None
    return wish_before(row, json.loads(said["wish"]) if "wish" in said else row.facts, said)


async def _remove(tx: Transaction, by: str, number: UUID, entered: Sequence[Person]) -> None:
    """Whom the file brought in; the node's other services forget them as they forget an erased person."""
    ids, now = [each.id for each in entered], tx.node.clock.now()
    await undoing.delete_people(tx, ids)
    marks = [
        ErasureRequest(
            person=one,
            reason="wrong_record",
            reference=f"import:{number}",
            requested_by=by,
            requested_at=now,
            erased_on=tx.node.today(),
        )
        for one in ids
    ]
    await undoing.insert_erasures(tx, marks)
    await announce_all(tx, [LabourerErased(person=one, on=tx.node.today()) for one in ids])


async def _tell(
    tx: Transaction, number: UUID, known: Sequence[Person], homes: set[UUID], gone: set[UUID], as_of: date
) -> None:
    """Points of households as of the day on which what is known holds, and whoever is other than a moment ago."""
    days = await undoing.list_stated_days(tx, number, [each.id for each in known])
    on = max(days.values(), default=as_of)
    told = {each.id for each in known} | set(await weigh_households(tx, homes - gone, on))
    await announce_people(tx, told, on)
    await note_figures(tx, told, min(on, as_of), left=homes)
