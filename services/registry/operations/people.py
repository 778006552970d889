"""Record the people of a file (登记): new ones go in, known ones change field by field, nothing is overwritten in silence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction, new_id
from libs.common.privacy import Vault
from services.registry.operations.announcing import announce_people, state_figures
from services.registry.operations.sealing import HOUSEHOLD, NAME, NUMBER, open_field, seal_field
from services.registry.rules import PeopleReport, Person, household_burden
from services.registry.rules.burden import Member
from services.registry.rules.facts import work_place_code
from services.registry.store import households, people, situations

PLAIN = (
    "sex",
    "birth_date",
    "township",
    "village",
    "ethnic_group",
    "kinship",
    "education",
    "pupil",
    "ability",
    "health",
    "disability",
    "political_status",
    "work_employer",
    "work_months",
    "low_income",
    "destitute",
)
SEALED = ("name", "phone", "household_phone", "person_no")


@dataclass
class Recorded:
    """What a file did to the register: how many people are new, changed, and as they were."""

    added: int = 0
    changed: int = 0
    known: int = 0
    touched: list[UUID] = field(default_factory=list)

    def as_json(self) -> dict[str, int]:
        return {"added": self.added, "changed": self.changed, "known": self.known}


async def record_people(tx: Transaction, report: PeopleReport, batch: UUID, by: str) -> Recorded:
    """Put the accepted rows into the register as of the report's day, and tell of whoever is new or other than before."""
    vault = tx.node.vault
    numbers = {person.number: vault.blind_index(person.number, purpose=NUMBER) for person in report.people}
    known = await people.find_by_numbers(tx, numbers.values())
    homes = await _settle_households(tx, report)
    recorded = Recorded()
    await _add(
        tx,
        [each for each in report.people if numbers[each.number] not in known],
        numbers,
        homes,
        report.as_of,
        recorded,
    )
    files = [(known[numbers[each.number]], each) for each in report.people if numbers[each.number] in known]
    await _change(tx, files, homes, report.as_of, batch, by, recorded)
    await weigh_households(tx, set(homes.values()), report.as_of, recorded.touched)
    await announce_people(tx, recorded.touched, report.as_of)
    if recorded.touched:
        await state_figures(tx, report.as_of)
    return recorded


async def _settle_households(tx: Transaction, report: PeopleReport) -> dict[str, UUID]:
    """Household number -> id; a household lies where its first row says."""
    vault = tx.node.vault
    first: dict[str, Person] = {}
    for person in report.people:
        first.setdefault(person.household_no, person)
    indexes = {number: vault.blind_index(number, purpose=HOUSEHOLD) for number in first}
    rows = [
        {
            "id": new_id(),
            "number_sealed": seal_field(vault, "household.number", number),
            "number_index": indexes[number],
            "township": person.township,
            "village": person.village,
            "burden": 0,
            "as_of": report.as_of,
        }
        for number, person in first.items()
    ]
    ids = await households.put_households(tx, rows)
    return {number: ids[index] for number, index in indexes.items()}


async def _add(
    tx: Transaction,
    fresh: Sequence[Person],
    numbers: Mapping[str, bytes],
    homes: Mapping[str, UUID],
    as_of: date,
    recorded: Recorded,
) -> None:
    vault = tx.node.vault
    rows = []
    for person in fresh:
        sealed = {f"{name}_sealed": seal_field(vault, f"person.{name}", getattr(person, name)) for name in SEALED}
        rows.append(
            {
                "id": new_id(),
                "household": homes[person.household_no],
                "number_sealed": seal_field(vault, "person.number", person.number),
                "number_index": numbers[person.number],
                "name_index": vault.blind_index(person.name, purpose=NAME),
                "as_of": as_of,
                **_plain_of(person),
                **sealed,
            }
        )
    await people.add_people(tx, rows)
    await situations.put_situations(
        tx, [_situation(row["id"], each, as_of) for row, each in zip(rows, fresh, strict=True)]
    )
    recorded.added += len(rows)
    recorded.touched += [row["id"] for row in rows]


async def _change(
    tx: Transaction,
    files: Sequence[tuple[Row[Any], Person]],
    homes: Mapping[str, UUID],
    as_of: date,
    batch: UUID,
    by: str,
    recorded: Recorded,
) -> None:
    """Of a known person, what this file says otherwise; what something newer has changed stays."""
    newer = await people.changed_after(tx, [row.id for row, _ in files], as_of)
    moved = set(await situations.put_situations(tx, [_situation(row.id, person, as_of) for row, person in files]))
    for row, person in files:
        changes = (
            {} if row.as_of > as_of else _differences(tx.node.vault, row, person, homes[person.household_no], newer)
        )
        if changes:
            await write_changes(tx, row, changes, as_of, by, batch=batch)
        if changes or row.id in moved:
            recorded.changed += 1
            recorded.touched.append(row.id)
        else:
            recorded.known += 1


def _differences(
    vault: Vault, row: Row[Any], person: Person, household: UUID, newer: Collection[tuple[UUID, str]]
) -> dict[str, tuple[Any, Any]]:
    """field -> (before, after) where the two differ and nothing newer stands in the way."""
    plain = {**_plain_of(person), "household": household}
    found = {name: (getattr(row, name), value) for name, value in plain.items() if getattr(row, name) != value}
    for name in SEALED:
        before, after = open_field(vault, f"person.{name}", getattr(row, f"{name}_sealed")), getattr(person, name)
        if before != after and after:  # an empty cell says nothing about a phone that is known
            found[name] = (before, after)
    return {name: values for name, values in found.items() if (row.id, name) not in newer}


async def write_changes(
    tx: Transaction,
    row: Row[Any],
    changes: Mapping[str, tuple[Any, Any]],
    on: date,
    by: str,
    *,
    batch: UUID | None = None,
) -> None:
    """Write changed fields of one person, and what stood there before, sealed."""
    vault = tx.node.vault
    values: dict[str, Any] = {"as_of": max(on, row.as_of)}
    for name, (_, after) in changes.items():
        values |= {f"{name}_sealed": seal_field(vault, f"person.{name}", after)} if name in SEALED else {name: after}
    if "name" in changes:
        values["name_index"] = vault.blind_index(changes["name"][1], purpose=NAME)
    await people.change_person(tx, row.id, values)
    kept = [
        {
            "id": new_id(),
            "person": row.id,
            "batch": batch,
            "field": name,
            "on": on,
            "changed_by": by,
            "before_sealed": vault.encrypt(str(before), context="registry.change.before"),
            "after_sealed": vault.encrypt(str(after), context="registry.change.after"),
        }
        for name, (before, after) in changes.items()
    ]
    await people.add_changes(tx, kept)


async def weigh_households(tx: Transaction, homes: Collection[UUID], as_of: date, touched: list[UUID]) -> None:
    """Work out each household's points anew; its members are told of when they have changed (added to `touched`)."""
    members: dict[UUID, list[Member]] = {home: [] for home in homes}
    for row in await households.members_of(tx, homes):
        members[row.household].append(
            Member(row.birth_date, row.ability, row.pupil, tuple(row.health), row.low_income, row.destitute)
        )
    burdens = {home: household_burden(each, as_of) for home, each in members.items()}
    changed = await households.set_burdens(tx, burdens, as_of)
    if changed:
        touched += sorted(set(await people.ids_in_households(tx, changed)) - set(touched))


def _plain_of(person: Person) -> dict[str, Any]:
    """The columns that identify nobody, and the verdict."""
    facts = {name: getattr(person, "birth" if name == "birth_date" else name) for name in PLAIN}
    return facts | {
        "health": list(person.health),
        "labourer": person.verdict.labourer,
        "reasons": list(person.verdict.reasons),
    }


def _situation(one: UUID, person: Person, as_of: date) -> dict[str, Any]:
    place = work_place_code(person.work_place)
    return {
        "person": one,
        "since": as_of,
        "work_place": place,
        "channel": person.channel or None if place else None,
        "source": "import",
    }
