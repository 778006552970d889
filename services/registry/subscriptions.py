"""The event door of the registry: consents that let a card travel, cards that arrive, where people work, whose vacancy
is whose, courses and who is admitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.common.database import Transaction
from libs.common.events.audit import AuditHeadsStated
from libs.common.events.console import TokensRevoked
from libs.common.events.envelope import Envelope
from libs.common.events.erasure import ErasedInMatching, ErasedInRetention
from libs.common.events.jobs import AdmissionChanged, CourseAnnounced, EmployersMerged, VacancyAnnounced
from libs.common.events.matching import ConsentClosed, ConsentWithdrawn, IntroductionAgreed
from libs.common.events.registry import ApplicationSent, CardErased, CardSealed
from libs.common.events.retention import SituationChanged, SpellReported
from libs.common.inbox import AskingHandler, Subscriptions
from libs.common.node import NodeContext
from libs.common.revocations import keep_revocation
from services.registry.operations import applications, cards, erasures, situations, withdrawals, witnessing
from services.registry.store import guests


async def ask_for_consent(node: NodeContext, event: IntroductionAgreed, _: Envelope) -> Mapping[str, Any] | None:
    """An event says that somebody agreed; whether an officer recorded it is asked of matching, at home."""
    if event.county != node.code:
        return None
    path = f"/introductions/{event.introduction}/consent"
    recorded: Mapping[str, Any] | None = await node.neighbours.get("registry", "matching", path, node.clock.now())
    return recorded


async def on_introduction_agreed(
    tx: Transaction, event: IntroductionAgreed, _: Envelope, recorded: Mapping[str, Any] | None
) -> None:
    if event.county == tx.node.code:
        await cards.seal_card(tx, event, recorded)


async def on_card_sealed(tx: Transaction, event: CardSealed, envelope: Envelope) -> None:
    await cards.receive_card(tx, event, envelope.node)


async def on_consent_closed(tx: Transaction, event: ConsentClosed, _: Envelope) -> None:
    await withdrawals.close_consent(tx, event)


async def on_consent_withdrawn(tx: Transaction, event: ConsentWithdrawn, envelope: Envelope) -> None:
    await withdrawals.erase_card(tx, event, envelope.node)


async def on_card_erased(tx: Transaction, event: CardErased, envelope: Envelope) -> None:
    await withdrawals.hear_erased(tx, event, envelope.node)


async def on_erased_in_matching(tx: Transaction, event: ErasedInMatching, _: Envelope) -> None:
    await erasures.hear_part(tx, event, "matching")


async def on_erased_in_retention(tx: Transaction, event: ErasedInRetention, _: Envelope) -> None:
    await erasures.hear_part(tx, event, "retention")


async def on_situation_changed(tx: Transaction, event: SituationChanged, _: Envelope) -> None:
    facts = event.model_dump(include={"work_place", "channel", "since"})
    await situations.change_situation(tx, event.person, **facts)


async def on_vacancy_announced(tx: Transaction, event: VacancyAnnounced, envelope: Envelope) -> None:
    """Of this node's own vacancies, whose they are: that employer may ask for the guest's name."""
    if event.employer_uscc and envelope.node == tx.node.id:
        await guests.upsert_post(tx, event.vacancy, event.employer_uscc)


async def on_employers_merged(tx: Transaction, event: EmployersMerged, _: Envelope) -> None:
    await guests.update_posts_merged(tx, event.former_uscc, event.uscc)


async def on_audit_heads_stated(tx: Transaction, event: AuditHeadsStated, envelope: Envelope) -> None:
    await witnessing.witness_heads(tx, event, envelope)


async def on_course_announced(tx: Transaction, event: CourseAnnounced, envelope: Envelope) -> None:
    await applications.hear_course(tx, event, envelope.node)


async def on_admission_changed(tx: Transaction, event: AdmissionChanged, envelope: Envelope) -> None:
    await applications.hear_admission(tx, event, envelope.node)


async def on_application_sent(tx: Transaction, event: ApplicationSent, envelope: Envelope) -> None:
    await applications.hear_application(tx, event, envelope.node)


async def on_spell_reported(tx: Transaction, event: SpellReported, _: Envelope) -> None:
    await applications.hear_spell(tx, event)


SUBSCRIPTIONS: Subscriptions = {
    AdmissionChanged: on_admission_changed,
    ApplicationSent: on_application_sent,
    AuditHeadsStated: on_audit_heads_stated,
    CourseAnnounced: on_course_announced,
    EmployersMerged: on_employers_merged,
    IntroductionAgreed: AskingHandler(ask_for_consent, on_introduction_agreed),
    CardSealed: on_card_sealed,
    ConsentClosed: on_consent_closed,
    ConsentWithdrawn: on_consent_withdrawn,
    CardErased: on_card_erased,
    ErasedInMatching: on_erased_in_matching,
    ErasedInRetention: on_erased_in_retention,
    SpellReported: on_spell_reported,
    SituationChanged: on_situation_changed,
    VacancyAnnounced: on_vacancy_announced,
    TokensRevoked: keep_revocation,
}
