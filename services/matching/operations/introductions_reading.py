"""Who may see which introductions: a node's officers all, a cadre the own township's, an employer the own vacancies'."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Row

from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.problems import Forbidden
from services.matching.rules.introductions import SHOWN_TO_EMPLOYER
from services.matching.store import introductions as store
from services.matching.store import lists
from services.matching.store.introductions import IntroductionNotFound


def _own(caller: Caller) -> str | None:
    """The employer whose introductions alone the caller may see; None: no such limit. Nobody's is an empty code."""
    return (caller.organisation or "-") if caller.role == "employer" else None


async def list_introductions(
    tx: Transaction, caller: Caller, after: UUID | None, limit: int, *, due_before: date | None = None, **wanted: Any
) -> Sequence[Row[Any]]:
    """介绍清单 as the caller may see it."""
    if caller.role != "employer":
        caller.check(tx.home.code)
    return await store.list_introductions(
        tx, after=after, limit=limit, employer=_own(caller), townships=caller.townships, due_before=due_before, **wanted
    )


async def get_introduction(tx: Transaction, caller: Caller, introduction: UUID) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """One introduction and its history; to those who may not see it, it does not exist."""
    row = await store.show_introduction(tx, introduction)
    if caller.role != "employer":
        caller.check(tx.home.code)
    elif row.employer_uscc != _own(caller) or row.state not in SHOWN_TO_EMPLOYER:
        raise IntroductionNotFound(str(introduction))
    if caller.townships and row.township not in caller.townships:
        raise IntroductionNotFound(str(introduction))
    return row, await store.list_steps(tx, introduction)


async def show_introduction(tx: Transaction, introduction: UUID) -> Row[Any]:
    """One introduction after a step, for the answer to whoever took it."""
    return await store.show_introduction(tx, introduction)


async def check_person(tx: Transaction, caller: Caller, person: UUID) -> None:
    """Refuse a proposal for somebody outside the caller's region or township."""
    caller.check(tx.home.code)
    row = await lists.get_person(tx, person)
    if row is not None and caller.townships and row.township not in caller.townships:
        raise Forbidden(f"不在本乡镇 The person is not of {', '.join(caller.townships)}.")
