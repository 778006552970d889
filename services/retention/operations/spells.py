"""就业: the city's side of a spell: it starts, is corrected, ends, and the home county is told each time."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction, new_id
from libs.common.events.retention import SpellEnded, SpellEndReported, SpellReported, SpellStarted
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.retention.operations.risks import answer_risk
from services.retention.operations.verification import hand_verification
from services.retention.rules.spells import AlreadyInWork, NotHere, NotHired, SpellHasEnded, check_dates, check_past
from services.retention.store import introductions, spells


async def start_spell(
    tx: Transaction, introduction_id: UUID, *, start: date, wage_fen: int, assisted: bool = True
) -> Row[Any]:
    """上岗: someone who was hired here begins to work; from now on this city verifies the person."""
    introduction = await introductions.get_introduction(tx, introduction_id)
    check_past(start, tx.node.today(), "/start")
    if introduction.hired_on is None or introduction.city != tx.node.code:
        raise NotHired("须先由本地用人单位录用 An employer of this node hires first.")
    await tx.widen()
    if await spells.find_open_spell(tx, introduction_id):
        raise AlreadyInWork()
    spell = await begin(
        tx,
        introduction,
        vacancy=introduction.vacancy,
        employer_uscc=introduction.employer_uscc,
        occupation=introduction.occupation,
        start=start,
        wage_fen=wage_fen,
        assisted=assisted,
    )
    log.info("start_spell", spell=str(spell.id), introduction=str(introduction_id), start=str(start))
    return spell


async def own_spell(tx: Transaction, id: UUID) -> Row[Any]:
    """One spell of this city, locked; the county's copy is not written by hand."""
    spell = await spells.lock_spell(tx, id)
    if spell.city != tx.node.code:
        raise NotHere(f"n{spell.city}")
    await tx.widen()
    return spell


async def begin(tx: Transaction, introduction: Row[Any], *, start: date, **facts: Any) -> Row[Any]:
    """Write a new spell, tell of it, and take over the quarter's verification."""
    id = new_id()
    places = {"county": introduction.county, "city": introduction.city}
    await spells.put_spell(tx, id=id, introduction=introduction.id, **places, start=start, **facts)
    spell = await spells.get_spell(tx, id)
    await tell_started(tx, spell)
    await hand_verification(tx, introduction, to=tx.node.id, on=start)
    return spell


async def correct_spell(
    tx: Transaction, spell: Row[Any], *, start: date | None = None, wage_fen: int | None = None
) -> Row[Any]:
    """更正: what was entered wrongly is put right, here and at the home county."""
    corrected: dict[str, Any] = {"start": start or spell.start, "wage_fen": wage_fen or spell.wage_fen}
    check_past(corrected["start"], tx.node.today(), "/start")
    if spell.end is not None:
        check_dates(corrected["start"], spell.end, "/start")
    await spells.correct(tx, spell.id, **corrected)
    fresh = await spells.get_spell(tx, spell.id)
    await tell_started(tx, fresh)
    log.info("correct_spell", spell=str(spell.id), version=fresh.version)
    return fresh


async def end_spell(tx: Transaction, id: UUID, *, end: date, reason: str, returned_home: bool) -> Row[Any]:
    """离岗: the spell ends; who is out of work is the home county's to verify and, once home, on its list again."""
    spell = await own_spell(tx, id)
    check_past(end, tx.node.today(), "/end")
    await close(tx, spell, end=end, reason=reason, returned_home=returned_home)
    await answer_risk(tx, id, answer="returned_home" if returned_home else "left", on=end)
    introduction = await introductions.get_introduction(tx, spell.introduction)
    await hand_verification(tx, introduction, to=f"n{spell.county}", on=end)
    log.info("end_spell", spell=str(id), reason=reason, returned_home=returned_home)
    return await spells.get_spell(tx, id)


async def close(tx: Transaction, spell: Row[Any], *, end: date, reason: str, returned_home: bool = False) -> None:
    """End a spell of this city and tell of it."""
    if spell.end is not None:
        raise SpellHasEnded(f"{spell.end}")
    check_dates(spell.start, end)
    await spells.close_spell(tx, spell.id, end=end, reason=reason, returned_home=returned_home)
    facts: dict[str, Any] = {
        "spell": spell.id,
        "introduction": spell.introduction,
        "county": spell.county,
        "city": spell.city,
        "vacancy": spell.vacancy,
        "end": end,
        "reason": reason,
        "returned_home": returned_home,
    }
    await announce(tx, SpellEnded(**facts))
    await announce(tx, SpellEndReported(**facts), to=f"n{spell.county}")


async def tell_started(tx: Transaction, spell: Row[Any]) -> None:
    """Tell this node's offices and the home county, each in its own topic."""
    facts: dict[str, Any] = {
        "spell": spell.id,
        "introduction": spell.introduction,
        "county": spell.county,
        "city": spell.city,
        "vacancy": spell.vacancy,
        "employer_uscc": spell.employer_uscc,
        "occupation": spell.occupation,
        "start": spell.start,
        "wage_fen": spell.wage_fen,
        "assisted": spell.assisted,
        "previous": spell.previous,
    }
    await announce(tx, SpellStarted(**facts))
    await announce(tx, SpellReported(**facts), to=f"n{spell.county}")
