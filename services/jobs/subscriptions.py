"""The event door of jobs: hires and transfers take openings; who does not come and ended spells give them back."""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.events.console import TokensRevoked
from libs.common.events.envelope import Envelope
from libs.common.events.matching import IntroductionHired, IntroductionReleased
from libs.common.events.retention import SpellEnded, SpellStarted
from libs.common.inbox import Subscriptions
from libs.common.revocations import keep_revocation
from services.jobs.operations import openings


async def on_introduction_hired(tx: Transaction, event: IntroductionHired, envelope: Envelope) -> None:
    await openings.take_opening(tx, event.vacancy, event.introduction, event.on, event.turn)


async def on_introduction_released(tx: Transaction, event: IntroductionReleased, envelope: Envelope) -> None:
    await openings.release_opening(tx, event.vacancy, event.introduction, event.on, event.turn)


async def on_spell_started(tx: Transaction, event: SpellStarted, envelope: Envelope) -> None:
    if event.previous is not None:  # 转岗: nobody was hired on an introduction, so the spell itself takes the opening
        await openings.take_opening(tx, event.vacancy, event.spell, event.start)


async def on_spell_ended(tx: Transaction, event: SpellEnded, envelope: Envelope) -> None:
    await openings.free_opening(tx, event.vacancy, event.introduction, event.spell, event.end)


SUBSCRIPTIONS: Subscriptions = {
    IntroductionHired: on_introduction_hired,
    IntroductionReleased: on_introduction_released,
    SpellStarted: on_spell_started,
    SpellEnded: on_spell_ended,
    TokensRevoked: keep_revocation,
}
