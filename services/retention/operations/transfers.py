"""转岗不返乡: a notice starts the 48-hour clock; another vetted vacancy of the city is taken before anyone goes home."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.retention.operations.risks import answer_risk, open_risk
from services.retention.operations.spells import begin, close, own_spell
from services.retention.rules.introductions import Vacancy
from services.retention.rules.notice import Risk, UnderNotice, check_notice, check_transfer, last_day_at_old
from services.retention.rules.spells import Spell, SpellHasEnded, check_past
from services.retention.store import introductions, risks


async def give_notice(tx: Transaction, spell_id: UUID, *, on: date, last_day: date, reason: str) -> Risk:
    """预告离岗: the employer says that somebody must leave; the city has 48 hours to offer another post."""
    spell = await own_spell(tx, spell_id)
    if spell.end is not None:
        raise SpellHasEnded(f"{spell.end}")
    if await risks.lock_open_notice(tx, spell_id):
        raise UnderNotice()
    check_notice(spell.start, on, last_day)
    risk = await open_risk(tx, spell_id, on=on, last_day=last_day, reason=reason)
    log.info("give_notice", spell=str(spell_id), risk=str(risk.id), deadline=str(risk.deadline))
    return risk


async def transfer(tx: Transaction, spell_id: UUID, *, vacancy_id: UUID, on: date, start: date, wage_fen: int) -> Spell:
    """转岗: the old spell ends as a transfer, the new one begins the chain's next link; `on` answers the clock."""
    spell = await own_spell(tx, spell_id)
    introduction = await introductions.lock_introduction(tx, spell.introduction)
    check_past(start, tx.node.today(), "/start")
    vacancy = await take_vacancy(tx, spell.vacancy, vacancy_id)
    notice = await risks.lock_open_notice(tx, spell_id)
    end = last_day_at_old(notice.last_day if notice else start, start)
    await close(tx, spell, end=end, reason="transfer")
    fresh = await begin(
        tx,
        introduction,
        vacancy=vacancy_id,
        employer_uscc=vacancy.employer_uscc,
        occupation=vacancy.occupation,
        start=start,
        wage_fen=wage_fen,
        assisted=True,
        previous=spell_id,
    )
    await answer_risk(tx, spell_id, answer="transferred", on=on, answer_spell=fresh.id)
    log.info("transfer", spell=str(spell_id), vacancy=str(vacancy_id), following=str(fresh.id))
    return fresh


async def take_vacancy(tx: Transaction, old: UUID, id: UUID) -> Vacancy:
    """Take an opening of a vetted vacancy of this city, locked so that two transfers do not take the same one."""
    vacancy = await introductions.lock_vacancy(tx, id)
    check_transfer(old, vacancy, tx.node.code)
    await introductions.update_opening_taken(tx, id)
    return vacancy
