"""The event door of retention: what it hears from its own node and from partners."""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.events.envelope import Envelope
from libs.common.events.jobs import VacancyAnnounced, VacancyWithdrawn
from libs.common.events.matching import IntroductionAgreed, IntroductionHired
from libs.common.events.registry import GuestReceived, LabourerRecorded
from libs.common.events.retention import (
    ClaimDecided,
    ClaimRequested,
    RiskReported,
    ServiceReported,
    SpellEndReported,
    SpellReported,
    VerificationMoved,
    VerificationReported,
)  # fmt: skip
from libs.common.inbox import Subscriptions
from libs.common.problems import Forbidden
from services.retention.operations import claims, hearing, reports
from services.retention.store.introductions import get_introduction


async def on_labourer_recorded(tx: Transaction, event: LabourerRecorded, _: Envelope) -> None:
    await hearing.hear_labourer(tx, event)


async def on_guest_received(tx: Transaction, event: GuestReceived, _: Envelope) -> None:
    await hearing.hear_guest(tx, event)


async def on_vacancy_announced(tx: Transaction, event: VacancyAnnounced, _: Envelope) -> None:
    await hearing.hear_vacancy(tx, event)


async def on_vacancy_withdrawn(tx: Transaction, event: VacancyWithdrawn, _: Envelope) -> None:
    await hearing.hear_withdrawn(tx, event)


async def on_introduction_agreed(tx: Transaction, event: IntroductionAgreed, _: Envelope) -> None:
    await hearing.hear_agreed(tx, event)


async def on_introduction_hired(tx: Transaction, event: IntroductionHired, _: Envelope) -> None:
    await hearing.hear_hired(tx, event)


async def on_spell_reported(tx: Transaction, event: SpellReported, envelope: Envelope) -> None:
    check_origin(envelope, event.city)
    await reports.note_spell(tx, event)


async def on_spell_end_reported(tx: Transaction, event: SpellEndReported, envelope: Envelope) -> None:
    check_origin(envelope, event.city)
    await reports.note_end(tx, event)


async def on_risk_reported(tx: Transaction, event: RiskReported, envelope: Envelope) -> None:
    check_origin(envelope, event.city)
    await reports.note_risk(tx, event)


async def on_verification_moved(tx: Transaction, event: VerificationMoved, envelope: Envelope) -> None:
    check_origin(envelope, event.city)
    await reports.note_verification_moved(tx, event)


async def on_verification_reported(tx: Transaction, event: VerificationReported, envelope: Envelope) -> None:
    check_origin(envelope, event.city)
    await reports.note_verification(tx, event)


async def on_service_reported(tx: Transaction, event: ServiceReported, envelope: Envelope) -> None:
    check_origin(envelope, event.city)
    await reports.note_service(tx, event)


async def on_claim_requested(tx: Transaction, event: ClaimRequested, envelope: Envelope) -> None:
    check_origin(envelope, event.region)
    await claims.decide_request(tx, event)


async def on_claim_decided(tx: Transaction, event: ClaimDecided, envelope: Envelope) -> None:
    check_origin(envelope, (await get_introduction(tx, event.introduction)).county)
    await claims.settle_request(tx, event)


def check_origin(envelope: Envelope, division: str) -> None:
    """A city reports its own spells, a county decides by its own ledger: from anyone else the event is parked."""
    if envelope.node != f"n{division}":
        raise Forbidden(f"{envelope.type} of {division} announced by {envelope.node}")


SUBSCRIPTIONS: Subscriptions = {
    LabourerRecorded: on_labourer_recorded,
    GuestReceived: on_guest_received,
    VacancyAnnounced: on_vacancy_announced,
    VacancyWithdrawn: on_vacancy_withdrawn,
    IntroductionAgreed: on_introduction_agreed,
    IntroductionHired: on_introduction_hired,
    SpellReported: on_spell_reported,
    SpellEndReported: on_spell_end_reported,
    RiskReported: on_risk_reported,
    VerificationMoved: on_verification_moved,
    VerificationReported: on_verification_reported,
    ServiceReported: on_service_reported,
    ClaimRequested: on_claim_requested,
    ClaimDecided: on_claim_decided,
}
