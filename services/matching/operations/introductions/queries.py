"""Who may see which introductions: a node's officers all, a cadre the own township's, an employer the own vacancies'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Row

from libs.common.database import Transaction
from services.matching.store import introductions as store


async def get_introduction(tx: Transaction, introduction: UUID) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """One introduction and its history; to those who may not see it, it does not exist."""
    return await store.get_listed_introduction(tx, introduction), await store.list_steps(tx, introduction)
