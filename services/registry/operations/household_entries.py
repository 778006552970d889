"""Households by hand (户): entered and put right; whoever lives there comes along when a household lies elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from libs.common.access.reach import Reach
from libs.common.api.preconditions import Versions, is_current, stale
from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import refuse_field
from libs.common.sheets.text import compact
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import record_changes, write_changes
from services.registry.operations.places import check_place
from services.registry.operations.sealing import HOUSEHOLD, index_household, open_field, open_person
from services.registry.rules.changes import FieldChange, Origin, Restated
from services.registry.rules.heads import judge_household
from services.registry.rules.households import Household, Resident, check_open, refuse_taken_household
from services.registry.rules.masking import mask_fact
from services.registry.rules.people import Person
from services.registry.rules.values import read_place_name
from services.registry.store import households, people


@dataclass(frozen=True)
class Home:
    """A household with who lives there, and what does not fit."""

    household: Household
    residents: list[Resident]
    findings: list[tuple[UUID, str]]


async def show_household(tx: Transaction, one: UUID) -> Home:
    """One household; 404 when there is none whom the caller may see."""
    found = await households.get_household(tx, one)
    return Home(found, await households.list_residents(tx, one), judge_household(await households.list_kin(tx, one)))


async def enter_household(
    tx: Transaction, caller: Caller, number: str, township: str, village: str, *, new_village: bool, on: date
) -> Home:
    """One without anybody yet; its members are entered, or move in."""
    township, village = read_place_name(township), read_place_name(village)
    if not (new_village and _reaches(tx.reach, township)):
        await check_place(tx, township, village)
    await check_household_number_free(tx, number)
    made = await make_household(tx, number, township, village, on)
    log.info("enter_household", household=str(made.id))
    return Home(made, [], [])


def _reaches(reach: Reach, township: str) -> bool:
    """Whether a whole township is the caller's, villages that nobody has named yet included."""
    return reach.kind in ("node", "service") or township in reach.whose


async def make_household(tx: Transaction, number: str, township: str, village: str, on: date) -> Household:
    """One whose number is free."""
    vault = tx.node.vault
    made = Household(
        id=new_id(),
        number_sealed=vault.encrypt(compact(number), context=HOUSEHOLD),
        number_index=index_household(vault, number),
        township=township,
        village=village,
        burden=0,
        as_of=on,
    )
    await households.insert_household(tx, made)
    return made


async def check_household_number_free(tx: Transaction, number: str) -> None:
    """Told of as far as the caller's own reach goes, which is widened."""
    index = index_household(tx.node.vault, number)
    seen = await households.find_household(tx, index)
    await tx.widen()
    if seen or await households.find_household(tx, index):
        raise refuse_taken_household(seen.id if seen else None)


async def correct_household(
    tx: Transaction,
    caller: Caller,
    one: UUID,
    said: Mapping[str, str],
    *,
    reason: str | None,
    version: Versions,
    on: date,
) -> Home:
    """What stood there before stays in the history of everybody who lives there."""
    seen = await households.get_household(tx, one)
    wanted = (said.get("township", seen.township), said.get("village", seen.village))
    if wanted != (seen.township, seen.village):
        await check_place(tx, *wanted)
    members = await people.lock_people(tx, await people.list_ids_in_households(tx, [one]))
    before = await households.lock_household(tx, one)
    number = open_field(tx.node.vault, "household.number", before.number_sealed)
    if not is_current(version, before.version):
        known = {"number": mask_fact("household_no", number), "township": before.township, "village": before.village}
        raise stale(before.version, {name: known[name] for name in said})
    check_open(before)
    after = replace(before, township=wanted[0], village=wanted[1])
    if said.get("number", number) != number:
        after = await _renumbered(tx, after, said["number"], reason)
    await tx.widen()
    await households.update_household(tx, after)
    origin = Origin(caller.subject, "form", reason=reason)
    if after.number_index != before.number_index:
        numbers = [FieldChange(each.id, "household_no", number, said["number"], on) for each in members]
        await record_changes(tx, numbers, origin)
    await _take_along(tx, members, before, after, origin, on)
    tx.trail.note(fields=sorted(said), persons=[each.id for each in members])
    log.info("correct_household", household=str(one), fields=sorted(said))
    return await show_household(tx, one)


async def _renumbered(tx: Transaction, household: Household, number: str, reason: str | None) -> Household:
    if not reason:
        raise refuse_field("/reason", "missing", "更正户编号须写明原因 Say why the number is another.")
    await check_household_number_free(tx, number)
    vault = tx.node.vault
    return replace(
        household,
        number_sealed=vault.encrypt(compact(number), context=HOUSEHOLD),
        number_index=index_household(vault, number),
    )


async def _take_along(
    tx: Transaction, members: Sequence[Person], before: Household, after: Household, origin: Origin, on: date
) -> None:
    """Whoever lives where the household lay lives where it lies."""
    if (before.township, before.village) == (after.township, after.village):
        return
    restated = []
    for person in members:
        if (person.township, person.village) == (before.township, before.village):
            facts = open_person(tx.node.vault, person)
            there = replace(facts, township=after.township, village=after.village)
            restated.append(Restated(person, facts, there, on))
    await write_changes(tx, restated, origin)
    await announce_people(tx, [each.person.id for each in restated], on)
    await note_figures(tx, [], on, left=[before.id])
