"""What hires do to openings (余岗): a hire takes one, once; the end of a spell may give it back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.jobs.operations.announcing import announce_vacancies
from services.jobs.store import figures, hires, vacancies


async def take_opening(tx: Transaction, vacancy: UUID, introduction: UUID, on: date) -> None:
    """One opening less for a hired introduction, counted once; a vacancy of another node is none of ours."""
    row = await vacancies.lock_vacancy(tx, vacancy)
    if row is None or not await hires.add_hire(tx, introduction, vacancy, on):
        return
    await _recount(tx, row, on)
    log.info("take_opening", vacancy=str(vacancy), introduction=str(introduction))


async def free_opening(tx: Transaction, vacancy: UUID, introduction: UUID, on: date) -> None:
    """The opening comes back when the spell ends, if the vacancy is still offered and its employer fills it again."""
    row = await vacancies.lock_vacancy(tx, vacancy)
    if row is None or row.state != "vetted" or not row.refills:
        return
    if await hires.free_hire(tx, introduction, vacancy, on) is None:
        return
    await _recount(tx, row, on)
    log.info("free_opening", vacancy=str(vacancy), introduction=str(introduction))


async def _recount(tx: Transaction, row: Row[Any], on: date) -> None:
    left = max(0, row.openings - await hires.count_hires(tx, row.id))
    changed = await vacancies.change_vacancy(tx, row.id, {"openings_left": left})
    await announce_vacancies(tx, [changed], on)
    await figures.note_change(tx, row.city, on)
