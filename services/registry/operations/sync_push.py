"""One mutation of a phone (上行同步): counted once by its id, merged with what others wrote, set aside where it contradicts them.

Every way in has one rule: what a mutation does is done by the operations that forms use. Each is a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import refuse_field
from libs.common.telemetry import log
from services.registry.operations.labourers import correct_labourer
from services.registry.operations.sealing import open_person
from services.registry.operations.sync_conflicts import seal_values
from services.registry.rules.corrections import check_corrections
from services.registry.rules.departures import check_here
from services.registry.rules.mutations import Outcome, SyncConflict, check_age, contested, values_now
from services.registry.rules.people import Person
from services.registry.store import mutations, people, sync_conflicts


@dataclass(frozen=True)
class Sent:
    """A mutation as it was sent: whose id it is, a keyed digest of the whole, the day on the phone."""

    owner: str
    id: UUID
    digest: bytes
    on: date


@dataclass(frozen=True)
class Said:
    """What a phone says of a person, on the version that it knew."""

    person: UUID
    base: int
    facts: Mapping[str, Any]
    reason: str | None


async def count_once(
    tx: Transaction, sent: Sent, days: int, do: Callable[[], Awaitable[Outcome]]
) -> tuple[Outcome, bool]:
    """Do it, or answer as before; whether it was counted before. What is refused is not counted."""
    now = tx.node.clock.now()
    if not await mutations.insert_mutation_if_absent(tx, sent.owner, sent.id, sent.digest, now):
        return (await mutations.get_mutation(tx, sent.owner, sent.id)).answer(sent.digest), True
    check_age(sent.on, tx.node.today(), days)
    outcome = await do()
    await mutations.update_mutation(tx, sent.owner, sent.id, outcome)
    tx.trail.note(persons=[outcome.person] if outcome.person else [], entities=[f"mutation:{sent.id}"])
    log.info("count_once", mutation=str(sent.id), state=outcome.state)
    return outcome, False


async def find_person(tx: Transaction, owner: str, one: UUID) -> UUID:
    """A person whom the caller may see, by id or by the mutation that entered them; who was merged is who they are now."""
    named = await people.find_standing_id(tx, await mutations.find_entered(tx, owner, one) or one)
    if not await people.list_people_by_id(tx, [named]):
        raise refuse_field("/person", "unknown", "范围内没有此人 Nobody within the scope has this id: pull first.")
    return named


async def correct(tx: Transaction, caller: Caller, sent: Sent, said: Said) -> Outcome:
    """What nobody else has written since goes in; what somebody has, and said otherwise, waits for a decision."""
    one = await find_person(tx, sent.owner, said.person)
    person = await people.lock_person(tx, one)
    check_here(person)
    # Of somebody who was merged the phone knew other versions: whatever differs is somebody's word.
    same = one == (await mutations.find_entered(tx, sent.owner, said.person) or said.person)
    if same and said.base > person.version:
        raise refuse_field("/base", "unknown", "没有这个版本 The person has no such version: pull first.")
    before = open_person(tx.node.vault, person)
    check_corrections(before, said.facts, said.reason, sent.on)
    newer = await mutations.list_fields_since(tx, one, said.base, person.version) if same else None
    now = values_now(said.facts, before, await people.get_person(tx, one))
    aside = contested(said.facts, now, newer)
    waits = await _set_aside(tx, caller, sent, said, person, {name: now[name] for name in sorted(aside)})
    free = {name: value for name, value in said.facts.items() if name not in aside}
    version = person.version
    if free:
        done = await correct_labourer(
            tx, caller, one, free, version=None, on=sent.on, reason=said.reason, source="phone"
        )
        version = done.version
    if waits:
        return Outcome("conflict", one, version, tuple(sorted(aside)), waits)
    return Outcome("applied" if same and said.base == person.version else "merged", one, version)


async def _set_aside(
    tx: Transaction, caller: Caller, sent: Sent, said: Said, person: Person, theirs: Mapping[str, Any]
) -> UUID | None:
    """Both values, sealed."""
    if not theirs:
        return None
    conflict = SyncConflict(
        id=new_id(),
        person=person.id,
        mutation=sent.id,
        source="phone",
        fields=list(theirs),
        mine_sealed=seal_values(tx.node.vault, "mine", {name: said.facts[name] for name in theirs}),
        theirs_sealed=seal_values(tx.node.vault, "theirs", theirs),
        base=said.base,
        current=person.version,
        on=sent.on,
        reason=said.reason,
        said_by=caller.subject,
        at=tx.node.clock.now(),
        state="open",
    )
    await sync_conflicts.insert_conflict(tx, conflict)
    return conflict.id
