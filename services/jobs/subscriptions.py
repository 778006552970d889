"""The event door of jobs: hires and transfers take openings, who does not come gives them back; applications for places; agreements."""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.events.console import TokensRevoked
from libs.common.events.envelope import Envelope
from libs.common.events.jobs import (
    AdmissionChanged,
    AgreementAnnounced,
    AgreementConfirmed,
    FairAnnounced,
    QuarterAnswered,
    QuarterClosed,
    QuarterStated,
)
from libs.common.events.matching import IntroductionHired, IntroductionReleased
from libs.common.events.registry import ApplicationSent
from libs.common.events.retention import RepeatNoted, RepeatReported, SpellEnded, SpellReported, SpellStarted
from libs.common.inbox import Subscriptions
from libs.common.revocations import keep_revocation
from services.jobs.operations import admissions, agreements, counting, openings, quarters


async def on_introduction_hired(tx: Transaction, event: IntroductionHired, envelope: Envelope) -> None:
    await openings.take_opening(tx, event.vacancy, event.introduction, event.on, event.turn)


async def on_introduction_released(tx: Transaction, event: IntroductionReleased, envelope: Envelope) -> None:
    await openings.release_opening(tx, event.vacancy, event.introduction, event.on, event.turn)


async def on_spell_started(tx: Transaction, event: SpellStarted, envelope: Envelope) -> None:
    if event.previous is not None:  # 转岗: nobody was hired on an introduction, so the spell itself takes the opening
        await openings.take_opening(tx, event.vacancy, event.spell, event.start)
    await counting.count_start(tx, event)


async def on_spell_ended(tx: Transaction, event: SpellEnded, envelope: Envelope) -> None:
    await openings.free_opening(tx, event.vacancy, event.introduction, event.spell, event.end)


async def on_application_sent(tx: Transaction, event: ApplicationSent, envelope: Envelope) -> None:
    await admissions.hear_application(tx, event, envelope.node)


async def on_spell_reported(tx: Transaction, event: SpellReported, envelope: Envelope) -> None:
    counting.check_teller(envelope.node, event.city)
    await counting.count_start(tx, event)


async def on_repeat_noted(tx: Transaction, event: RepeatNoted, envelope: Envelope) -> None:
    await counting.count_repeat(tx, event)


async def on_repeat_reported(tx: Transaction, event: RepeatReported, envelope: Envelope) -> None:
    counting.check_teller(envelope.node, event.county)
    await counting.count_repeat(tx, event)


async def on_fair_announced(tx: Transaction, event: FairAnnounced, envelope: Envelope) -> None:
    counting.check_teller(envelope.node, event.city)
    await counting.count_fair(tx, event)


async def on_admission_changed(tx: Transaction, event: AdmissionChanged, envelope: Envelope) -> None:
    counting.check_teller(envelope.node, event.city)
    await counting.count_admission(tx, event)


async def on_agreement_announced(tx: Transaction, event: AgreementAnnounced, envelope: Envelope) -> None:
    await agreements.hear_agreement(tx, event, envelope.node)


async def on_agreement_confirmed(tx: Transaction, event: AgreementConfirmed, envelope: Envelope) -> None:
    await agreements.hear_confirmation(tx, event, envelope.node)


async def on_quarter_stated(tx: Transaction, event: QuarterStated, envelope: Envelope) -> None:
    await quarters.hear_statement(tx, event, envelope.node)


async def on_quarter_answered(tx: Transaction, event: QuarterAnswered, envelope: Envelope) -> None:
    await quarters.hear_answer(tx, event, envelope.node)


async def on_quarter_closed(tx: Transaction, event: QuarterClosed, envelope: Envelope) -> None:
    await quarters.hear_closing(tx, event, envelope.node)


SUBSCRIPTIONS: Subscriptions = {
    IntroductionHired: on_introduction_hired,
    IntroductionReleased: on_introduction_released,
    ApplicationSent: on_application_sent,
    SpellStarted: on_spell_started,
    SpellEnded: on_spell_ended,
    SpellReported: on_spell_reported,
    RepeatNoted: on_repeat_noted,
    RepeatReported: on_repeat_reported,
    FairAnnounced: on_fair_announced,
    AdmissionChanged: on_admission_changed,
    AgreementAnnounced: on_agreement_announced,
    AgreementConfirmed: on_agreement_confirmed,
    QuarterStated: on_quarter_stated,
    QuarterAnswered: on_quarter_answered,
    QuarterClosed: on_quarter_closed,
    TokensRevoked: keep_revocation,
}
