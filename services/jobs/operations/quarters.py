"""Each quarter both sides sign the same figure (季度签认): stated by the city, signed or contradicted by the county, closed by the city.

A difference names introductions; either side takes the other's word with a reason, and says anew what it counts then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.events.jobs import (
    QuarterAnswered,
    QuarterClosed,
    QuarterEntry,
    QuarterSettled,
    QuarterStated,
    SignedFigure,
)
from libs.common.outbox import announce
from libs.common.problems import Forbidden
from libs.common.telemetry import log
from services.jobs.operations.counting import recount
from services.jobs.rules.agreements import Agreement
from services.jobs.rules.counting import Happening, Occurrence
from services.jobs.rules.progress import Signed
from services.jobs.rules.quarters import (
    Entry,
    Quarter,
    Settlement,
    SettleReason,
    Side,
    check_quarter,
    differing,
    taken_over,
)
from services.jobs.rules.refusals import NotAParty, NothingToSettle, QuarterSigned
from services.jobs.store import agreements, occurrences
from services.jobs.store import quarters as store


async def state_quarter(tx: Transaction, agreement: UUID, county: str, quarter: str, on: date) -> Quarter:
    """城市签报: what this city counts for a county; said again it is a new statement, unless both have signed."""
    of = await agreements.lock_agreement(tx, agreement)
    if of.destination != tx.node.code:
        raise NotAParty("季度由用工地先签报 The destination states first.")
    known = await store.find_quarter_locked(tx, agreement, county, quarter)
    check_quarter(of, county, quarter, tx.node.today(), await store.list_signed_quarters(tx, agreement, county))
    fresh = Quarter(
        id=new_id(), agreement=agreement, county=county, quarter=quarter, state="stated", turn=0, stated_on=on
    )
    return await _state(tx, of, known or fresh, on)


async def sign_quarter(tx: Transaction, one: UUID, on: date) -> Quarter:
    """县方签认: this county compares the city's statement with its own list, and signs it or says what it counts instead."""
    of, found = await _lock_both(tx, one)
    if found.county != tx.node.code:
        raise NotAParty("由该县签认 The county signs it.")
    _check_open(found)
    return await _answer(tx, of, found, on)


async def accept_difference(
    tx: Transaction, one: UUID, kind: Happening, reference: UUID, reason: SettleReason, note: str, by: str, on: date
) -> Quarter:
    """裁定差异: this side takes the other's word on one introduction or fair, and says anew what it counts."""
    of, found = await _lock_both(tx, one)
    _check_open(found)
    side = _side(tx, of, found)
    if found.state != "differs":
        raise NothingToSettle(
            "双方没有差异，或对方尚未答复 There is no difference, or the other side has not answered yet."
        )
    ours, theirs = await _both(tx, found, side)
    word = taken_over(kind, reference, ours, theirs)
    settled = Settlement(
        agreement=of.id, county=found.county, quarter=found.quarter, side=side, kind=kind, reference=reference,
        reason=reason, note=note, by=by, on=on, excluded=word is None,
    )  # fmt: skip
    await store.upsert_settlement(tx, settled)
    await recount(tx, of, await _take_over(tx, of, found, kind, reference, word))
    log.info("accept_difference", quarter=str(one), reference=str(reference), reason=reason)
    return await (_state if side == "city" else _answer)(tx, of, found, on)


async def compare_entries(tx: Transaction, one: UUID) -> list[tuple[Entry, str]]:
    """Every entry of either side, and who has it: both, city, county. Until a county has answered, it is what it would answer now."""
    found = await store.get_quarter(tx, one)
    city, county = await store.list_entries(tx, one, "city"), await store.list_entries(tx, one, "county")
    if found.state == "stated":
        of = await agreements.get_agreement(tx, found.agreement)
        here = found.county == tx.node.code
        county = await store.list_entries_since(tx, of, found.county, found.quarter) if here else city
    ours, theirs = differing(city, county)
    alone = set(ours)
    both = [(each, "both") for each in city if each not in alone]
    return [*((each, "city") for each in ours), *((each, "county") for each in theirs), *both]


async def hear_statement(tx: Transaction, event: QuarterStated, node: str) -> None:
    """The city's word; an older one changes nothing, and neither does one of a quarter that is closed."""
    of = await agreements.lock_agreement(tx, event.agreement)
    if node != f"n{of.destination}" or event.county != tx.node.code:
        raise Forbidden(f"{event.agreement} stated by {node}")
    known = await store.find_quarter_locked(tx, event.agreement, event.county, event.quarter)
    if known is not None and (known.state == "signed" or known.turn >= event.turn):
        return
    facts = event.model_dump(include={"agreement", "county", "quarter", "turn"})
    heard = Quarter(id=known.id if known else new_id(), **facts, state="stated", stated_on=event.on)
    kept = await store.upsert_quarter(tx, heard)
    await store.upsert_entries(tx, kept, "city", _heard(event.entries))
    await _keep_settled(tx, kept, "city", event.settled)


async def hear_answer(tx: Transaction, event: QuarterAnswered, node: str) -> None:
    """The county's word on the statement that stands: with its signature the quarter is closed. On a former one it says nothing."""
    if node != f"n{event.county}":
        raise Forbidden(f"{event.county} answered by {node}")
    of = await agreements.lock_agreement(tx, event.agreement)
    known = await store.find_quarter_locked(tx, event.agreement, event.county, event.quarter)
    if known is None or known.state == "signed" or known.turn != event.turn or of.destination != tx.node.code:
        return
    await _keep_settled(tx, known, "county", event.settled)
    if event.signed:
        await _close(tx, of, replace(known, answered_on=event.on), event.on)
        return
    kept = await store.upsert_quarter(tx, replace(known, state="differs", answered_on=event.on))
    await store.upsert_entries(tx, kept, "county", _heard(event.entries))


async def hear_closing(tx: Transaction, event: QuarterClosed, node: str) -> None:
    """Both have signed; whoever holds no list keeps the figures."""
    of = await agreements.find_agreement_locked(tx, event.agreement)
    if of is None or node != f"n{of.destination}" or node == tx.node.id:
        return
    known = await store.find_quarter_locked(tx, event.agreement, event.county, event.quarter)
    if known is not None and known.state == "signed":
        return
    facts = event.model_dump(include={"agreement", "county", "quarter", "turn"})
    stated_on = known.stated_on if known else event.on
    heard = Quarter(id=known.id if known else new_id(), **facts, state="signed", stated_on=stated_on)
    await store.upsert_quarter(tx, replace(heard, answered_on=event.on, signed_on=event.on))
    figures = [Signed(county=event.county, **each.model_dump()) for each in event.figures]
    await store.upsert_signed(tx, event.agreement, figures)


async def _lock_both(tx: Transaction, one: UUID) -> tuple[Agreement, Quarter]:
    """The agreement before its quarter, as everywhere, so that two such locks cannot cross."""
    of = await agreements.lock_agreement(tx, (await store.get_quarter(tx, one)).agreement)
    return of, await store.lock_quarter(tx, one)


async def _state(tx: Transaction, of: Agreement, one: Quarter, on: date) -> Quarter:
    after = replace(one, state="stated", turn=one.turn + 1, stated_on=on, answered_on=None)
    entries = await store.list_entries_since(tx, of, one.county, one.quarter)
    kept = await store.upsert_quarter(tx, after)
    await store.upsert_entries(tx, kept, "city", entries)
    told = QuarterStated(**_facts(of, kept, on), entries=_told(entries), settled=await _settled(tx, kept, "city"))
    await announce(tx, told, to=f"n{one.county}")
    log.info("state_quarter", quarter=str(kept.id), turn=kept.turn, entries=len(entries))
    return kept


async def _answer(tx: Transaction, of: Agreement, one: Quarter, on: date) -> Quarter:
    ours = await store.list_entries_since(tx, of, one.county, one.quarter)
    signed = set(ours) == set(await store.list_entries(tx, one.id, "city"))
    await store.upsert_entries(tx, one, "county", ours)
    kept = await store.upsert_quarter(tx, replace(one, state="answered" if signed else "differs", answered_on=on))
    settled = await _settled(tx, kept, "county")
    told = QuarterAnswered(
        **_facts(of, kept, on), signed=signed, entries=() if signed else _told(ours), settled=settled
    )
    await announce(tx, told, to=f"n{of.destination}")
    log.info("answer_quarter", quarter=str(kept.id), signed=signed, entries=len(ours))
    return kept


async def _close(tx: Transaction, of: Agreement, one: Quarter, on: date) -> None:
    kept = await store.upsert_quarter(tx, replace(one, state="signed", signed_on=on))
    await store.upsert_entries(tx, kept, "county", await store.list_entries(tx, kept.id, "city"))
    figures = await store.list_signed_by_year(tx, one.agreement, one.county)
    await store.upsert_signed(tx, one.agreement, figures)
    told = tuple(SignedFigure(kind=each.kind, year=each.year, signed=each.signed) for each in figures)
    await announce(tx, QuarterClosed(**_facts(of, kept, on), figures=told))
    log.info("close_quarter", quarter=str(kept.id))


async def _take_over(
    tx: Transaction, of: Agreement, one: Quarter, kind: Happening, reference: UUID, word: Entry | None
) -> list[UUID]:
    """The other side's word as what has happened here; answers whose it is."""
    if word is None:
        return await occurrences.list_subjects(tx, kind, reference)
    await store.update_included(tx, of.id, kind, reference)
    taken = Occurrence(
        kind=kind,
        id=await occurrences.find_occurrence(tx, kind, reference) or reference,
        reference=reference,
        city=of.destination,
        county="" if kind == "fairs" else one.county,
        day=word.day,
        employer_uscc=word.employer_uscc,
    )
    return await occurrences.upsert_occurrence(tx, taken)


async def _both(tx: Transaction, one: Quarter, side: Side) -> tuple[list[Entry], list[Entry]]:
    city, county = await store.list_entries(tx, one.id, "city"), await store.list_entries(tx, one.id, "county")
    return (city, county) if side == "city" else (county, city)


def _side(tx: Transaction, of: Agreement, one: Quarter) -> Side:
    if of.destination == tx.node.code:
        return "city"
    if one.county == tx.node.code:
        return "county"
    raise NotAParty()


def _check_open(one: Quarter) -> None:
    if one.state == "signed":
        raise QuarterSigned(f"已于「{one.signed_on}」签认 Signed on {one.signed_on}.")


def _facts(of: Agreement, one: Quarter, on: date) -> dict[str, object]:
    return {
        "agreement": of.id,
        "county": one.county,
        "city": of.destination,
        "quarter": one.quarter,
        "turn": one.turn,
        "on": on,
    }


def _told(entries: Sequence[Entry]) -> tuple[QuarterEntry, ...]:
    return tuple(QuarterEntry(**vars(each)) for each in entries)


def _heard(entries: Sequence[QuarterEntry]) -> list[Entry]:
    return [Entry(**each.model_dump()) for each in entries]


async def _settled(tx: Transaction, one: Quarter, side: Side) -> tuple[QuarterSettled, ...]:
    mine = [each for each in await store.list_settlements(tx, one) if each.side == side]
    return tuple(
        QuarterSettled(kind=each.kind, reference=each.reference, reason=each.reason, on=each.on) for each in mine
    )


async def _keep_settled(tx: Transaction, one: Quarter, side: Side, told: Sequence[QuarterSettled]) -> None:
    """What the other side has taken over, with its reason; here it changes nothing that counts."""
    for each in told:
        kept = Settlement(
            agreement=one.agreement, county=one.county, quarter=one.quarter, side=side, kind=each.kind,
            reference=each.reference, reason=each.reason, note="", by="", on=each.on, excluded=False,
        )  # fmt: skip
        await store.upsert_settlement(tx, kept)
