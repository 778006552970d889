"""What nodes have stated: kept, and found again by date."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from libs.common.database import Transaction
from services.console.rules.province import Statement
from services.console.tables import statement


async def upsert_statement(tx: Transaction, one: Statement) -> None:
    """Keep a statement unless the same source has already said something newer for that date."""
    new = insert(statement).values(
        kind=one.kind,
        division=one.division,
        as_of=one.as_of,
        rule=one.rule,
        figures=dict(one.figures),
        sequence=one.sequence,
        event=one.event,
        stated_at=one.stated_at,
    )
    replaced = {name: new.excluded[name] for name in ("rule", "figures", "sequence", "event", "stated_at")}
    await tx.execute(
        new.on_conflict_do_update(
            index_elements=["kind", "division", "as_of"],
            set_=replaced,
            where=new.excluded.sequence > statement.c.sequence,
        )
    )


async def list_statements(tx: Transaction, as_of: date) -> list[Statement]:
    """For each kind and division the latest statement not after a date."""
    latest = (
        select(statement)
        .where(statement.c.as_of <= as_of)
        .ext(distinct_on(statement.c.kind, statement.c.division))
        .order_by(statement.c.kind, statement.c.division, statement.c.as_of.desc())
    )
    return [Statement(**row) for row in (await tx.execute(latest)).mappings()]


async def list_dates(tx: Transaction, limit: int) -> list[date]:
    """The latest dates for which anything was stated."""
    dates = select(statement.c.as_of).distinct().order_by(statement.c.as_of.desc()).limit(limit)
    return list((await tx.execute(dates)).scalars())
