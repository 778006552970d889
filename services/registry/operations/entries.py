"""Somebody is entered by hand (新增人员): number first, then who is perhaps the same, then into a household."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import JsonValue

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import record_changes
from services.registry.operations.duplicates import find_likeness
from services.registry.operations.household_entries import make_household
from services.registry.operations.households import check_single_head, weigh_households
from services.registry.operations.places import check_place
from services.registry.operations.same_person import enter_people, note_different
from services.registry.operations.sealing import index_household, seal_person
from services.registry.operations.standing import lock_standing
from services.registry.rules.changes import FieldChange, Origin, Source
from services.registry.rules.duplicates import Likeness, refuse_likeness, refuse_taken
from services.registry.rules.entries import EntryFinding, read_entry
from services.registry.rules.heads import HEAD
from services.registry.rules.households import Household, check_open, refuse_taken_household
from services.registry.rules.identification import judged
from services.registry.rules.numbers import IdNumber, read_id_number
from services.registry.rules.people import PersonState, facts_of
from services.registry.rules.report import PersonRow
from services.registry.rules.situations import situation_of
from services.registry.store import households, people, situations

# What a refusal shows of those who are perhaps the same.
Show = Callable[[Likeness], JsonValue]


async def check_labourer(
    tx: Transaction, number: str, name: str, township: str, village: str
) -> tuple[IdNumber, Likeness]:
    """What the number says, and who is on record; nothing is written but the trail."""
    read = read_id_number(number).of_somebody_alive(tx.node.today())
    found = Likeness()
    if read.number and read.birth:
        found = await find_likeness(tx, read.number, read.birth, name, township, village)
    tx.trail.note(persons=[*([found.known_as] if found.known_as else []), *(each.id for each in found.candidates)])
    return read, found


async def enter_labourer(
    tx: Transaction,
    caller: Caller,
    said: Mapping[str, Any],
    *,
    household: UUID | None,
    on: date,
    confirmed: bool,
    different_from: Sequence[UUID],
    show: Show,
    source: Source = "form",
) -> tuple[PersonState, list[EntryFinding]]:
    """A row of a people file and this have one rule. Answers the person and what is odd."""
    home = await _find_home(tx, household, said)
    placed = {**said, "household_no": said.get("household_no", "-")}
    if home:
        placed = {"township": home.township, "village": home.village, **placed}
    row, findings = read_entry(placed, on)
    if home is None or (row.township, row.village) != (home.township, home.village):
        await check_place(tx, row.township, row.village)
    await _check_new(tx, row, home, confirmed, different_from, show)
    home = home or await _make_home(tx, row, on)
    if row.kinship == HEAD:
        await check_single_head(tx, home.id, ())
    one = await _enter(tx, row, home.id, Origin(caller.subject, source), on, different_from)
    return await people.get_person(tx, one), findings


async def _find_home(tx: Transaction, one: UUID | None, said: Mapping[str, Any]) -> Household | None:
    """The household that is named, by id or by its number, open and within reach; None: it is to be made."""
    if one is not None:
        found: Household | None = await households.lock_household(tx, one)
    else:
        index = index_household(tx.node.vault, said.get("household_no", ""))
        found = await households.find_household(tx, index)
        found = await households.lock_household(tx, found.id) if found else None
    if found:
        check_open(found)
    return found


async def _make_home(tx: Transaction, row: PersonRow, on: date) -> Household:
    """No household within reach has this number; one that has it is beyond."""
    if await households.find_household(tx, index_household(tx.node.vault, row.household_no)):
        raise refuse_taken_household(None, "household_no")
    return await make_household(tx, row.household_no, row.township, row.village, on)


async def _check_new(
    tx: Transaction, row: PersonRow, home: Household | None, confirmed: bool, different_from: Sequence[UUID], show: Show
) -> None:
    place = (row.township, row.village, home.id) if home else (row.township, row.village)
    found = await find_likeness(tx, row.number, row.birth, row.name, *place)
    if found.known:
        raise refuse_taken(found.known_as)
    if not confirmed and found.unsettled(different_from):
        raise refuse_likeness(show(found), found.elsewhere)


async def _enter(
    tx: Transaction, row: PersonRow, home: UUID, origin: Origin, on: date, different_from: Sequence[UUID]
) -> UUID:
    """The person's row, where they work, and whatever follows."""
    one, facts = new_id(), judged(facts_of(row, home), await lock_standing(tx, on, origin.by))
    raised = await enter_people(tx, [seal_person(tx.node.vault, one, facts, on)], origin)
    await note_different(tx, raised, different_from, origin.by)
    await situations.upsert_situations(tx, [replace(situation_of(one, row, on), source="officer")])
    await record_changes(tx, [FieldChange(one, "entered", "", "", on)], origin)
    await announce_people(tx, {one, *await weigh_households(tx, [home], on)}, on)
    await note_figures(tx, [one], on)
    tx.trail.note(persons=[one], fields=sorted(name for name in vars(row) if getattr(row, name)))
    log.info("enter_labourer", person=str(one), household=str(home))
    return one
