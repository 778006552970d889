"""风险: a notice starts a clock; whatever answers it is written down, and the home county sees the same."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.events.retention import RiskReported
from libs.common.outbox import announce
from services.retention.rules.notice import Notice, Risk, deadline_of
from services.retention.store import risks


async def open_risk(tx: Transaction, spell: UUID, *, on: date, last_day: date, reason: str) -> Risk:
    """A notice was given: the clock runs from its day."""
    notice = Notice(
        id=new_id(), spell=spell, kind="notice", reason=reason, on=on, last_day=last_day, deadline=deadline_of(on)
    )
    await risks.upsert_notice(tx, notice)
    return await _report(tx, notice.id)


async def answer_risk(tx: Transaction, spell: UUID, *, answer: str, on: date, answer_spell: UUID | None = None) -> None:
    """What became of an open notice, if there is one: transferred, returned_home or left; late stays visible as late."""
    notice = await risks.lock_open_notice(tx, spell)
    if notice is not None:
        await risks.update_answer(tx, notice.id, answer=answer, on=on, answer_spell=answer_spell)
        await _report(tx, notice.id)


async def _report(tx: Transaction, id: UUID) -> Risk:
    risk = await risks.get_risk(tx, id)
    known = {name: value for name, value in asdict(risk).items() if name in RiskReported.model_fields}
    await announce(tx, RiskReported(risk=id, **known), to=f"n{risk.county}")
    return risk
