"""What became of introductions, counted by firm or by run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Label, func, null, select

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import read_rows
from services.matching.rules.introductions.outcomes import CAME, EVER_HIRED, By, Outcome
from services.matching.tables.introductions import introductions
from services.matching.tables.lists import vacancies

_STATE = introductions.c.state
# A firm that was never listed has its vacancy's name.
_KEYS: dict[By, ColumnElement[Any]] = {
    "employer": func.coalesce(vacancies.c.employer, vacancies.c.vacancy),
    "run": introductions.c.run,
}


async def list_outcomes(tx: Transaction, by: By, *, after: UUID | None, limit: int) -> list[Outcome]:
    """By the ids of firms or runs; what was decided before the city had the card is none of them."""
    key = _KEYS[by]
    firm = (vacancies.c.employer_name, vacancies.c.employer_uscc) if by == "employer" else (null(), null())
    query = select(key.label("key"), func.max(firm[0]).label("name"), func.max(firm[1]).label("uscc"), *_counts())
    query = query.select_from(introductions.join(vacancies, vacancies.c.vacancy == introductions.c.vacancy))
    query = query.where(within(introductions, tx.reach), key.is_not(None), _STATE.in_(_COUNTED))
    if after:
        query = query.where(key > after)
    return read_rows(Outcome, await tx.execute(query.group_by(key).order_by(key).limit(limit)))


_COUNTED = ("introduced", "cancelled", "rejected", *EVER_HIRED)


def _counts() -> Iterable[Label[int]]:
    def count(*states: str) -> ColumnElement[int]:
        return func.count().filter(_STATE.in_(states))

    wanted = {"introduced": _COUNTED, "hired": EVER_HIRED, "came": CAME}
    alone = {name: (name,) for name in ("no_show", "rescinded", "cancelled", "rejected")}
    return [count(*states).label(name) for name, states in (wanted | alone).items()]
