"""The event door of retention: what it hears from its own node and from partners."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from libs.common.database import Transaction
from libs.common.events.console import TokensRevoked
from libs.common.events.envelope import Envelope
from libs.common.events.jobs import EmployersMerged, VacancyAnnounced, VacancyWithdrawn
from libs.common.events.matching import IntroductionAgreed, IntroductionHired, IntroductionReleased
from libs.common.events.registry import (
    GuestReceived,
    LabourerErased,
    LabourerRecorded,
    LabourersMerged,
    LabourersUnmerged,
)
from libs.common.events.retention import (
    ClaimDecided,
    ClaimRequested,
    PromisesStated,
    RiskReported,
    ServiceReported,
    SpellEndReported,
    SpellReported,
    VerificationMoved,
    VerificationReported,
)
from libs.common.inbox import Handler, Subscriptions
from libs.common.problems import Forbidden
from libs.common.revocations import keep_revocation
from services.retention.operations import claims, erasures, merges, projections, promises, reports, spells
from services.retention.store.introductions import lock_introduction


async def on_labourer_recorded(tx: Transaction, event: LabourerRecorded, _: Envelope) -> None:
    await projections.hear_labourer(tx, event)


async def on_labourer_erased(tx: Transaction, event: LabourerErased, _: Envelope) -> None:
    await erasures.erase_person(tx, event)


async def on_labourers_merged(tx: Transaction, event: LabourersMerged | LabourersUnmerged, _: Envelope) -> None:
    await merges.hear_merge(tx, event)


async def on_guest_received(tx: Transaction, event: GuestReceived, _: Envelope) -> None:
    await projections.hear_guest(tx, event)


async def on_vacancy_announced(tx: Transaction, event: VacancyAnnounced, _: Envelope) -> None:
    await projections.hear_vacancy(tx, event)


async def on_vacancy_withdrawn(tx: Transaction, event: VacancyWithdrawn, _: Envelope) -> None:
    await projections.hear_withdrawn(tx, event)


async def on_employers_merged(tx: Transaction, event: EmployersMerged, _: Envelope) -> None:
    await projections.hear_employers_merged(tx, event)


async def on_introduction_agreed(tx: Transaction, event: IntroductionAgreed, _: Envelope) -> None:
    await projections.hear_agreed(tx, event)


async def on_introduction_hired(tx: Transaction, event: IntroductionHired, _: Envelope) -> None:
    await projections.hear_hired(tx, event)


async def on_introduction_released(tx: Transaction, event: IntroductionReleased, _: Envelope) -> None:
    await spells.release(tx, event)


def of_city(note: Callable[[Transaction, Any], Awaitable[None]]) -> Handler:
    """What a city reports of people in work there; `note` writes it down."""

    async def hear(tx: Transaction, event: Any, envelope: Envelope) -> None:
        check_origin(envelope, event.city)
        await note(tx, event)

    return hear


async def on_claim_requested(tx: Transaction, event: ClaimRequested, envelope: Envelope) -> None:
    check_origin(envelope, event.region)
    await claims.decide_request(tx, event)


async def on_claim_decided(tx: Transaction, event: ClaimDecided, envelope: Envelope) -> None:
    check_origin(envelope, (await lock_introduction(tx, event.introduction)).county)
    await claims.settle_request(tx, event)


def check_origin(envelope: Envelope, division: str) -> None:
    """A city reports its own spells, a county decides by its own ledger: from anyone else the event is parked."""
    if envelope.node != f"n{division}":
        raise Forbidden(f"{envelope.type} of {division} announced by {envelope.node}")


SUBSCRIPTIONS: Subscriptions = {
    LabourerRecorded: on_labourer_recorded,
    LabourerErased: on_labourer_erased,
    LabourersMerged: on_labourers_merged,
    LabourersUnmerged: on_labourers_merged,
    GuestReceived: on_guest_received,
    VacancyAnnounced: on_vacancy_announced,
    VacancyWithdrawn: on_vacancy_withdrawn,
    EmployersMerged: on_employers_merged,
    IntroductionAgreed: on_introduction_agreed,
    IntroductionHired: on_introduction_hired,
    IntroductionReleased: on_introduction_released,
    SpellReported: of_city(reports.note_spell),
    SpellEndReported: of_city(reports.note_end),
    RiskReported: of_city(reports.note_risk),
    VerificationMoved: of_city(reports.note_verification_moved),
    VerificationReported: of_city(reports.note_verification),
    ServiceReported: of_city(reports.note_service),
    PromisesStated: of_city(promises.keep_stated_promises),
    ClaimRequested: on_claim_requested,
    ClaimDecided: on_claim_decided,
    TokensRevoked: keep_revocation,
}
