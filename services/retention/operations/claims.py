"""补贴: a claim with a clock that says what is missing; complete, it is decided by the home county's ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction
from libs.common.events.retention import ClaimDecided, ClaimRequested
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.retention.operations.figures import hold_figures, state_figures
from services.retention.rules.spells import work_place
from services.retention.rules.subsidy import ClaimIsDecided, Lacking, amount_of, find_policy, period_of, what_is_lacking
from services.retention.store import claims, introductions, spells
from services.retention.store.policies import all_policies

Papers = Sequence[tuple[str, str]]
ALREADY_CLAIMED, UNKNOWN = "already_claimed", "unknown_introduction"


async def claim_subsidy(
    tx: Transaction, *, person: UUID | None, introduction: UUID | None, policy: str, on: date, papers: Papers
) -> Row[Any]:
    """申领: take a claim under this region's own policy; at home one that the ledger already holds is refused at once."""
    known = await _introduction_of(tx, person, introduction)
    await tx.widen()
    rule = find_policy(all_policies(), policy, tx.node.code, on)
    place = work_place(known.county, known.city)
    id = await claims.add_claim(
        tx,
        county=known.county,
        region=tx.node.code,
        person=known.person,
        introduction=known.id,
        policy=policy,
        rule=rule.version,
        period=period_of(on),
        amount_fen=amount_of(rule, place),
        state="open",
        on=on,
    )
    await claims.add_papers(tx, id, papers, on)
    claim = await claims.lock_claim(tx, id)
    earlier = await claims.find_entry(tx, claim.person, claim.policy, claim.period) if claim.person else None
    if earlier is not None:
        await refuse(tx, claim, earlier, on)
    else:
        await decide_when_complete(tx, claim, on)
    log.info("claim_subsidy", claim=str(id), policy=policy, period=claim.period)
    return await claims.get_claim(tx, id)


async def add_evidence(tx: Transaction, id: UUID, *, papers: Papers, on: date) -> Row[Any]:
    """补件: papers that were seen later; when nothing is missing any more, the claim is decided."""
    claim = await claims.lock_claim(tx, id)
    await tx.widen()
    if claim.state != "open":
        raise ClaimIsDecided(f"{claim.state}")
    await claims.add_papers(tx, id, papers, on)
    await decide_when_complete(tx, claim, on)
    log.info("add_evidence", claim=str(id), papers=len(papers))
    return await claims.get_claim(tx, id)


async def look_at_clock(tx: Transaction, claim: Row[Any], as_of: date) -> list[Lacking]:
    """What a claim still lacks on a day. Wages recorded here count as lines of wages; others are shown by hand."""
    policy = find_policy(all_policies(), claim.policy, claim.region, claim.on)
    at_home = claim.person is not None
    worked = await (
        spells.spells_of(tx, person=claim.person)
        if at_home
        else spells.spells_of(tx, introduction_id=claim.introduction)
    )
    paid = [("wage_line", month) for month in await spells.months_paid(tx, claim.introduction)]
    return what_is_lacking(policy, worked, [*await claims.papers_of(tx, claim.id), *paid], as_of)


async def decide_when_complete(tx: Transaction, claim: Row[Any], on: date) -> None:
    """Complete at home: the ledger decides. Complete elsewhere: the home county's ledger is asked."""
    if await look_at_clock(tx, claim, on):
        return
    if claim.county == tx.node.code:
        return await decide_by_ledger(tx, claim, on)
    await claims.settle_claim(tx, claim.id, state="asked")
    asked = ClaimRequested(
        claim=claim.id,
        introduction=claim.introduction,
        region=claim.region,
        policy=claim.policy,
        period=claim.period,
        amount_fen=claim.amount_fen,
        on=on,
    )
    await announce(tx, asked, to=f"n{claim.county}")


async def decide_by_ledger(tx: Transaction, claim: Row[Any], on: date) -> None:
    """One person, one policy, one period: the entry is made, or the earlier one is the reason of the refusal."""
    await hold_figures(tx)
    earlier = await claims.enter(
        tx,
        person=claim.person,
        policy=claim.policy,
        period=claim.period,
        region=claim.region,
        claim=claim.id,
        amount_fen=claim.amount_fen,
        on=on,
    )
    if earlier is not None:
        return await refuse(tx, claim, earlier, on)
    await claims.settle_claim(tx, claim.id, state="granted", decided_on=on)
    log.info("decide_by_ledger", claim=str(claim.id), rule=claim.rule)
    await state_figures(tx, on)


async def refuse(tx: Transaction, claim: Row[Any], earlier: Row[Any], on: date) -> None:
    await claims.settle_claim(
        tx,
        claim.id,
        state="refused",
        decided_on=on,
        reason=ALREADY_CLAIMED,
        earlier_region=earlier.region,
        earlier_period=earlier.period,
    )


async def decide_request(tx: Transaction, event: ClaimRequested) -> None:
    """The home county answers another region's claim from its ledger."""
    known = await introductions.find_introduction(tx, event.introduction)
    answer: dict[str, Any] = {"granted": False, "reason": UNKNOWN}
    if known is not None and known.person is not None and known.county == tx.node.code:
        await hold_figures(tx)
        earlier = await claims.enter(
            tx,
            person=known.person,
            policy=event.policy,
            period=event.period,
            region=event.region,
            claim=event.claim,
            amount_fen=event.amount_fen,
            on=event.on,
        )
        answer = {"granted": True, "reason": "granted"}
        if earlier is not None:
            taken = {"earlier_region": earlier.region, "earlier_period": earlier.period}
            answer = {"granted": False, "reason": ALREADY_CLAIMED, **taken}
    if answer["granted"]:
        await state_figures(tx, event.on)
    decided = ClaimDecided(claim=event.claim, introduction=event.introduction, on=event.on, **answer)
    await announce(tx, decided, to=f"n{event.region}")


async def settle_request(tx: Transaction, event: ClaimDecided) -> None:
    """The answer of the home county's ledger settles the claim that was asked for."""
    decision: dict[str, Any] = {"state": "granted" if event.granted else "refused", "decided_on": event.on}
    if not event.granted:
        decision |= {
            "reason": event.reason,
            "earlier_region": event.earlier_region,
            "earlier_period": event.earlier_period,
        }
    await claims.settle_claim(tx, event.claim, **decision)


async def _introduction_of(tx: Transaction, person: UUID | None, introduction: UUID | None) -> Row[Any]:
    if introduction is not None:
        return await introductions.get_introduction(tx, introduction)
    assert person is not None, "the schema asks for one of the two"
    await introductions.get_person(tx, person)
    latest = await introductions.latest_introduction_of(tx, person)
    if latest is None:
        raise introductions.IntroductionUnknown(
            "此人没有经介绍就业 Nobody was introduced to work under this person's id."
        )
    return latest
