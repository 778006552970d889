"""Who may see which introductions: a node's officers all, a cadre the own township's, an employer the own vacancies'."""

from __future__ import annotations

from uuid import UUID

from libs.common.database import Transaction
from services.matching.rules.introductions.records import ListedIntroduction, StepTaken
from services.matching.store import introductions as store


async def get_introduction(tx: Transaction, introduction: UUID) -> tuple[ListedIntroduction, list[StepTaken]]:
    """One introduction and its history; to those who may not see it, it does not exist."""
    return await store.get_listed_introduction(tx, introduction), await store.list_steps(tx, introduction)
