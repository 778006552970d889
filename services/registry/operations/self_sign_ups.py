"""Sign-up without an account (扫码报名): taken in without a word on who is in the register, found in it by a desk, forgotten."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from libs.common.calendar import add_days
from libs.common.database import Transaction, new_id
from libs.common.privacy import Vault
from libs.common.telemetry import log
from services.registry.operations.sealing import open_plain
from services.registry.operations.searching import search_labourers
from services.registry.rules.departures import check_here
from services.registry.rules.listing import Filters
from services.registry.rules.search import name_key, read_term
from services.registry.rules.self_sign_ups import (
    KEPT_DAYS,
    MOST_WAITING,
    FoundSignUp,
    SelfSignUp,
    TooManyWaiting,
    settled,
)
from services.registry.store import people
from services.registry.store import self_sign_ups as store

_TABLE = "registry.self_sign_up"
# Whose number ends in the same six signs, in a county: hardly ever more than two.
_CANDIDATES = 5


async def give_self_sign_up(tx: Transaction, fair: UUID, *, name: str, tail: str, phone: str, day: date) -> None:
    """Sealed; the answer is the same for everybody, in the register or not, here before or not."""
    if await store.count_waiting(tx, fair) >= MOST_WAITING:
        raise TooManyWaiting("请到现场登记 Please come to the desk.")
    vault = tx.node.vault
    given = SelfSignUp(
        id=new_id(),
        fair=fair,
        known_by=vault.blind_index(f"{fair}\0{name_key(name)}\0{tail}\0{phone}", purpose=_TABLE),
        name_sealed=vault.encrypt(name, context=f"{_TABLE}.name_sealed"),
        tail_sealed=vault.encrypt(tail, context=f"{_TABLE}.tail_sealed"),
        phone_sealed=vault.encrypt(phone, context=f"{_TABLE}.phone_sealed"),
        given_at=tx.node.clock.now(),
        forget_on=add_days(day, KEPT_DAYS),
    )
    await store.insert_self_sign_up_if_absent(tx, given)
    log.info("give_self_sign_up", fair=str(fair))


def open_given(vault: Vault, one: SelfSignUp, field: str) -> str:
    """What was given; empty once it was dealt with."""
    sealed: bytes | None = getattr(one, f"{field}_sealed")
    return vault.decrypt(sealed, context=f"{_TABLE}.{field}_sealed") if sealed else ""


async def find_candidates(tx: Transaction, fair: UUID, one: UUID) -> FoundSignUp:
    """Those of the register whose number ends so, on record like any search."""
    given = await store.get_self_sign_up(tx, fair, one)
    tail = open_given(tx.node.vault, given, "tail")
    if not tail:
        return FoundSignUp(sign_up=given, candidates=[], named=frozenset())
    found = await search_labourers(tx, tx.node.today(), read_term(tail), Filters(), after=None, limit=_CANDIDATES)
    tx.trail.note(searched="digits", found=len(found), persons=[each.id for each in found])
    wanted = name_key(open_given(tx.node.vault, given, "name"))
    named = frozenset(each.id for each in found if name_key(open_plain(tx.node.vault, each).name) == wanted)
    return FoundSignUp(sign_up=given, candidates=found, named=named)


async def settle_self_sign_up(tx: Transaction, fair: UUID, one: UUID, person: UUID | None) -> SelfSignUp:
    """Confirmed as somebody of the register, or dropped; what was given is taken away."""
    if person is not None:
        check_here(await people.lock_person(tx, person))
    after = settled(await store.lock_self_sign_up(tx, fair, one), person)
    await store.update_self_sign_up(tx, after)
    tx.trail.note(persons=[person] if person else [], entities=[f"self_sign_up:{one}"])
    log.info("settle_self_sign_up", sign_up=str(one), state=after.state)
    return after


async def forget_self_sign_ups(tx: Transaction, _: Any, batch: int) -> int:
    """A week after the fair."""
    return await store.delete_self_sign_ups_before(tx, tx.node.today(), batch)
