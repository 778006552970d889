"""What cities report of this county's people: spells, ends, verifications and services, by the introduction's id."""

from __future__ import annotations

from libs.common.calendar import add_days
from libs.common.database import Transaction
from libs.common.events.retention import (
    RiskReported,
    ServiceReported,
    SpellEndReported,
    SpellReported,
    VerificationMoved,
    VerificationReported,
)
from libs.common.indicators import note_changes
from services.retention.operations.repeats import tell_repeats
from services.retention.operations.situation import tell_situation
from services.retention.rules.introductions import Introduction
from services.retention.rules.notice import Notice
from services.retention.rules.serving import GivenService
from services.retention.rules.spells import Spell, counted_for
from services.retention.rules.verification import Finding
from services.retention.store import introductions, risks, services, spells, verifications
from services.retention.store.spells import SpellUnknown


async def note_spell(tx: Transaction, event: SpellReported) -> None:
    """Keep the county's copy of a spell that began or was corrected; its registry and its figures follow."""
    known = Introduction(id=event.introduction, county=event.county, city=event.city, vacancy=event.vacancy)
    await introductions.insert_introduction_if_absent(tx, known)
    introduction = await introductions.lock_introduction(tx, event.introduction)
    before = await spells.find_spell(tx, event.spell)
    spell = Spell(id=event.spell, person=introduction.person, **event.model_dump(exclude={"spell"}))
    if event.city != tx.node.code:  # a city's own spell is already here
        await spells.upsert_spell(tx, spell)
    await tell_situation(tx, event.introduction)
    await tell_repeats(tx, [introduction.person], event.start)
    for day in sorted({event.start, before.start if before else event.start}):
        await note_changes(tx, tx.node.code, day, counted_for(spell))


async def note_end(tx: Transaction, event: SpellEndReported) -> None:
    """A spell ended; who came home is out of work from the next day, and on the county's list again."""
    spell = await spells.find_spell(tx, event.spell)
    if spell is None:
        raise SpellUnknown(f"{event.spell}")
    await spells.update_spell_ended(
        tx, event.spell, end=event.end, reason=event.reason, returned_home=event.returned_home
    )
    await tell_situation(tx, event.introduction)
    await note_changes(tx, tx.node.code, add_days(event.end, 1), counted_for(spell))


async def note_risk(tx: Transaction, event: RiskReported) -> None:
    """A notice in the city, and what became of it; the spell was reported before on the same topic."""
    if event.city == tx.node.code:
        return
    told = event.model_dump(exclude={"risk", "introduction", "county", "city"})
    await risks.upsert_notice(tx, Notice(id=event.risk, **told))


async def note_verification_moved(tx: Transaction, event: VerificationMoved) -> None:
    """The quarter's task has another owner now."""
    await _meet(tx, event)
    await verifications.upsert_verification(tx, event.introduction, event.quarter, event.owner, event.on)


async def note_verification(tx: Transaction, event: VerificationReported) -> None:
    """The city's answer counts in the county's retention rate."""
    await _meet(tx, event)
    found, node = Finding(event.quarter, event.outcome, event.grade, event.on), f"n{event.city}"
    await verifications.upsert_finding(tx, event.introduction, node, found)
    await verifications.update_answer_of_owner(tx, event.introduction, node, found)


async def note_service(tx: Transaction, event: ServiceReported) -> None:
    """A service that a city gave to one of this county's people; the county counts it."""
    await _meet(tx, event)
    introduction = await introductions.lock_introduction(tx, event.introduction)
    given = GivenService(
        id=event.service,
        county=event.county,
        region=event.city,
        person=introduction.person,
        introduction=introduction.id,
        kind=event.kind,
        topic=event.topic,
        hours=event.hours,
        on=event.on,
    )
    await services.insert_service_if_absent(tx, given)
    await note_changes(tx, tx.node.code, event.on, [given.id])


async def _meet(tx: Transaction, event: VerificationMoved | VerificationReported | ServiceReported) -> None:
    """Topics overtake each other: a report may come before matching has told of the introduction."""
    known = Introduction(id=event.introduction, county=event.county, city=event.city)
    await introductions.insert_introduction_if_absent(tx, known)
