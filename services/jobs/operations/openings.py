"""What hires do to openings (余岗): a hire takes one, once; who does not come gives it back, the end of a spell may."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.indicators import note_changes
from libs.common.telemetry import log
from services.jobs.operations.announcing import announce_vacancies
from services.jobs.rules.vacancies import Vacancy, with_openings_taken
from services.jobs.store import hires, vacancies


async def take_opening(tx: Transaction, vacancy: UUID, introduction: UUID, on: date, turn: int = 1) -> None:
    """One opening less for a hired introduction, counted once; a vacancy of another node is none of ours.

    `turn` is the number of the step: who was given the place again has it again, older news changes nothing."""
    found = await vacancies.lock_vacancy(tx, vacancy)
    since = await hires.upsert_hire(tx, introduction, vacancy, on, max(turn, 1)) if found else None
    if found is None or since is None:
        return
    await _recount(tx, found, on, since)
    log.info("take_opening", vacancy=str(vacancy), introduction=str(introduction))


async def free_opening(tx: Transaction, vacancy: UUID, introduction: UUID, spell: UUID, on: date) -> None:
    """The opening comes back when the spell ends, if the vacancy was not withdrawn and its employer fills it again."""
    found = await vacancies.lock_vacancy(tx, vacancy)
    if found is None or found.state != "vetted" or not found.refills:
        return
    of_spell = await hires.update_hire_freed(tx, spell, vacancy, on)
    if of_spell or await hires.upsert_end(tx, introduction, vacancy, on):
        await _recount(tx, found, on)
        log.info("free_opening", vacancy=str(vacancy), introduction=str(introduction))


async def release_opening(tx: Transaction, vacancy: UUID, introduction: UUID, on: date, turn: int) -> None:
    """未到岗、取消: whoever was hired does not have the place any more; nobody has worked there, so it is open as before."""
    found = await vacancies.lock_vacancy(tx, vacancy)
    since = await hires.upsert_release(tx, introduction, vacancy, on, turn) if found else None
    if found is not None and since is not None:
        await _recount(tx, found, on, since)
        log.info("release_opening", vacancy=str(vacancy), introduction=str(introduction))


async def _recount(tx: Transaction, vacancy: Vacancy, on: date, since: date | None = None) -> None:
    """Announced as of `on`; figures may be others from the day of the hire on, where that was before."""
    left = with_openings_taken(vacancy, await hires.count_hires(tx, vacancy.id))
    changed = await vacancies.update_vacancy(tx, vacancy, left)
    await announce_vacancies(tx, [changed], on)
    await note_changes(tx, vacancy.city, min(on, since or on), [vacancy.id])
