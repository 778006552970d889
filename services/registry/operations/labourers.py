"""The people as officers look them up and put them right: listed, and corrected with what stood there before on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import JsonValue

from libs.common.api.preconditions import Versions, is_current, stale
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import write_changes
from services.registry.operations.duplicates import check_number_free
from services.registry.operations.households import check_single_head, weigh_households
from services.registry.operations.places import check_place
from services.registry.operations.sealing import open_person
from services.registry.operations.situations import state_situations
from services.registry.operations.standing import lock_standing
from services.registry.rules.changes import Origin, Restated, Source
from services.registry.rules.corrections import check_corrections, corrected, corrected_situation
from services.registry.rules.departures import check_here
from services.registry.rules.heads import HEAD
from services.registry.rules.identification import judged
from services.registry.rules.listing import EVERYBODY, Filters
from services.registry.rules.masking import mask_fact
from services.registry.rules.people import Facts, ListedPerson, Person, PersonState, grounds_differ
from services.registry.rules.townships import check_known
from services.registry.store import people, people_lists, places

# What a verdict looks at; the number says when somebody was born.
_GROUNDS = {"ability", "pupil", "number", "birth_date"}


async def list_labourers(
    tx: Transaction, as_of: date, filters: Filters = EVERYBODY, *, after: UUID | None = None, limit: int
) -> list[ListedPerson]:
    """The people of the register whom the caller may see."""
    await check_filters(tx, filters)
    return await people_lists.list_people(tx, as_of, filters, after=after, limit=limit)


async def count_labourers(tx: Transaction, as_of: date, filters: Filters) -> int:
    """How many of them there are."""
    await check_filters(tx, filters)
    return await people_lists.count_people(tx, as_of, filters)


async def check_filters(tx: Transaction, filters: Filters) -> None:
    """A township that there is not is told of, instead of a list of nobody."""
    if filters.township is not None and await places.find_township(tx, filters.township) is None:
        check_known(filters.township, await people.list_townships(tx))


async def correct_labourer(
    tx: Transaction,
    caller: Caller,
    one: UUID,
    said: Mapping[str, Any],
    *,
    version: Versions,
    on: date,
    reason: str | None = None,
    source: Source = "form",
) -> PersonState:
    """Put right what an officer or cadre has found; the verdict, the household's points and the figures follow."""
    # Before the person: a run of identification waits for whoever judges somebody, and then wants the rows.
    standing = await lock_standing(tx, on, caller.subject) if _GROUNDS & said.keys() else None
    person = await people.lock_person(tx, one)
    before = open_person(tx.node.vault, person)
    if not is_current(version, person.version):
        raise stale(person.version, await _current(tx, one, before, said))
    check_here(person)
    check_corrections(before, said, reason, on)
    after = corrected(before, said)
    if standing and grounds_differ(before, after):
        after = judged(after, standing)
    await _check_others(tx, person, before, after)
    change, origin = Restated(person, before, after, on), Origin(caller.subject, source, reason=reason)
    if change.fields:
        await write_changes(tx, [change], origin)
    await _correct_situation(tx, one, said, on, origin, changed=bool(change.fields))
    await announce_people(tx, {one, *await weigh_households(tx, [person.household], on)}, on)
    await note_figures(tx, [one], on)
    tx.trail.note(fields=sorted(said))
    log.info("correct_labourer", person=str(one), fields=sorted(said))
    return await people.get_person(tx, one)


async def _current(tx: Transaction, one: UUID, before: Facts, said: Mapping[str, Any]) -> dict[str, JsonValue]:
    """What stands there now of the fields that were sent, masked."""
    state = await people.get_person(tx, one)
    known = {name: getattr(before if hasattr(before, name) else state, name) for name in said}
    return {name: mask_fact(name, value) for name, value in known.items()}


async def _check_others(tx: Transaction, person: Person, before: Facts, after: Facts) -> None:
    """What cannot be judged by the person alone: the village, whose number it is, who else is head of the household.

    From here on what follows is the node's own work.
    """
    if (after.township, after.village) != (before.township, before.village):
        await check_place(tx, after.township, after.village)
    if after.number != before.number:
        await check_number_free(tx, after.number, but=person.id)
    await tx.widen()
    if after.kinship == HEAD != before.kinship:
        await check_single_head(tx, person.household, [person.id])


async def _correct_situation(
    tx: Transaction, one: UUID, said: Mapping[str, Any], on: date, origin: Origin, *, changed: bool
) -> None:
    """Where the person works from that day on. It too makes a new version of the person."""
    if not said.keys() & {"work_place", "channel"}:
        return
    now = corrected_situation(await people.get_person(tx, one, on), said, on)
    if await state_situations(tx, [now], origin) and not changed:
        await people.update_person_version(tx, one)
