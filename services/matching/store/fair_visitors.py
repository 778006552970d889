"""Who of this county comes to a fair (报名、到场), what was signed there (现场签约), and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, null, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from libs.common.row_mapping import columns_of, read_rows
from services.matching.rules.fairs import FairCount, FirmResult, ListedVisitor, OriginResult, Signing, Visitor
from services.matching.rules.introductions.outcomes import CAME, EVER_HIRED
from services.matching.rules.introductions.reasons import MISTAKE
from services.matching.tables.fairs import counts, signings, visitors
from services.matching.tables.introductions import introductions
from services.matching.tables.lists import people, vacancies

_VISITORS, _SIGNINGS = columns_of(visitors, Visitor), columns_of(signings, Signing)
# For whom it was recorded: whoever was merged into somebody else came as who he was.
_WHOSE = func.coalesce(introductions.c.recorded_for, introductions.c.person)
# A signing that was entered by mistake and taken back is none.
_SIGNED = introductions.c.reason.is_distinct_from(MISTAKE)


async def list_seen(tx: Transaction, persons: Iterable[UUID]) -> set[UUID]:
    """Those of some people who are on the list within the caller's reach."""
    query = select(people.c.person).where(among(people.c.person, persons), within(people, tx.reach))
    return set((await tx.execute(query)).scalars())


async def upsert_visitors(tx: Transaction, given: Sequence[Visitor]) -> list[Visitor]:
    """Signed up or come: the first day of each counts. Answers them as they stand."""
    if not given:
        return []
    put = insert(visitors).values([vars(each) for each in given])
    first = {name: func.coalesce(visitors.c[name], put.excluded[name]) for name in ("signed_up_on", "came_on")}
    kept = put.on_conflict_do_update(index_elements=["fair", "person"], set_=first).returning(*_VISITORS)
    return read_rows(Visitor, await tx.execute(kept))


async def delete_sign_ups(tx: Transaction, fair: UUID, persons: Collection[UUID]) -> None:
    """Whoever has come stays, as somebody who had not signed up."""
    theirs = visitors.c.fair == fair, among(visitors.c.person, persons)
    await tx.execute(delete(visitors).where(*theirs, visitors.c.came_on.is_(None)))
    await tx.execute(update(visitors).where(*theirs).values(signed_up_on=None))


async def count_visitors(tx: Transaction, fair: UUID, county: str) -> FairCount:
    """How many of a county's people have signed up, and have come."""
    counted = func.count(visitors.c.signed_up_on).label("signed_up"), func.count(visitors.c.came_on).label("came")
    row = (await tx.execute(select(*counted).where(visitors.c.fair == fair, visitors.c.county == county))).one()
    return FairCount(fair=fair, county=county, signed_up=row.signed_up, came=row.came)


async def list_visitors(
    tx: Transaction, fair: UUID, *, came: bool | None, after: UUID | None, limit: int
) -> list[ListedVisitor]:
    """Within the caller's reach, by their ids, with what they have signed there."""
    query = select(*_VISITORS, people.c.township, *_signed_there()).select_from(_with_signed())
    query = query.where(visitors.c.fair == fair, within(visitors, tx.reach))
    if came is not None:
        query = query.where(visitors.c.came_on.is_not(None) if came else visitors.c.came_on.is_(None))
    query = query if after is None else query.where(visitors.c.person > after)
    return read_rows(ListedVisitor, await tx.execute(query.order_by(visitors.c.person).limit(limit)))


def _signed_there() -> Iterable[ColumnElement[Any]]:
    signed = introductions.c.introduction, introductions.c.state
    return *signed, vacancies.c.title, vacancies.c.employer_name


def _with_signed() -> Any:
    """Each visitor with the last introduction that was signed there: whoever takes a yes back may sign with another firm."""
    theirs = introductions.c.fair == visitors.c.fair, visitors.c.person == _WHOSE, _SIGNED
    last = select(introductions.c.introduction).where(*theirs).order_by(introductions.c.introduction.desc()).limit(1)
    signed = introductions.c.introduction == last.correlate(visitors).scalar_subquery()
    joined = visitors.outerjoin(people, people.c.person == visitors.c.person).outerjoin(introductions, signed)
    return joined.outerjoin(vacancies, vacancies.c.vacancy == introductions.c.vacancy)


async def lock_signings(tx: Transaction, entries: Iterable[UUID]) -> dict[UUID, Signing]:
    """What became of those entries that were sent before."""
    query = select(*_SIGNINGS).where(among(signings.c.entry, entries)).order_by(signings.c.entry).with_for_update()
    return {each.entry: each for each in read_rows(Signing, await tx.execute(query))}


async def insert_signing_if_absent(tx: Transaction, signing: Signing, county: str) -> bool:
    """False when the entry stands for another one already."""
    put = insert(signings).values(**vars(signing), county=county).on_conflict_do_nothing(index_elements=["entry"])
    return (await tx.execute(put.returning(signings.c.entry))).scalar() is not None


async def count_promised(tx: Transaction, vacancy: UUID, county: str) -> int:
    """How many of a county's people have said yes to a vacancy and are not hired yet: `openings_left` does not know of them."""
    waiting = introductions.c.state.in_(("agreed", "introduced")), introductions.c.county == county
    query = select(func.count()).where(introductions.c.vacancy == vacancy, *waiting)
    return int((await tx.execute(query)).scalar_one())


async def list_by_firm(tx: Transaction, fair: UUID) -> list[FirmResult]:
    """What was signed at a fair, by firm, as this node knows it."""
    firm = vacancies.c.employer_uscc, vacancies.c.employer_name
    query = select(*firm, *_counted()).select_from(
        introductions.join(vacancies, vacancies.c.vacancy == introductions.c.vacancy)
    )
    query = query.where(introductions.c.fair == fair, _SIGNED, within(introductions, tx.reach))
    return read_rows(FirmResult, await tx.execute(query.group_by(*firm).order_by(*firm)))


def _counted() -> Iterable[ColumnElement[int]]:
    def count(*states: str) -> ColumnElement[int]:
        return func.count().filter(introductions.c.state.in_(states))

    return func.count().label("signed"), count(*EVER_HIRED).label("hired"), count(*CAME).label("started")


async def list_by_township(tx: Transaction, fair: UUID) -> list[OriginResult]:
    """This county's people by township."""
    origin = visitors.c.county, people.c.township
    query = select(*origin, *_came()).select_from(_with_signed())
    query = query.where(visitors.c.fair == fair, within(visitors, tx.reach))
    return read_rows(OriginResult, await tx.execute(query.group_by(*origin).order_by(*origin)))


def _came() -> Iterable[ColumnElement[int]]:
    signed = func.count(introductions.c.introduction)
    hired = signed.filter(introductions.c.state.in_(EVER_HIRED))
    came = func.count(visitors.c.signed_up_on).label("signed_up"), func.count(visitors.c.came_on).label("came")
    return *came, signed.label("signed"), hired.label("hired")


async def list_by_county(tx: Transaction, fair: UUID) -> list[OriginResult]:
    """Other counties' people at a fair of this node: who has signed, by the introductions that came; who has come, as their county says."""
    signed, hired, _ = _counted()
    theirs = introductions.c.county != tx.node.code, introductions.c.fair == fair, _SIGNED
    query = select(introductions.c.county, signed, hired).where(*theirs, within(introductions, tx.reach))
    own = query.group_by(introductions.c.county).cte("own")
    joined = counts.join(own, (own.c.county == counts.c.county) & (counts.c.fair == fair), full=True)
    told = {"signed_up": counts.c.signed_up, "came": counts.c.came, "signed": own.c.signed, "hired": own.c.hired}
    county = func.coalesce(counts.c.county, own.c.county).label("county")
    numbers = [func.coalesce(value, 0).label(name) for name, value in told.items()]
    query = select(county, null().label("township"), *numbers).select_from(joined)
    query = query.where((counts.c.fair == fair) | counts.c.fair.is_(None)).order_by(county)
    return read_rows(OriginResult, await tx.execute(query))
