"""就业: the city's side of a spell: it starts, is corrected, ends, and the home county is told each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.events.matching import IntroductionReleased
from libs.common.events.retention import SpellEnded, SpellEndReported, SpellReported, SpellStarted
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.retention.operations.risks import answer_risk
from services.retention.operations.verification import hand_verification
from services.retention.rules.introductions import Introduction
from services.retention.rules.spells import (
    AlreadyInWork,
    NotHere,
    NotHired,
    Spell,
    SpellHasEnded,
    check_dates,
    check_past,
)
from services.retention.store import introductions, spells, stated_promises


async def start_spell(
    tx: Transaction, introduction_id: UUID, *, start: date, wage_fen: int, assisted: bool = True
) -> Spell:
    """上岗: someone who was hired here begins to work; from now on this city verifies the person."""
    introduction = await introductions.lock_introduction(tx, introduction_id)
    check_past(start, tx.node.today(), "/start")
    if introduction.hired_on is None or introduction.vacancy is None or introduction.city != tx.node.code:
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


async def release(tx: Transaction, event: IntroductionReleased) -> None:
    """Whoever was hired does not have the place any more: no spell begins, and one that began meanwhile ends on its first day."""
    await introductions.update_introduction_released(tx, event.introduction)
    await stated_promises.insert_due(tx, event.vacancy)
    spell = await spells.find_open_spell(tx, event.introduction)
    if spell is not None and spell.city == tx.node.code:
        await end_spell(tx, spell.id, end=max(spell.start, event.on), reason="other_job", returned_home=False)


async def own_spell(tx: Transaction, id: UUID) -> Spell:
    """One spell of this city, locked; the county's copy is not written by hand."""
    spell = await spells.lock_spell(tx, id)
    if spell.city != tx.node.code:
        raise NotHere(f"n{spell.city}")
    await tx.widen()
    return spell


async def begin(
    tx: Transaction,
    introduction: Introduction,
    *,
    vacancy: UUID,
    employer_uscc: str | None,
    occupation: str | None,
    start: date,
    wage_fen: int,
    assisted: bool,
    previous: UUID | None = None,
) -> Spell:
    """Write a new spell, tell of it, and take over the quarter's verification."""
    spell = Spell(
        id=new_id(),
        introduction=introduction.id,
        county=introduction.county,
        city=introduction.city,
        vacancy=vacancy,
        employer_uscc=employer_uscc,
        occupation=occupation,
        start=start,
        wage_fen=wage_fen,
        assisted=assisted,
        previous=previous,
        person=introduction.person,
        guest=introduction.guest,
    )
    await spells.upsert_spell(tx, spell)
    await tell_started(tx, spell)
    await stated_promises.insert_due(tx, vacancy)
    await hand_verification(tx, introduction, to=tx.node.id, on=start)
    return spell


async def correct_spell(
    tx: Transaction, spell: Spell, *, start: date | None = None, wage_fen: int | None = None
) -> Spell:
    """更正: what was entered wrongly is put right, here and at the home county."""
    start, wage_fen = start or spell.start, wage_fen or spell.wage_fen
    check_past(start, tx.node.today(), "/start")
    if spell.end is not None:
        check_dates(start, spell.end, "/start")
    await spells.update_spell(tx, spell.id, start=start, wage_fen=wage_fen)
    corrected = replace(spell, start=start, wage_fen=wage_fen, version=spell.version + 1)
    await tell_started(tx, corrected)
    await stated_promises.insert_due(tx, spell.vacancy)
    log.info("correct_spell", spell=str(spell.id), version=corrected.version)
    return corrected


async def end_spell(tx: Transaction, id: UUID, *, end: date, reason: str, returned_home: bool) -> Spell:
    """离岗: the spell ends; who is out of work is the home county's to verify and, once home, on its list again."""
    spell = await own_spell(tx, id)
    check_past(end, tx.node.today(), "/end")
    await close(tx, spell, end=end, reason=reason, returned_home=returned_home)
    await answer_risk(tx, id, answer="returned_home" if returned_home else "left", on=end)
    introduction = await introductions.lock_introduction(tx, spell.introduction)
    await hand_verification(tx, introduction, to=f"n{spell.county}", on=end)
    log.info("end_spell", spell=str(id), reason=reason, returned_home=returned_home)
    return await spells.get_spell(tx, id)


async def close(tx: Transaction, spell: Spell, *, end: date, reason: str, returned_home: bool = False) -> None:
    """End a spell of this city and tell of it."""
    if spell.end is not None:
        raise SpellHasEnded(f"{spell.end}")
    check_dates(spell.start, end)
    await spells.update_spell_ended(tx, spell.id, end=end, reason=reason, returned_home=returned_home)
    await stated_promises.insert_due(tx, spell.vacancy)
    ended = SpellEnded(
        spell=spell.id,
        introduction=spell.introduction,
        county=spell.county,
        city=spell.city,
        vacancy=spell.vacancy,
        end=end,
        reason=reason,
        returned_home=returned_home,
    )
    await announce(tx, ended)
    await announce(tx, SpellEndReported(**ended.model_dump()), to=f"n{spell.county}")


async def tell_started(tx: Transaction, spell: Spell) -> None:
    """Tell this node's offices and the home county, each in its own topic."""
    started = SpellStarted(
        spell=spell.id,
        introduction=spell.introduction,
        county=spell.county,
        city=spell.city,
        vacancy=spell.vacancy,
        employer_uscc=spell.employer_uscc,
        occupation=spell.occupation,
        start=spell.start,
        wage_fen=spell.wage_fen,
        assisted=spell.assisted,
        previous=spell.previous,
    )
    await announce(tx, started)
    await announce(tx, SpellReported(**started.model_dump()), to=f"n{spell.county}")
