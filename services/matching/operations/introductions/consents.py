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
from services.matching.operations.introductions.county import own_introduction
from services.matching.rules.introductions import steps as rules
from services.matching.rules.introductions.records import ConsentWithdrawal, GivenConsent, Introduction
from services.matching.store import consents as store
from services.matching.store import introductions, lists


async def withdraw_consent(tx: Transaction, introduction: UUID, reason: str, on: date, by: str) -> Introduction:
    """The person no longer agrees. Asked again it changes nothing and answers the same."""
    row = await own_introduction(tx, introduction)
    if row.consent_on is None:
        raise rules.NoConsent(str(introduction))
    if on < row.consent_on:
        raise refuse_field(
            "/on", "before_consent", f"不得早于同意之日（{row.consent_on}） Not before the consent of {row.consent_on}."
        )
    if not await store.insert_withdrawal_if_absent(
        tx, ConsentWithdrawal(introduction, row.county, row.city, on, reason, by)
    ):
        return row
    ended = await _end(tx, row, on, by)
    facts = {"introduction": introduction, "county": row.county, "city": row.city, "vacancy": row.vacancy, "on": on}
    await announce(tx, ConsentWithdrawn(**facts), to=f"n{row.city}")
    await announce(tx, ConsentClosed(**facts))
    log.info("withdraw_consent", introduction=str(introduction), state=ended.state)
    return ended


async def get_consent(tx: Transaction, introduction: UUID) -> tuple[GivenConsent, date | None]:
    """The consent on record here, and the day on which it was withdrawn; raises IntroductionNotFound where there is none."""
    row = await store.find_consent(tx, introduction)
    if row is None:
        raise rules.IntroductionNotFound(str(introduction))
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
        await _end(tx, row, withdrawal.on, f"n{row.county}")
    return withdrawal is not None


async def hear_erased(tx: Transaction, event: CardErased, node: str) -> None:
    """The city has erased the card; only the city of the introduction can say so."""
    if event.county == tx.node.code:
        await store.update_withdrawal_erased(tx, event.introduction, city=node[1:], on=event.on)


async def _end(tx: Transaction, row: Introduction, on: date, by: str) -> Introduction:
    """Before hiring it ends as a decline does and the opening is free; whoever is hired keeps the work, without a name."""
    if not rules.ends_without_consent(row.state):
        await introductions.update_version(tx, row.introduction)
        return row
    await lists.insert_change(tx)
    return (await introductions.update_state(tx, [row], "declined", on, by, rules.CONSENT_WITHDRAWN))[0]
