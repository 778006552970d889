"""Open a round (开启轮次), give its villages to cadres, tell how far it is, and settle somebody with one press (无变化)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import refuse_field
from libs.common.telemetry import log
from services.registry.operations.visits import record_visit
from services.registry.rules.cadres import Cadre, check_cadres
from services.registry.rules.departures import check_here
from services.registry.rules.round_lists import RoundPerson, check_open, check_settles
from services.registry.rules.round_signatures import OpenReason
from services.registry.rules.rounds import (
    Assignment,
    Round,
    RoundFigures,
    RoundKind,
    RoundPart,
    Tally,
    check_openable,
    figures_of,
    plan_round,
)
from services.registry.store import people, round_counts, round_lists, round_signatures, rounds


@dataclass(frozen=True)
class CadreFigures:
    """How far the villages are that a cadre has, and how many people that cadre has settled, anywhere."""

    cadre: str
    villages: int
    figures: RoundFigures
    settled_by: int


@dataclass(frozen=True)
class Progress:
    """进度 of what is within reach: in all, by township, by village with whose task it is, by cadre."""

    total: RoundFigures
    townships: dict[str, RoundFigures]
    villages: dict[RoundPart, RoundFigures]
    assigned: dict[RoundPart, list[str]]
    cadres: list[CadreFigures]


async def open_round(
    tx: Transaction, caller: Caller, kind: RoundKind, period: str, *, day: date | None, due: date | None
) -> Round:
    """From its commit on everybody whom somebody writes of is followed; a worker draws up the list of all others."""
    days = plan_round(kind, period, day, due, tx.node.today())
    await rounds.lock_kind(tx, kind)
    check_openable(kind, period, await rounds.list_rounds_of(tx, kind))
    made = Round(
        id=new_id(),
        kind=kind,
        period=period,
        **vars(days),
        state="listing",
        opened_by=caller.subject,
        opened_at=tx.node.clock.now(),
    )
    await rounds.insert_round(tx, made)
    tx.trail.note(entities=[f"round:{made.id}"], kind=kind, period=period)
    log.info("open_round", round=str(made.id), kind=kind, period=period)
    return made


async def assign_villages(
    tx: Transaction,
    caller: Caller,
    one: UUID,
    villages: Sequence[RoundPart],
    cadres: Collection[str],
    known: Sequence[Cadre],
) -> list[Assignment]:
    """These villages are these cadres' task from now on; none of them: nobody's. `known`: who has an account here."""
    found = await rounds.get_round(tx, one)
    there = set(await rounds.list_parts(tx, one))
    for place, village in enumerate(villages):
        if village not in there:
            told = f"名单上没有「{village.township}{village.village}」 No {village.township} {village.village} on the list."
            raise refuse_field(f"/villages/{place}", "unknown", told)
    check_cadres(tx.node.code, villages, cadres, known)
    given = [Assignment(each.township, each.village, cadre) for each in villages for cadre in cadres]
    await rounds.update_assignments(tx, found, villages, given, caller.subject)
    log.info("assign_villages", round=str(one), villages=len(villages), cadres=len(cadres))
    return await rounds.list_assignments(tx, one)


async def settle_unchanged(tx: Transaction, caller: Caller, one: UUID, person: UUID, on: date) -> RoundPerson:
    """无变化: a visit that found nothing new. Pressed again, or settled before, nothing more happens."""
    found = await rounds.get_round(tx, one)
    check_here(await people.lock_person(tx, person))
    listed = await round_lists.find_round_person(tx, one, person)
    signed = listed is not None and await round_signatures.find_signed(tx, one, listed.township)
    check_settles(found, listed, on, signed=found.state == "signed" or signed, kind="quarter")
    if listed is None or listed.state == "open":
        await record_visit(tx, caller, person, "no_change", None, fellows=None, on=on, next_visit=None)
        listed = await round_lists.find_round_person(tx, one, person)
    assert listed is not None
    return listed


async def give_reason(
    tx: Transaction, caller: Caller, one: UUID, person: UUID, reason: OpenReason | None
) -> RoundPerson:
    """Why nobody has settled this person so far; a signature takes it, and a visit makes it needless."""
    found = await rounds.get_round(tx, one)
    listed = await round_lists.find_round_person(tx, one, person)
    signed = listed is not None and await round_signatures.find_signed(tx, one, listed.township)
    listed = check_open(found, listed, signed=found.state == "signed" or signed)
    await tx.widen()
    await round_signatures.update_reasons(tx, one, [person], reason)
    log.info("give_reason", round=str(one), person=str(person), by=caller.subject)
    return replace(listed, reason=reason)


async def show_progress(tx: Transaction, one: UUID) -> Progress:
    """Added up from a few rows for each village."""
    tallies, given = await round_counts.list_tallies(tx, one), await rounds.list_assignments(tx, one)
    villages = {part: figures_of(found) for part, found in _by_part(tallies).items()}
    assigned = defaultdict[RoundPart, list[str]](list)
    for each in given:
        assigned[RoundPart(each.township, each.village)].append(each.cadre)
    townships = {
        name: figures_of(t for t in tallies if t.township == name)
        for name in dict.fromkeys(t.township for t in tallies)
    }
    return Progress(figures_of(tallies), townships, villages, dict(assigned), _by_cadre(tallies, assigned))


def _by_part(tallies: Iterable[Tally]) -> dict[RoundPart, list[Tally]]:
    found = defaultdict[RoundPart, list[Tally]](list)
    for each in tallies:
        found[RoundPart(each.township, each.village)].append(each)
    return dict(found)


def _by_cadre(tallies: Sequence[Tally], assigned: dict[RoundPart, list[str]]) -> list[CadreFigures]:
    """Whoever has a village, or has settled anybody."""
    parts, settled = _by_part(tallies), defaultdict[str, int](int)
    for each in tallies:
        if each.by and each.figure in ("settled", "late"):
            settled[each.by] += each.amount
    has = defaultdict[str, list[RoundPart]](list)
    for part, cadres in assigned.items():
        for cadre in cadres:
            has[cadre].append(part)
    return [
        CadreFigures(
            cadre, len(has[cadre]), figures_of(t for part in has[cadre] for t in parts.get(part, ())), settled[cadre]
        )
        for cadre in sorted({*has, *settled})
    ]
