"""补贴: a claim with a clock that says what is missing; complete, it is decided by the home county's ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.events.retention import ClaimDecided, ClaimRequested
from libs.common.indicators import note_changes
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.retention.rules.introductions import Introduction
from services.retention.rules.spells import work_place
from services.retention.rules.subsidy import (
    UNKNOWN_INTRODUCTION,
    Claim,
    ClaimIsDecided,
    Clock,
    Decision,
    LedgerEntry,
    amount_of,
    clock_of,
    decide,
    entry_of,
    find_policy,
    period_of,
)
from services.retention.store import claims, introductions, spells
from services.retention.store.policies import list_policies

Papers = Sequence[tuple[str, str]]


async def claim_subsidy(
    tx: Transaction, *, person: UUID | None, introduction: UUID | None, policy: str, on: date, papers: Papers
) -> tuple[Claim, Clock]:
    """申领: take a claim under this region's own policy; at home one that the ledger already holds is refused at once."""
    known = await _introduction_of(tx, person, introduction)
    await tx.widen()
    claim = _draft(known, tx.node.code, policy, on)
    await claims.insert_claim(tx, claim)
    await claims.insert_papers_if_absent(tx, claim.id, papers, on)
    clock = await read_clock(tx, claim, on)
    earlier = await claims.find_entry(tx, claim.person, policy, claim.period) if claim.person else None
    if earlier is not None:
        claim = await claims.update_claim_decided(tx, claim.id, decide(earlier, on))
    else:
        claim = await _decide_when_complete(tx, claim, clock)
    log.info("claim_subsidy", claim=str(claim.id), policy=policy, period=claim.period)
    return claim, clock


def _draft(known: Introduction, region: str, policy: str, on: date) -> Claim:
    rule = find_policy(list_policies(), policy, region, on)
    return Claim(
        id=new_id(),
        county=known.county,
        region=region,
        person=known.person,
        introduction=known.id,
        policy=policy,
        rule=rule.version,
        period=period_of(on),
        amount_fen=amount_of(rule, work_place(known.county, known.city)),
        state="open",
        on=on,
    )


async def add_evidence(tx: Transaction, id: UUID, *, papers: Papers, on: date) -> tuple[Claim, Clock]:
    """补件: papers that were seen later; when nothing is missing any more, the claim is decided."""
    claim = await claims.lock_claim(tx, id)
    await tx.widen()
    if claim.state != "open":
        raise ClaimIsDecided(f"{claim.state}")
    await claims.insert_papers_if_absent(tx, id, papers, on)
    clock = await read_clock(tx, claim, on)
    log.info("add_evidence", claim=str(id), papers=len(papers))
    return await _decide_when_complete(tx, claim, clock), clock


async def read_clock(tx: Transaction, claim: Claim, as_of: date) -> Clock:
    """What a claim still lacks on a day. Wages recorded here count as lines of wages; others are shown by hand."""
    policy = find_policy(list_policies(), claim.policy, claim.region, claim.on)
    if claim.person is not None:
        worked = await spells.list_spells_of_person(tx, claim.person)
    else:
        worked = await spells.list_spells_on_introduction(tx, claim.introduction)
    paid = [("wage_line", month) for month in await spells.list_months_paid(tx, claim.introduction)]
    return clock_of(claim, policy, worked, [*await claims.list_papers(tx, claim.id), *paid], as_of)


async def _decide_when_complete(tx: Transaction, claim: Claim, clock: Clock) -> Claim:
    """Complete at home: the ledger decides. Complete elsewhere: the home county's ledger is asked."""
    if clock.lacking:
        return claim
    if claim.county == tx.node.code:
        decision = await _decide_by_ledger(tx, entry_of(claim, clock.as_of))
        return await claims.update_claim_decided(tx, claim.id, decision)
    asked = ClaimRequested(
        claim=claim.id,
        introduction=claim.introduction,
        region=claim.region,
        policy=claim.policy,
        period=claim.period,
        amount_fen=claim.amount_fen,
        on=clock.as_of,
    )
    await announce(tx, asked, to=f"n{claim.county}")
    return await claims.update_claim_asked(tx, claim.id)


async def _decide_by_ledger(tx: Transaction, entry: LedgerEntry) -> Decision:
    """One person, one policy, one period: the entry is made, or the earlier one is the reason of the refusal."""
    decision = decide(await claims.insert_entry_if_absent(tx, entry), entry.on)
    if decision.granted:
        await note_changes(tx, tx.node.code, entry.on, [entry.person])
    log.info("decide_by_ledger", claim=str(entry.claim), region=entry.region, granted=decision.granted)
    return decision


async def decide_request(tx: Transaction, event: ClaimRequested) -> None:
    """The home county answers another region's claim from its ledger."""
    known = await introductions.find_introduction(tx, event.introduction)
    decision = Decision(granted=False, on=event.on, reason=UNKNOWN_INTRODUCTION)
    if known is not None and known.person is not None and known.county == tx.node.code:
        asked = event.model_dump(exclude={"introduction"})
        decision = await _decide_by_ledger(tx, LedgerEntry(person=known.person, **asked))
    decided = ClaimDecided(
        claim=event.claim,
        introduction=event.introduction,
        granted=decision.granted,
        reason=decision.reason or "granted",
        earlier_region=decision.earlier_region,
        earlier_period=decision.earlier_period,
        on=event.on,
    )
    await announce(tx, decided, to=f"n{event.region}")


async def settle_request(tx: Transaction, event: ClaimDecided) -> None:
    """The answer of the home county's ledger settles the claim that was asked for."""
    reason = None if event.granted else event.reason
    earlier = {"earlier_region": event.earlier_region, "earlier_period": event.earlier_period}
    decision = Decision(granted=event.granted, on=event.on, reason=reason, **earlier)
    await claims.update_claim_decided(tx, event.claim, decision)


async def _introduction_of(tx: Transaction, person: UUID | None, introduction: UUID | None) -> Introduction:
    if introduction is not None:
        return await introductions.lock_introduction(tx, introduction)
    assert person is not None, "the schema asks for one of the two"
    await introductions.get_person(tx, person)
    latest = await introductions.find_latest_introduction(tx, person)
    if latest is None:
        raise introductions.IntroductionUnknown(
            "此人没有经介绍就业 Nobody was introduced to work under this person's id."
        )
    return latest
