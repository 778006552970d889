"""The people as officers look them up and put them right: listed, shown with the reasons, corrected with what stood there before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.api.preconditions import Versions, check_version
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, state_figures
from services.registry.operations.people import PLAIN, SEALED, weigh_households, write_changes
from services.registry.operations.sealing import open_field
from services.registry.rules import identify
from services.registry.rules.corrections import check_corrections
from services.registry.rules.townships import check_known
from services.registry.store import people, situations
from services.registry.store.people import PersonNotFound

_SITUATION = ("work_place", "channel")


async def list_labourers(tx: Transaction, as_of: date, *, township: str | None, **wanted: Any) -> Sequence[Row[Any]]:
    """The people of the register whom the caller may see."""
    if township:
        check_known(township, await people.list_townships(tx))
    return await people.list_states(tx, as_of, township=township, **wanted)


async def show_labourer(tx: Transaction, one: UUID, as_of: date) -> Row[Any]:
    """One person as of a day; 404 when there is none whom the caller may see."""
    rows = await people.states_of(tx, [one], as_of)
    if not rows:
        raise PersonNotFound(str(one))
    return rows[0]


async def correct_labourer(
    tx: Transaction, caller: Caller, one: UUID, said: Mapping[str, Any], *, version: Versions | int, on: date
) -> Row[Any]:
    """Put right what an officer or cadre has found; the verdict, the household's points and the figures follow."""
    row = await people.lock_person(tx, one)
    await tx.widen()
    check_version(version, row.version)
    check_corrections(said)
    changes = _changes(tx, row, said)
    changes |= _judged(row, changes, on)
    if changes:
        await write_changes(tx, row, changes, on, caller.subject)
    await _correct_situation(tx, row, said, on, changed=bool(changes))
    touched = [one]
    await weigh_households(tx, [row.household], on, touched)
    await announce_people(tx, touched, on)
    await state_figures(tx, on)
    tx.trail.note(fields=sorted(said))
    log.info("correct_labourer", person=str(one), fields=sorted(said))
    return (await people.states_of(tx, [one]))[0]


def _changes(tx: Transaction, row: Row[Any], said: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """field -> (before, after) of what was said and is other than on record."""
    before = {name: getattr(row, name) for name in PLAIN}
    before |= {name: open_field(tx.node.vault, f"person.{name}", getattr(row, f"{name}_sealed")) for name in SEALED}
    return {name: (before[name], value) for name, value in said.items() if name in before and before[name] != value}


def _judged(row: Row[Any], changes: Mapping[str, tuple[Any, Any]], on: date) -> dict[str, tuple[Any, Any]]:
    """The verdict anew, where a ground of it has changed."""
    if not {"ability", "pupil"} & changes.keys():
        return {}
    now = {name: changes[name][1] if name in changes else getattr(row, name) for name in ("ability", "pupil")}
    verdict = identify(row.birth_date, now["ability"], now["pupil"], on)
    found = {"labourer": (row.labourer, verdict.labourer), "reasons": (list(row.reasons), list(verdict.reasons))}
    return {name: values for name, values in found.items() if values[0] != values[1]}


async def _correct_situation(
    tx: Transaction, row: Row[Any], said: Mapping[str, Any], on: date, *, changed: bool
) -> None:
    """Where the person works from that day on. It too makes a new version of the person."""
    if not said.keys() & set(_SITUATION):
        return
    state = (await people.states_of(tx, [row.id], on))[0]
    now = {name: said.get(name, getattr(state, name)) for name in _SITUATION}
    if now["work_place"] is None:
        now["channel"] = None
    moved = await situations.put_situations(tx, [{"person": row.id, "since": on, "source": "officer", **now}])
    if moved and not changed:
        await people.change_person(tx, row.id, {})
