"""Consent withdrawn (撤回同意): the county records it, the city ends what rests on it; both keep the fact and no name."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.matching import ConsentClosed, ConsentWithdrawn
from libs.common.events.registry import CardErased
from libs.common.outbox import announce
from libs.common.problems import refuse_field
from libs.common.telemetry import log
from services.matching.operations.introductions.county import end, own_introduction
from services.matching.rules.introductions import refusals
from services.matching.rules.introductions import steps as rules
from services.matching.rules.introductions.reasons import CONSENT_WITHDRAWN
from services.matching.rules.introductions.records import ConsentWithdrawal, GivenConsent, Introduction
from services.matching.store import consents as store
from services.matching.store import introductions


async def withdraw_consent(tx: Transaction, introduction: UUID, reason: str, on: date, by: str) -> Introduction:
    """The person no longer agrees. Asked again it changes nothing and answers the same."""
    row = await own_introduction(tx, introduction)
    if row.consent_on is None:
        raise refusals.NoConsent(str(introduction))
    if on < row.consent_on:
        raise refuse_field(
            "/on", "before_consent", f"不得早于同意之日（{row.consent_on}） Not before the consent of {row.consent_on}."
        )
    if not await close_consent(tx, row, reason, on, by):
        return row
    if rules.ends_without_consent(row.state):
        (row,) = await end(tx, [row], "declined", CONSENT_WITHDRAWN, on, by)
    else:
        await introductions.update_version(tx, introduction)
    log.info("withdraw_consent", introduction=str(introduction), state=row.state)
    return row


async def close_consent(tx: Transaction, row: Introduction, reason: str, on: date, by: str) -> bool:
    """The consent holds no more: the city erases the card and confirms, at home none is sealed. False when that is on record already."""
    withdrawal = ConsentWithdrawal(row.introduction, row.county, row.city, on, reason, by)
    if not await store.insert_withdrawal_if_absent(tx, withdrawal):
        return False
    facts = {name: getattr(row, name) for name in ("introduction", "county", "city", "vacancy", "turn")}
    await announce(tx, ConsentWithdrawn(**facts, on=on), to=f"n{row.city}")
    await announce(tx, ConsentClosed(**facts, on=on))
    return True


async def get_consent(tx: Transaction, introduction: UUID) -> tuple[GivenConsent, date | None]:
    """The consent on record here, and the day on which it was withdrawn; raises IntroductionNotFound where there is none."""
    row = await store.find_consent(tx, introduction)
    if row is None:
        raise refusals.IntroductionNotFound(str(introduction))
    withdrawal = await store.find_withdrawal(tx, introduction, row.county)
    return row, withdrawal.on if withdrawal else None


async def hear_withdrawal(tx: Transaction, event: ConsentWithdrawn, node: str) -> None:
    """The city forgets the facts it was given, and ends the introduction unless the person has been hired on it."""
    if node != f"n{event.county}" or event.city != tx.node.code:
        log.error("withdrawal_of_another_node", introduction=str(event.introduction), node=node)
        return
    withdrawal = ConsentWithdrawal(event.introduction, event.county, event.city, event.on, None, node)
    await store.insert_withdrawal_if_absent(tx, withdrawal)
    await store.delete_guest(tx, event.introduction, event.county)
    row = await introductions.lock_introduction_if_known(tx, event.introduction)
    if row is not None:
        await end_if_withdrawn(tx, row)


async def end_if_withdrawn(tx: Transaction, row: Introduction) -> bool:
    """Whether the consent of this introduction was withdrawn; then it ends here, whichever news came first."""
    withdrawal = await store.find_withdrawal(tx, row.introduction, row.county)
    if withdrawal is not None:
        await _end_here(tx, row, withdrawal.on)
    return withdrawal is not None


async def hear_erased(tx: Transaction, event: CardErased, node: str) -> None:
    """The city has erased the card; only the city of the introduction can say so."""
    if event.county == tx.node.code:
        await store.update_withdrawal_erased(tx, event.introduction, city=node[1:], on=event.on)


async def _end_here(tx: Transaction, row: Introduction, on: date) -> None:
    """At the city, before hiring, it ends as a decline does and the opening is free; whoever is hired keeps the work, without a name.

    The county says the same in a step of its own, so this one has no number of its own."""
    if not rules.ends_without_consent(row.state):
        await introductions.update_version(tx, row.introduction)
        return
    await introductions.update_state(tx, [row], "declined", on, f"n{row.county}", CONSENT_WITHDRAWN, turn=row.turn)
