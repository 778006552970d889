"""The people as officers look them up and put them right: listed, and corrected with what stood there before on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from libs.common.api.preconditions import Versions, check_version
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import write_changes
from services.registry.operations.households import weigh_households
from services.registry.operations.sealing import open_person
from services.registry.rules.changes import Restated
from services.registry.rules.corrections import check_corrections, corrected, corrected_situation
from services.registry.rules.people import ListedPerson, PersonState, judged_anew
from services.registry.rules.townships import check_known
from services.registry.store import people, situations


async def list_labourers(tx: Transaction, as_of: date, *, township: str | None, **wanted: Any) -> list[ListedPerson]:
    """The people of the register whom the caller may see."""
    if township:
        check_known(township, await people.list_townships(tx))
    return await people.list_people(tx, as_of, township=township, **wanted)


async def correct_labourer(
    tx: Transaction, caller: Caller, one: UUID, said: Mapping[str, Any], *, version: Versions | int, on: date
) -> PersonState:
    """Put right what an officer or cadre has found; the verdict, the household's points and the figures follow."""
    person = await people.lock_person(tx, one)
    await tx.widen()
    check_version(version, person.version)
    check_corrections(said)
    before = open_person(tx.node.vault, person)
    change = Restated(person, before, judged_anew(before, corrected(before, said), on), on)
    if change.fields:
        await write_changes(tx, [change], caller.subject)
    await _correct_situation(tx, one, said, on, changed=bool(change.fields))
    await announce_people(tx, {one, *await weigh_households(tx, [person.household], on)}, on)
    await note_figures(tx, [one], on)
    tx.trail.note(fields=sorted(said))
    log.info("correct_labourer", person=str(one), fields=sorted(said))
    return await people.get_person(tx, one)


async def _correct_situation(tx: Transaction, one: UUID, said: Mapping[str, Any], on: date, *, changed: bool) -> None:
    """Where the person works from that day on. It too makes a new version of the person."""
    if not said.keys() & {"work_place", "channel"}:
        return
    now = corrected_situation(await people.get_person(tx, one, on), said, on)
    if await situations.upsert_situations(tx, [now]) and not changed:
        await people.update_person_version(tx, one)
