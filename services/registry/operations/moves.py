"""Who lives with whom (迁户、分户、并户): people move to another household; one that is left by all is closed and stays on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.problems import Conflict, FieldError, Invalid, refuse_field, said_in_both
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import write_changes
from services.registry.operations.household_entries import (
    Home,
    check_household_number_free,
    make_household,
    show_household,
)
from services.registry.operations.households import close_empty, weigh_households
from services.registry.operations.places import check_place
from services.registry.operations.sealing import open_person
from services.registry.rules.changes import Origin, Restated
from services.registry.rules.corrections import check_kinship
from services.registry.rules.departures import check_here
from services.registry.rules.heads import HEAD
from services.registry.rules.households import Household, HouseholdNotFound, check_open
from services.registry.rules.people import Person, PersonState
from services.registry.rules.wording import WORDS
from services.registry.store import households, people

# Who they are in their household, by id; whoever is not named stays what they were.
Kinships = Mapping[UUID, str]


class BeyondReach(Conflict):
    """Of a household that is joined, somebody lives beyond the caller's reach, or has just come in or left."""

    title = "该户有成员不在授权范围内，或刚有变动 Some members are beyond your reach, or have just changed"


class NotOfThisHousehold(Invalid):
    title = "不是本户成员 Not a member of this household"


async def move_labourer(
    tx: Transaction, caller: Caller, one: UUID, to: UUID, *, kinship: str | None, on: date, reason: str | None
) -> PersonState:
    """To another household within the caller's reach; township and village follow."""
    person = await people.lock_person(tx, one)
    check_here(person)
    if person.household == to:
        raise refuse_field("/household", "same", "已在该户 The person lives there already.")
    await _check_named(tx, to)
    said, origin = {one: kinship} if kinship else {}, Origin(caller.subject, "form", reason=reason)
    await _bring(tx, [person], to, said, origin, on, pointer="/kinship")
    log.info("move_labourer", person=str(one), household=str(to))
    return await people.get_person(tx, one)


async def split_household(
    tx: Transaction,
    caller: Caller,
    one: UUID,
    number: str,
    kinships: Mapping[UUID, str | None],
    *,
    place: tuple[str | None, str | None],
    on: date,
    reason: str | None,
) -> Home:
    """Some members form a household of their own."""
    home = await households.get_household(tx, one)
    check_open(home)
    leaving = await _members(tx, one, list(kinships))
    township, village = place[0] or home.township, place[1] or home.village
    if (township, village) != (home.township, home.village):
        await check_place(tx, township, village)
    await check_household_number_free(tx, number)
    made = await make_household(tx, number, township, village, on)
    said = {person: kinship for person, kinship in kinships.items() if kinship}
    await _bring(tx, leaving, made.id, said, Origin(caller.subject, "form", reason=reason), on, pointer="/members")
    log.info("split_household", household=str(one), made=str(made.id), people=len(leaving))
    return await show_household(tx, made.id)


async def join_household(
    tx: Transaction, caller: Caller, one: UUID, other: UUID, kinships: Kinships, *, on: date, reason: str | None
) -> Home:
    """Everybody of another household comes in."""
    if one == other:
        raise refuse_field("/household", "same", "不能与自己合并 A household cannot join itself.")
    check_open(await households.get_household(tx, one))
    await _check_named(tx, other)
    ids = await people.list_ids_in_households(tx, [other])
    coming = await people.lock_people(tx, ids)
    await tx.widen()
    found = await households.lock_households(tx, [one, other])
    check_open(found[other])
    if {each.id for each in coming} != set(await people.list_ids_in_households(tx, [other])):
        raise BeyondReach()
    await _bring(tx, coming, one, kinships, Origin(caller.subject, "form", reason=reason), on, pointer="/kinships")
    await close_empty(tx, {other}, on)
    log.info("join_household", household=str(one), other=str(other), people=len(coming))
    return await show_household(tx, one)


async def _check_named(tx: Transaction, one: UUID) -> None:
    """A household that a body names is within reach and open, or the field that names it is wrong."""
    try:
        check_open(await households.get_household(tx, one))
    except HouseholdNotFound as unknown:
        raise refuse_field("/household", "unknown", "没有这一户 There is no such household.") from unknown


async def _members(tx: Transaction, home: UUID, named: Sequence[UUID]) -> list[Person]:
    """Those who are named, all of whom live there."""
    found = await people.lock_people(tx, named)
    living = {each.id for each in found if each.household == home}
    wrong = [
        FieldError(f"/members/{place}/person", "not_a_member", "不是本户成员 Does not live in this household.")
        for place, each in enumerate(named)
        if each not in living
    ]
    if wrong:
        raise NotOfThisHousehold(errors=wrong)
    for each in found:
        check_here(each)
    return found


async def _bring(
    tx: Transaction, coming: Sequence[Person], to: UUID, kinships: Kinships, origin: Origin, on: date, *, pointer: str
) -> None:
    """They live there from that day on, with whatever follows from it. People are held before households, as everywhere."""
    for kinship in kinships.values():
        check_kinship(kinship, pointer)
    await tx.widen()
    left = {person.household for person in coming}
    home = (await households.lock_households(tx, {to, *left}))[to]
    check_open(home)
    await _check_heads(tx, coming, home, kinships, pointer)
    there = {"household": home.id, "township": home.township, "village": home.village}
    await write_changes(tx, [_restated(tx, person, there, kinships, on) for person in coming], origin)
    await close_empty(tx, left, on)
    moved = {person.id for person in coming}
    await announce_people(tx, moved | set(await weigh_households(tx, [home.id, *left], on)), on)
    await note_figures(tx, moved, on, left=left)
    tx.trail.note(persons=sorted(moved), entities=[f"household:{each}" for each in sorted({home.id, *left})])


def _restated(tx: Transaction, person: Person, there: Mapping[str, Any], kinships: Kinships, on: date) -> Restated:
    before = open_person(tx.node.vault, person)
    return Restated(person, before, replace(before, **there, kinship=kinships.get(person.id, before.kinship)), on)


async def _check_heads(
    tx: Transaction, coming: Sequence[Person], home: Household, kinships: Kinships, pointer: str
) -> None:
    """Refuse to make a second head."""
    heads = sum(kinships.get(person.id, person.kinship) == HEAD for person in coming)
    heads_there = sum(each.kinship == HEAD for each in await households.list_kin(tx, home.id))
    if heads and heads + heads_there > 1:
        raise refuse_field(pointer, "head_multiple", said_in_both(*WORDS["head_multiple"]))
