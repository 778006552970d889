"""Imports taken back (撤回整批) in the database: whom a file has touched, why some of them stay, and what goes with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, delete, exists, func, insert, literal, null, or_, select, union, union_all, update

from libs.common.database import Transaction, among
from libs.common.imports.flow import ImportNotFound
from libs.common.row_mapping import columns_of, read_rows
from services.registry.rules.erasures import ErasureRequest
from services.registry.rules.people import PLAIN, SEALED, Person
from services.registry.rules.situations import Situation, StatedWish
from services.registry.rules.undoing import Kept, SealedBefore, Undo, UndoableImport
from services.registry.tables import (
    batch,
    card,
    change,
    departure,
    erasure,
    household,
    merge,
    person,
    reveal,
    same_person,
    search_index,
    situation,
    visit,
    wish,
)

# Changes by which the day moves on which what is known of a person holds.
_STATING = (*PLAIN, *SEALED, "entered")


async def lock_import(tx: Transaction, number: UUID) -> UndoableImport:
    """One import, locked; raises ImportNotFound."""
    query = select(batch.c.id, batch.c.as_of, batch.c.state, batch.c.undone_at, batch.c.undone_by, batch.c.undone)
    row = (await tx.execute(query.where(batch.c.id == number).with_for_update())).one_or_none()
    if row is None:
        raise ImportNotFound(str(number))
    return UndoableImport(row.id, row.as_of, row.state, _undo(row.undone_at, row.undone_by, row.undone))


async def find_undo(tx: Transaction, number: UUID) -> Undo | None:
    """What taking it back did, if it is or was."""
    query = select(batch.c.undone_at, batch.c.undone_by, batch.c.undone).where(batch.c.id == number)
    row = (await tx.execute(query)).one_or_none()
    return _undo(row.undone_at, row.undone_by, row.undone) if row else None


def _undo(at: Any, by: Any, done: Any) -> Undo | None:
    """One of before it was done in portions says nothing of them."""
    if done is None:
        return None
    kept = [Kept(UUID(each["person"]), each["reasons"]) for each in done["kept"]]
    people = done.get("people", done["removed"] + done["restored"] + len(kept))
    portions = {"people": people, "seen": people, "was": "done", "asked": {}, **done}
    return Undo(at, by, **{**portions, "kept": kept, "after": UUID(done.get("after", UUID(int=0).hex))})


async def update_undo(tx: Transaction, number: UUID, undo: Undo, state: str) -> None:
    """How far it is, in the transaction that takes it there."""
    kept = [{"person": str(each.person), "reasons": each.reasons} for each in undo.kept]
    said = {name: value for name, value in vars(undo).items() if name not in ("undone_at", "undone_by")}
    values = {
        "undone_at": undo.undone_at,
        "undone_by": undo.undone_by,
        "state": state,
        "attempts": 0,
        "problem": null(),
    }
    told = {"undone": {**said, "after": str(undo.after), "kept": kept}}
    await tx.execute(update(batch).where(batch.c.id == number).values(**values, **told))


async def update_undo_stopped(tx: Transaction, number: UUID, undo: Undo) -> None:
    """One that has taken nothing back yet was never asked for."""
    said = {"undone": null(), "undone_by": None} if not undo.seen else {}
    await tx.execute(update(batch).where(batch.c.id == number).values(state=undo.was, **said))


async def count_touched(tx: Transaction, number: UUID) -> int:
    return int((await tx.execute(select(func.count()).select_from(_touched(number)))).scalar_one())


async def list_touched(tx: Transaction, number: UUID, after: UUID, limit: int) -> list[UUID]:
    """Whom the file brought in, or of whom it said anything new, in the order of their ids."""
    touched = _touched(number)
    query = select(touched.c.id).where(touched.c.id > after).order_by(touched.c.id).limit(limit)
    return list((await tx.execute(query)).scalars())


def _touched(number: UUID) -> Any:
    return union(
        select(person.c.id).where(person.c.batch == number),
        *(select(each.c.person.label("id")).where(each.c.batch == number) for each in (change, situation, wish)),
    ).subquery()


async def list_reasons(
    tx: Transaction, number: UUID, known: Collection[UUID], entered: Collection[UUID]
) -> dict[UUID, set[str]]:
    """Why people stay: of those known before something was written since; of those the file brought in, anything hangs on them.

    Ids are in the order of writing: what is greater than the import's own came after it.
    """
    everybody = [*known, *entered]
    since = change.c.batch.is_distinct_from(number), change.c.id > number, ~change.c.undone
    said = wish.c.batch.is_distinct_from(number), wish.c.id > number
    works = situation.c.batch.is_distinct_from(number)
    named = select(func.unnest(reveal.c.persons, type_=Uuid).label("person")).subquery()
    standing = merge.c.state == "standing"
    why = [
        _reason("changed", select(change.c.person).where(among(change.c.person, everybody), *since)),
        _reason("visited", select(wish.c.person).where(among(wish.c.person, everybody), *said)),
        _reason("visited", select(visit.c.person).where(among(visit.c.person, everybody), visit.c.id > number)),
        _reason("changed", select(situation.c.person).where(among(situation.c.person, entered), works)),
        _reason("introduced", select(card.c.person).where(among(card.c.person, entered))),
        _reason("revealed", select(named.c.person).where(among(named.c.person, entered))),
        _reason("partner", select(wish.c.partner).where(among(wish.c.partner, entered))),
        *(
            _reason("merged", select(each).where(among(each, everybody), standing))
            for each in (merge.c.goes, merge.c.stays)
        ),
        _reason("erasure", select(erasure.c.person).where(among(erasure.c.person, everybody))),
    ]
    found: dict[UUID, set[str]] = {}
    for row in await tx.execute(union_all(*why)):
        found.setdefault(row.person, set()).add(row.reason)
    return found


def _reason(code: str, people: Select[Any]) -> Select[Any]:
    found = people.distinct().subquery()
    return select(next(iter(found.c)).label("person"), literal(code).label("reason"))


async def list_people(tx: Transaction, people: Collection[UUID]) -> list[Person]:
    """These people as they stand; nobody waits."""
    return read_rows(Person, await tx.execute(select(*columns_of(person, Person)).where(among(person.c.id, people))))


async def list_changes_of(tx: Transaction, number: UUID, people: Collection[UUID]) -> list[SealedBefore]:
    """What the file has changed of these people, in the order of writing; what is undone is not told again."""
    theirs = change.c.batch == number, ~change.c.undone, among(change.c.person, people)
    query = select(*columns_of(change, SealedBefore)).where(*theirs)
    return read_rows(SealedBefore, await tx.execute(query.order_by(change.c.id)))


async def list_situations_of(tx: Transaction, number: UUID, people: Collection[UUID]) -> list[Situation]:
    query = select(*columns_of(situation, Situation))
    query = query.where(situation.c.batch == number, among(situation.c.person, people))
    return read_rows(Situation, await tx.execute(query))


async def list_wishes_of(tx: Transaction, number: UUID, people: Collection[UUID]) -> list[StatedWish]:
    query = select(*columns_of(wish, StatedWish)).where(wish.c.batch == number, among(wish.c.person, people))
    return read_rows(StatedWish, await tx.execute(query.order_by(wish.c.id)))


async def list_stated_days(tx: Transaction, number: UUID, people: Collection[UUID]) -> dict[UUID, date]:
    """By person the last day on which anything but this file stated a fact, as far as that is on record."""
    others = change.c.batch.is_distinct_from(number), ~change.c.undone, change.c.field.in_(_STATING)
    stated = union_all(
        select(change.c.person, change.c.on.label("day")).where(among(change.c.person, people), *others),
        select(person.c.id, batch.c.as_of).join(batch, batch.c.id == person.c.batch).where(among(person.c.id, people)),
    ).subquery()
    query = select(stated.c.person, func.max(stated.c.day).label("day")).group_by(stated.c.person)
    return {row.person: row.day for row in await tx.execute(query)}


async def update_changes_undone(tx: Transaction, number: UUID, people: Collection[UUID]) -> None:
    """The file's changes and their taking back, of people who are as before."""
    of_them = change.c.batch == number, among(change.c.person, people)
    await tx.execute(update(change).where(*of_them).values(undone=True))


async def delete_situations(tx: Transaction, number: UUID, people: Collection[UUID]) -> None:
    await tx.execute(delete(situation).where(situation.c.batch == number, among(situation.c.person, people)))


async def delete_wishes(tx: Transaction, wishes: Collection[UUID]) -> None:
    await tx.execute(delete(wish).where(among(wish.c.id, wishes)))


async def delete_people(tx: Transaction, people: Collection[UUID]) -> None:
    """Every row of people who came in with a file and on whom nothing hangs."""
    for table in (situation, wish, visit, change, departure, search_index):
        await tx.execute(delete(table).where(among(table.c.person, people)))
    pairs = or_(among(same_person.c.one, people), among(same_person.c.other, people))
    await tx.execute(delete(same_person).where(pairs))
    await tx.execute(delete(person).where(among(person.c.id, people)))


async def delete_households(tx: Transaction, number: UUID) -> set[UUID]:
    """Those that the file made, nobody lives in, and nobody has put right since."""
    empty = ~exists().where(person.c.household == household.c.id)
    made = household.c.batch == number, household.c.version == 1, household.c.closed_on.is_(None)
    return set((await tx.execute(delete(household).where(*made, empty).returning(household.c.id))).scalars())


async def insert_erasures(tx: Transaction, marks: Sequence[ErasureRequest]) -> None:
    """By these marks nothing that comes late brings anybody back."""
    if marks:
        await tx.execute(insert(erasure), [vars(each) for each in marks])
