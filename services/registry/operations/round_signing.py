"""Sign a round (签收): each township its part, then the county the whole; what is signed stays as it is until it is taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import Forbidden, refuse_field
from libs.common.telemetry import log
from services.registry.rules.round_lists import RoundSigned
from services.registry.rules.round_signatures import (
    WHOLE,
    NotSigned,
    OpenReason,
    RoundSignature,
    SignedAlready,
    SignedVillage,
    check_complete,
    check_townships_signed,
)
from services.registry.rules.rounds import Round, StillListing, Tally, figures_of
from services.registry.store import round_counts, round_signatures, rounds


async def sign_township(
    tx: Transaction,
    caller: Caller,
    one: UUID,
    township: str,
    reasons: Mapping[UUID, OpenReason],
    rest: OpenReason | None,
) -> RoundSignature:
    """A township's part, complete or with a reason for each who is open. Whoever writes of its people meanwhile is waited for."""
    _check_whole_township(tx, township)
    await _lock_open(tx, one)
    await tx.widen()
    if township not in {part.township for part in await rounds.list_parts(tx, one)}:
        raise refuse_field("/township", "unknown", f"名单上没有「{township}」 No {township} on the list.")
    await round_signatures.lock_part(tx, one, township)
    await _check_unsigned(tx, one, township)
    still_open = await round_signatures.list_open(tx, one, township)
    given = {**{person: reason for person, reason in still_open.items() if reason}, **reasons}
    check_complete(list(still_open), given, rest)
    await _give_reasons(tx, one, list(still_open), given, rest)
    signed = await _sign(tx, caller, one, township, await round_counts.list_tallies(tx, one, township))
    await round_signatures.update_told(tx, list(still_open))
    return signed


async def sign_round(tx: Transaction, caller: Caller, one: UUID) -> RoundSignature:
    """The whole, once every township has signed; from then on nothing of it moves."""
    if tx.reach.kind == "townships":
        raise Forbidden("全县由县级经办人员签收 The whole is signed by an officer of the county.")
    await _lock_open(tx, one)
    await round_signatures.lock_part(tx, one, WHOLE)
    standing = {each.township for each in await round_signatures.list_signatures(tx, one) if each.stands}
    check_townships_signed(await rounds.list_parts(tx, one), standing)
    await rounds.update_state(tx, one, "signed")
    return await _sign(tx, caller, one, WHOLE, await round_counts.list_tallies(tx, one))


async def take_back(tx: Transaction, caller: Caller, one: UUID, township: str, reason: str) -> RoundSignature:
    """A signature does not stand any more, the county's before a township's; what happened meanwhile is caught up."""
    found = await rounds.lock_round(tx, one)
    if found.state == "signed" and township != WHOLE:
        raise RoundSigned("请先撤回全县签收 Take the county's signature back first.")
    standing = await round_signatures.find_standing(tx, one, township)
    if standing is None:
        raise NotSigned()
    now = tx.node.clock.now()
    gone = replace(standing, taken_back_by=caller.subject, taken_back_at=now, taken_back_reason=reason)
    await round_signatures.update_taken_back(tx, gone)
    if township == WHOLE:
        await rounds.update_state(tx, one, "open")
    else:
        await round_signatures.update_caught_up(tx, one, township)
    log.info("take_back", round=str(one), township=township)
    return gone


def _check_whole_township(tx: Transaction, township: str) -> None:
    """Who works for one village does not sign for the township."""
    if tx.reach.kind == "townships" and township not in tx.reach.whose:
        raise Forbidden(f"「{township}」不在授权范围内 Outside the caller's townships: {township}.")


async def _lock_open(tx: Transaction, one: UUID) -> Round:
    found = await rounds.lock_round(tx, one)
    if found.state == "signed":
        raise RoundSigned("全县已签收 The county has signed.")
    if found.state == "listing":
        raise StillListing("请稍候再签 Sign when its list is whole.")
    return found


async def _check_unsigned(tx: Transaction, one: UUID, township: str) -> None:
    standing = await round_signatures.find_standing(tx, one, township)
    if standing is not None:
        raise SignedAlready(f"已由「{standing.signed_by}」签收 Signed by {standing.signed_by} already.")


async def _give_reasons(
    tx: Transaction, one: UUID, still_open: Sequence[UUID], reasons: Mapping[UUID, str], rest: OpenReason | None
) -> None:
    by_reason = defaultdict[str, list[UUID]](list)
    for each in still_open:
        by_reason[reasons.get(each) or rest or ""].append(each)
    for reason, people in by_reason.items():
        await round_signatures.update_reasons(tx, one, people, reason)


async def _sign(tx: Transaction, caller: Caller, one: UUID, township: str, tallies: Sequence[Tally]) -> RoundSignature:
    by_village = defaultdict[tuple[str, str], list[Tally]](list)
    for each in tallies:
        by_village[each.township, each.village].append(each)
    signature = RoundSignature(
        id=new_id(),
        round=one,
        township=township,
        figures=[SignedVillage(*place, **vars(figures_of(found))) for place, found in by_village.items()],
        signed_by=caller.subject,
        signed_at=tx.node.clock.now(),
    )
    await round_signatures.insert_signature(tx, signature)
    tx.trail.note(entities=[f"round:{one}"], township=township)
    log.info("sign", round=str(one), township=township)
    return signature
