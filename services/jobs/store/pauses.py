"""Pauses in the database (暂停): which vetted vacancies a day finds expired or of a blacklisted firm, and since when they are."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Date, and_, between, case, false, func, insert, literal, null, select, update

from libs.common.access.rows import within
from libs.common.database import Transaction, new_id
from libs.common.row_mapping import columns_of, maker_of
from services.jobs.rules.vacancies import Vacancy
from services.jobs.tables import employers, pauses, vacancies

_COLUMNS = columns_of(vacancies, Vacancy)


async def lock_pauses_due(
    tx: Transaction, day: date, *, employer: UUID | None, vacancy: UUID | None, limit: int | None
) -> list[tuple[Vacancy, str | None]]:
    """Vacancies that are paused otherwise than this day says, each with why it has to be (None: it is offered); held."""
    on = literal(day, Date)
    listed = between(on, employers.c.blacklisted_from, employers.c.blacklisted_until)
    licence = func.coalesce(employers.c.export_licence_until >= on, false())
    because = case(
        (listed, "blacklisted"),
        (employers.c.state.in_(("pending", "refused")), "unlisted"),
        (and_(vacancies.c.kind == "abroad", ~licence), "unlicensed"),
        (vacancies.c.valid_until < on, "expired"),
        else_=null(),
    )
    joined = vacancies.outerjoin(employers, employers.c.id == vacancies.c.employer)
    wanted = [within(vacancies, tx.reach), vacancies.c.state == "vetted", vacancies.c.paused.is_distinct_from(because)]
    for column, one in ((vacancies.c.employer, employer), (vacancies.c.id, vacancy)):
        if one is not None:
            wanted.append(column == one)
    query = select(*_COLUMNS, because.label("because")).select_from(joined).where(*wanted)
    query = query.order_by(vacancies.c.id).limit(limit).with_for_update(of=vacancies)
    make = maker_of(Vacancy, [column.name for column in _COLUMNS])
    return [(make(row[:-1]), row.because) for row in await tx.execute(query)]


async def insert_pause(tx: Transaction, vacancy: UUID, since: date, because: str) -> None:
    await tx.execute(insert(pauses).values(id=new_id(), vacancy=vacancy, since=since, because=because))


async def update_pause_ended(tx: Transaction, vacancy: UUID, until: date) -> None:
    """The one that is open ends; never before it began."""
    ended = update(pauses).where(pauses.c.vacancy == vacancy, pauses.c.until.is_(None))
    await tx.execute(ended.values(until=case((pauses.c.since > until, pauses.c.since), else_=literal(until, Date))))
