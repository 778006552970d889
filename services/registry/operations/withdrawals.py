"""Consent withdrawn (撤回同意): at home no card is sealed any more, at the city the card goes; both registries keep the fact."""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.erasing import erase_events
from libs.common.events.matching import ConsentClosed, ConsentWithdrawn
from libs.common.events.registry import CardErased
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.registry.rules.guests import Withdrawal
from services.registry.store import guests, withdrawals


async def close_consent(tx: Transaction, event: ConsentClosed) -> None:
    """At the county: whatever order the news comes in, nothing is sealed on this consent from here on."""
    fact = Withdrawal(event.introduction, event.county, event.city, event.on)
    await withdrawals.insert_withdrawal_if_absent(tx, fact)
    await erase_events(tx, [event.introduction])


async def erase_card(tx: Transaction, event: ConsentWithdrawn, node: str) -> None:
    """At the city, of an introduction."""
    await erase_card_of(tx, Withdrawal(event.introduction, event.county, event.city, event.on), node)


async def erase_card_of(tx: Transaction, fact: Withdrawal, node: str) -> None:
    """The guest goes, a card that comes later is not opened, and the county is told."""
    if node != f"n{fact.county}" or fact.city != tx.node.code:
        log.error("withdrawal_of_another_node", introduction=str(fact.introduction), node=node)
        return
    guest = await guests.delete_guest(tx, fact.introduction, fact.county)
    await withdrawals.insert_withdrawal_if_absent(tx, fact)
    today = tx.node.today()
    if not await withdrawals.update_guest_erased(tx, fact.introduction, fact.county, guest, today):
        return
    await erase_events(tx, [fact.introduction])
    await announce(tx, CardErased(introduction=fact.introduction, county=fact.county, on=today), to=node)
    log.info("erase_card", introduction=str(fact.introduction), guest=str(guest))


async def hear_erased(tx: Transaction, event: CardErased, node: str) -> None:
    """At the county: the city's confirmation, kept beside the withdrawal."""
    if event.county == tx.node.code:
        await withdrawals.update_city_erased(tx, event.introduction, city=node[1:], on=event.on)
