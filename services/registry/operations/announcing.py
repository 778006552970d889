"""Tell the node's other services how each of these people stands now, and everybody the county's figures."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction
from libs.common.events.envelope import Event
from libs.common.events.registry import LabourerRecorded, RegistryIndicatorsStated, Wish
from libs.common.outbox import announce_all
from services.registry.rules.facts import education_step, reserve_groups
from services.registry.rules.fellows import group_id
from services.registry.store import figures, people

RULE = "registry.indicators.1"


async def announce_people(tx: Transaction, who: Collection[UUID], on: date) -> None:
    """The whole state of each; their rows are locked or new in this transaction."""
    rows = await people.states_of(tx, who)
    events: list[Event] = [tell_person(row, tx.node.code, on) for row in rows]
    await announce_all(tx, events)


def tell_person(row: Row[Any], county: str, on: date) -> LabourerRecorded:
    """A person's facts under the id alone."""
    return LabourerRecorded(
        person=row.id,
        household=row.household,
        county=county,
        township=row.township,
        birth_date=row.birth_date,
        education=education_step(row.education),
        labourer=row.labourer,
        reasons=tuple(row.reasons),
        employed=row.work_place is not None,
        work_place=row.work_place,
        channel=row.channel,
        groups=groups_of(row, on),
        burden=row.burden,
        wish=wish_of(row, county),
        on=on,
    )


def wish_of(row: Row[Any], county: str) -> Wish | None:
    """The newest wish, without anything that names a person or a group of people."""
    if row.facts is None:
        return None
    fellows = group_id(county, row.township, row.village, row.fellows) if row.fellows else None
    return Wish(visited=row.visited, partner=row.partner, fellows=fellows, **row.facts)


def groups_of(row: Row[Any], on: date) -> tuple[str, ...]:
    return reserve_groups(
        birth=row.birth_date,
        education=row.education,
        health=tuple(row.health),
        disability=row.disability,
        zero_employment=bool(row.facts and row.facts.get("zero_employment")),
        on=on,
    )


async def state_figures(tx: Transaction, *changed: date) -> None:
    """State the figures of each changed day and of every later day stated before; what is the same is not repeated."""
    await figures.hold_statements(tx)
    days = sorted({*changed, *await figures.stated_after(tx, min(changed))})
    events: list[Event] = []
    for day in days:
        counted = await figures.count_figures(tx, day)
        if await figures.keep_statement(tx, day, RULE, counted):
            events.append(RegistryIndicatorsStated(division=tx.node.code, as_of=day, rule=RULE, figures=counted))
    await announce_all(tx, events)
