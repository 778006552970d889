"""Promises beside what was kept: this city's posts with their hires, spells and wages, counted as they stand now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Row,
    ScalarSelect,
    Select,
    Uuid,
    and_,
    case,
    cast,
    func,
    select,
    true,
)

from libs.common.access.rows import within
from libs.common.database import Transaction
from services.retention.rules.promises import Promise, Wages
from services.retention.tables import introduction, spell, terms, vacancy, wage

# A firm's place in a list; a post whose firm has no code is of none.
_FIRM = cast(func.md5(vacancy.c.city + vacancy.c.employer_uscc), Uuid)


async def list_posts(tx: Transaction, *, employer: str | None, after: UUID | None, limit: int) -> list[Promise]:
    """Posts where somebody was hired or works, in the order of entry; an employer finds its own."""
    page = select(vacancy.c.id).where(*_wanted(tx, employer)).order_by(vacancy.c.id).limit(limit)
    page = page if after is None else page.where(vacancy.c.id > after)
    return await _list(tx, vacancy.c.id.in_(page))


async def list_posts_of_firm(tx: Transaction, employer: str) -> list[Promise]:
    """All posts of one firm where somebody was hired or works."""
    return await _list(tx, and_(*_wanted(tx, employer)))


async def list_firms(
    tx: Transaction, *, employer: str | None, after: UUID | None, limit: int
) -> list[tuple[UUID, list[Promise]]]:
    """Firms by their keys, each with its posts."""
    page = select(_FIRM.label("key"), vacancy.c.employer_uscc).where(
        *_wanted(tx, employer), vacancy.c.employer_uscc.is_not(None)
    )
    page = page if after is None else page.where(after < _FIRM)
    firms = (await tx.execute(page.distinct().order_by(_FIRM).limit(limit))).all()
    found: dict[str | None, list[Promise]] = {firm.employer_uscc: [] for firm in firms}
    of_these = vacancy.c.employer_uscc.in_(list(found))
    for post in await _list(tx, and_(of_these, *_wanted(tx, None))):
        found[post.employer_uscc].append(post)
    return [(firm.key, found[firm.employer_uscc]) for firm in firms]


def _wanted(tx: Transaction, employer: str | None) -> list[ColumnElement[bool]]:
    """Of this city, with somebody whom the caller may see hired or at work there."""
    anybody = select(introduction.c.id).where(_hired(tx)).exists() | select(spell.c.id).where(_worked(tx)).exists()
    own = [] if employer is None else [vacancy.c.employer_uscc == employer]
    return [vacancy.c.city == tx.node.code, *own, anybody]


def _hired(tx: Transaction) -> ColumnElement[bool]:
    at_this = introduction.c.vacancy == vacancy.c.id, introduction.c.city == vacancy.c.city
    return and_(*at_this, introduction.c.hired_on.is_not(None), within(introduction, tx.reach))


def _worked(tx: Transaction) -> ColumnElement[bool]:
    return and_(spell.c.vacancy == vacancy.c.id, spell.c.city == vacancy.c.city, within(spell, tx.reach))


async def _list(tx: Transaction, which: ColumnElement[bool]) -> list[Promise]:
    newest, wages = _newest(), _wages(tx).lateral("wages")
    facts = [vacancy.c.id, *(vacancy.c[name] for name in ("city", "employer_uscc", "employer_name", "title"))]
    counts = _count(introduction, _hired(tx), "hired"), _count(spell, _worked(tx), "came")
    query = select(*facts, newest.c.openings, newest.c.offers, *counts, *wages.c)
    query = query.select_from(vacancy.outerjoin(newest, true()).join(wages, true()))
    return [_post(row) for row in await tx.execute(query.where(which).order_by(vacancy.c.id))]


def _newest() -> FromClause:
    """What the post offers now, or offered last."""
    published = select(terms.c.openings, terms.c.offers).where(terms.c.vacancy == vacancy.c.id)
    return published.order_by(terms.c.on.desc()).limit(1).correlate(vacancy).lateral("newest")


def _count(table: FromClause, which: ColumnElement[bool], name: str) -> Any:
    """People, each once however often hired or moved."""
    person = table.c.introduction if "introduction" in table.c else table.c.id
    counted: ScalarSelect[int] = select(func.count(person.distinct())).where(which).correlate(vacancy).scalar_subquery()
    return counted.label(name)


def _wages(tx: Transaction) -> Select[Any]:
    """Whole months of work beside the lowest wage that was published when the person was hired."""
    promised = _promised()
    promised_fen = promised.c.wage * 100
    first = func.to_date(wage.c.month, "YYYY-MM")
    last = cast(first + func.make_interval(0, 1) - func.make_interval(0, 0, 0, 1), Date)
    whole = spell.c.start <= first, func.coalesce(spell.c.end, last) >= last
    months = spell.join(introduction, introduction.c.id == spell.c.introduction)
    months = months.join(wage, wage.c.spell == spell.c.id).join(promised, true())
    sums = {"promised_sum_fen": promised_fen, "paid_sum_fen": wage.c.amount_fen}
    return (
        select(
            func.count(spell.c.introduction.distinct()).label("paid"),
            func.count().label("months"),
            func.count().filter(wage.c.amount_fen >= promised_fen).label("kept"),
            func.count().filter(wage.c.evidence == "insurance").label("insured"),
            *(func.coalesce(func.sum(amount), 0).label(name) for name, amount in sums.items()),
        )
        .select_from(months)
        .where(_worked(tx), *whole, promised.c.wage > 0)
        .correlate(vacancy)
    )


def _promised() -> FromClause:
    """The terms of the day of the hire, of a transfer its first day; where none is as old, the oldest known."""
    day = case((spell.c.previous.is_(None), func.coalesce(introduction.c.hired_on, spell.c.start)), else_=spell.c.start)
    query = select(terms.c.wage).where(terms.c.vacancy == spell.c.vacancy)
    query = query.order_by((terms.c.on <= day).desc(), func.abs(terms.c.on - day)).limit(1)
    return query.correlate(spell, introduction).lateral("promised")


def _post(row: Row[Any]) -> Promise:
    facts = row._asdict()
    wages = Wages(**{name: int(facts.pop(name)) for name in vars(Wages())})
    facts |= {"openings": facts["openings"] or 0, "offers": facts["offers"] or []}
    return Promise(key=facts["id"], vacancy=facts.pop("id"), wages=wages, **facts)
