"""What hires do to openings (余岗): a hire takes one, once; the end of a spell may give it back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.indicators import note_changes
from libs.common.telemetry import log
from services.jobs.operations.announcing import announce_vacancies
from services.jobs.rules.vacancies import Vacancy, with_openings_taken
from services.jobs.store import hires, vacancies


async def take_opening(tx: Transaction, vacancy: UUID, introduction: UUID, on: date) -> None:
    """One opening less for a hired introduction, counted once; a vacancy of another node is none of ours."""
    found = await vacancies.lock_vacancy(tx, vacancy)
    if found is None or not await hires.insert_hire_if_absent(tx, introduction, vacancy, on):
        return
    await _recount(tx, found, on)
    log.info("take_opening", vacancy=str(vacancy), introduction=str(introduction))


async def free_opening(tx: Transaction, vacancy: UUID, introduction: UUID, on: date) -> None:
    """The opening comes back when the spell ends, if the vacancy is still offered and its employer fills it again."""
    found = await vacancies.lock_vacancy(tx, vacancy)
    if found is None or not found.offered or not found.refills:
        return
    if not await hires.update_hire_freed(tx, introduction, vacancy, on):
        return
    await _recount(tx, found, on)
    log.info("free_opening", vacancy=str(vacancy), introduction=str(introduction))


async def _recount(tx: Transaction, vacancy: Vacancy, on: date) -> None:
    left = with_openings_taken(vacancy, await hires.count_hires(tx, vacancy.id))
    changed = await vacancies.update_vacancy(tx, vacancy, left)
    await announce_vacancies(tx, [changed], on)
    await note_changes(tx, vacancy.city, on, [vacancy.id])
