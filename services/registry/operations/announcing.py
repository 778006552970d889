"""Tell the node's other services how each of these people stands now, and everybody the county's figures."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.envelope import Event
from libs.common.events.registry import LabourerRecorded, Wish
from libs.common.indicators import note_changes
from libs.common.outbox import announce_all
from services.registry.rules.facts import education_step
from services.registry.rules.fellows import group_id
from services.registry.rules.people import PersonState, groups_of
from services.registry.store import figures, people


async def announce_people(tx: Transaction, who: Collection[UUID], on: date) -> None:
    """The whole state of each; their rows are locked or new in this transaction."""
    found = await people.list_people_by_id(tx, who)
    events: list[Event] = [tell_person(each, tx.node.code, on) for each in found]
    await announce_all(tx, events)


def tell_person(person: PersonState, county: str, on: date) -> LabourerRecorded:
    """A person's facts under the id alone."""
    return LabourerRecorded(
        person=person.id,
        household=person.household,
        county=county,
        township=person.township,
        birth_date=person.birth_date,
        education=education_step(person.education),
        labourer=person.labourer and person.left_on is None,
        reasons=tuple(person.reasons) if person.left_on is None else (*person.reasons, "left"),
        employed=person.work_place is not None,
        work_place=person.work_place,
        channel=person.channel,
        groups=groups_of(person, on),
        burden=person.burden,
        wish=wish_of(person, county),
        left=person.left_as,
        left_on=person.left_on,
        on=on,
    )


def wish_of(person: PersonState, county: str) -> Wish | None:
    """The newest wish, without anything that names a person or a group of people."""
    if person.facts is None:
        return None
    fellows = group_id(county, person.township, person.village, person.fellows) if person.fellows else None
    return Wish(visited=person.said_on, partner=person.partner, fellows=fellows, **person.facts)


async def note_figures(tx: Transaction, who: Collection[UUID], on: date, *, left: Collection[UUID] = ()) -> None:
    """The figures of these people's households, and of those that were left, may be others from this day on."""
    await note_changes(tx, tx.node.code, on, {*await figures.list_households(tx, who), *left})
