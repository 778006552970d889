"""An agreement (协作协议) is entered by its destination, confirmed by every county that signs, put right, broken down, ended.

The destination alone writes it and tells everybody how it stands; a county says yes to terms, and to no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.api.preconditions import Versions, check_version
from libs.common.codes.divisions import lies_in
from libs.common.database import Transaction
from libs.common.events.jobs import AgreedTarget, AgreementAnnounced, AgreementConfirmed
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.jobs.operations.counting import recount
from services.jobs.rules.agreements import (
    Agreement,
    AgreementKind,
    Part,
    Target,
    check_terms,
    confirmed,
    corrected,
    ended,
    with_target,
    with_totals,
)
from services.jobs.rules.refusals import AgreementKnown, AgreementNotFound, NotAParty
from services.jobs.store import agreements as store


async def enter_agreement(tx: Transaction, given: Agreement) -> Agreement:
    """A draft until every county that signs has confirmed it; the same parties and years once."""
    tx.reach.check(given.destination)
    given = _with_partners(tx, given)
    _check_ours(tx, given)
    check_terms(given)
    known = await store.find_same_agreement(tx, given)
    if known is not None:
        raise AgreementKnown(
            "同样双方、同样期限的协议已有一份 The same parties have one for the same days.",
            extensions={"known_as": f"/jobs/v1/agreements/{known.id}"},
        )
    log.info("enter_agreement", agreement=str(given.id), origin=given.origin)
    return await _keep(tx, given, recounted=True)


async def change_agreement(
    tx: Transaction,
    one: UUID,
    changes: Mapping[str, object],
    totals: Mapping[AgreementKind, int | None],
    counties: tuple[str, ...] | None,
    *,
    version: Versions,
) -> Agreement:
    """Terms of a draft that are put right; who had confirmed the former ones is asked again."""
    before = await _lock_ours(tx, one)
    check_version(version, before.version)
    parts = before.parts if counties is None else _parts_of(counties)
    targets = with_totals(before.targets, totals)
    after = replace(before, parts=parts, targets=targets, **changes)  # type: ignore[arg-type]
    return await _keep(tx, corrected(before, _with_partners(tx, after)), recounted=True)


async def set_target(tx: Transaction, one: UUID, target: Target) -> Agreement:
    """分解指标: one line of a year, a county or a firm; given twice it stands once."""
    return await _keep(tx, with_target(await _lock_ours(tx, one), target))


async def confirm_agreement(tx: Transaction, one: UUID, on: date) -> Agreement:
    """This county says yes to the terms as it has heard them, and tells the destination."""
    before = await store.lock_agreement(tx, one)
    after = confirmed(before, tx.node.code, before.edition, on)
    if after == before:
        return before
    await store.upsert_agreement(tx, after)
    told = AgreementConfirmed(agreement=one, county=tx.node.code, edition=before.edition, on=on)
    await announce(tx, told, to=f"n{before.destination}")
    log.info("confirm_agreement", agreement=str(one))
    return after


async def end_agreement(tx: Transaction, one: UUID, *, reason: str, on: date) -> Agreement:
    """结束协议: before its last day, with a reason. What was counted stays."""
    return await _keep(tx, ended(await _lock_ours(tx, one), on, reason))


async def hear_agreement(tx: Transaction, event: AgreementAnnounced, node: str) -> None:
    """As its destination tells it; older news changes nothing, and a yes that has not arrived there stays here."""
    if node != f"n{event.destination}" or node == tx.node.id:
        return
    before = await store.find_agreement_locked(tx, event.agreement)
    if before is not None and before.version >= event.turn:
        return
    after = _heard(event, before, tx.node.code)
    await store.upsert_agreement(tx, after)
    await recount(tx, after)


async def hear_confirmation(tx: Transaction, event: AgreementConfirmed, node: str) -> None:
    """A county has said yes to these terms; to others that stood before it changes nothing."""
    before = await store.find_agreement_locked(tx, event.agreement)
    if before is None:
        raise AgreementNotFound(f"{event.agreement}")
    if node != f"n{event.county}":
        raise NotAParty(f"{event.county} by {node}")
    if before.state != "ended":
        after = confirmed(before, event.county, event.edition, event.on)
        if after != before:
            await _keep(tx, after)


async def _lock_ours(tx: Transaction, one: UUID) -> Agreement:
    found = await store.lock_agreement(tx, one)
    _check_ours(tx, found)
    return found


def _check_ours(tx: Transaction, agreement: Agreement) -> None:
    if agreement.destination != tx.node.code:
        raise NotAParty("协议由用工地登记和更正 The destination enters it and puts it right.")


def _with_partners(tx: Transaction, given: Agreement) -> Agreement:
    """Who signs where nobody was named: every node in the origin that this one exchanges events with."""
    if given.parts:
        return given
    partners = sorted(node[1:] for node in tx.node.partners if lies_in(node[1:], given.origin))
    return replace(given, parts=_parts_of(tuple(code for code in partners if not code.endswith("00"))))


def _parts_of(counties: tuple[str, ...]) -> tuple[Part, ...]:
    return tuple(Part(county=county) for county in sorted(set(counties)))


async def _keep(tx: Transaction, after: Agreement, *, recounted: bool = False) -> Agreement:
    """Written, counted anew where days or counties may be other ones, and told to everybody."""
    known = await store.find_agreement_locked(tx, after.id)
    kept = replace(after, version=known.version + 1 if known else 1)
    await store.upsert_agreement(tx, kept)
    if recounted:
        await recount(tx, kept)
    await announce(tx, _told(kept))
    return kept


def _told(one: Agreement) -> AgreementAnnounced:
    facts = {name: getattr(one, name) for name in AgreementAnnounced.model_fields if hasattr(one, name)}
    targets = tuple(AgreedTarget(**vars(each)) for each in one.targets)
    confirmed_on = {each.county: each.confirmed_on for each in one.parts}
    return AgreementAnnounced(
        **facts | {"targets": targets}, agreement=one.id, confirmed=confirmed_on, turn=one.version
    )


def _heard(event: AgreementAnnounced, before: Agreement | None, here: str) -> Agreement:
    kept = {each.county: each.confirmed_on for each in before.parts} if before else {}
    same = before is not None and before.edition == event.edition
    parts = {
        county: on or (kept.get(county) if same and county == here else None) for county, on in event.confirmed.items()
    }
    facts = event.model_dump(exclude={"agreement", "confirmed", "turn", "targets"})
    return Agreement(
        **facts,
        id=event.agreement,
        version=event.turn,
        targets=tuple(Target(**each.model_dump()) for each in event.targets),
        parts=tuple(Part(county=county, confirmed_on=on) for county, on in sorted(parts.items())),
    )
