"""Agreements in the database, each with its targets and its parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction, among
from services.jobs.rules.agreements import Agreement, AgreementState, Part, Target
from services.jobs.rules.refusals import AgreementNotFound
from services.jobs.tables import agreement_parts, agreement_targets, agreements

_OWN = [each.name for each in fields(Agreement) if each.name in agreements.c]
_COLUMNS = [agreements.c[name] for name in _OWN]


async def upsert_agreement(tx: Transaction, given: Agreement) -> None:
    """An agreement as it stands, with whatever hangs on it."""
    facts = {name: getattr(given, name) for name in _OWN}
    put = insert(agreements).values(facts)
    await tx.execute(put.on_conflict_do_update(index_elements=["id"], set_=facts))
    for table in (agreement_targets, agreement_parts):
        await tx.execute(delete(table).where(table.c.agreement == given.id))
    rows = [dict(zip(_LINE, each.line, strict=True)) | {"target": each.target} for each in given.targets]
    parts = [{"county": each.county, "confirmed_on": each.confirmed_on} for each in given.parts]
    for table, told in ((agreement_targets, rows), (agreement_parts, parts)):
        if told:
            await tx.execute(insert(table), [{"agreement": given.id, **each} for each in told])


_LINE = ("kind", "year", "county", "employer_uscc")


async def get_agreement(tx: Transaction, one: UUID) -> Agreement:
    """One; raises AgreementNotFound."""
    return _only(await _read(tx, select(*_COLUMNS).where(agreements.c.id == one)))


async def lock_agreement(tx: Transaction, one: UUID) -> Agreement:
    """The same, held until the end of the transaction."""
    return _only(await _read(tx, select(*_COLUMNS).where(agreements.c.id == one).with_for_update()))


async def find_agreement_locked(tx: Transaction, one: UUID) -> Agreement | None:
    """One that may not have been heard of yet, held."""
    found = await _read(tx, select(*_COLUMNS).where(agreements.c.id == one).with_for_update())
    return found[0] if found else None


async def lock_agreements_between(tx: Transaction, city: str, county: str) -> list[Agreement]:
    """Those in which a city and a county take part (any county where none is named), held in the order of their ids."""
    query = select(*_COLUMNS).where(agreements.c.destination == city).order_by(agreements.c.id)
    if county:
        signing = select(agreement_parts.c.agreement).where(agreement_parts.c.county == county)
        query = query.where(agreements.c.id.in_(signing))
    return await _read(tx, query.with_for_update())


async def find_same_agreement(tx: Transaction, given: Agreement) -> Agreement | None:
    """One of the same parties and days that has not ended."""
    same = [agreements.c[name] == getattr(given, name) for name in ("origin", "destination", "since", "until")]
    query = select(*_COLUMNS).where(*same, agreements.c.state != "ended", agreements.c.id != given.id)
    found = await _read(tx, query.limit(1))
    return found[0] if found else None


async def list_agreements(
    tx: Transaction, *, state: AgreementState | None, after: UUID | None, limit: int
) -> list[Agreement]:
    """One more than the page holds, in the order of entry."""
    wanted: list[ColumnElement[bool]] = [agreements.c.state == state] if state else []
    if after is not None:
        wanted.append(agreements.c.id > after)
    return await _read(tx, select(*_COLUMNS).where(*wanted).order_by(agreements.c.id).limit(limit + 1))


def _only(found: Sequence[Agreement]) -> Agreement:
    if not found:
        raise AgreementNotFound()
    return found[0]


async def _read(tx: Transaction, query: Select[tuple[object, ...]]) -> list[Agreement]:
    found = [Agreement(**row._asdict()) for row in await tx.execute(query)]
    ids = [each.id for each in found]
    targets, parts = await _targets(tx, ids), await _parts(tx, ids)
    return [replace(each, targets=tuple(targets[each.id]), parts=tuple(parts[each.id])) for each in found]


async def _targets(tx: Transaction, ids: Iterable[UUID]) -> defaultdict[UUID, list[Target]]:
    found: defaultdict[UUID, list[Target]] = defaultdict(list)
    lines = select(agreement_targets).where(among(agreement_targets.c.agreement, ids))
    keys = (agreement_targets.c[name] for name in _LINE)
    for row in await tx.execute(lines.order_by(*keys)):
        found[row.agreement].append(
            Target(
                kind=row.kind,
                target=row.target,
                year=row.year or None,
                county=row.county or None,
                employer_uscc=row.employer_uscc or None,
            )
        )
    return found


async def _parts(tx: Transaction, ids: Iterable[UUID]) -> defaultdict[UUID, list[Part]]:
    found: defaultdict[UUID, list[Part]] = defaultdict(list)
    told = select(agreement_parts).where(among(agreement_parts.c.agreement, ids)).order_by(agreement_parts.c.county)
    for row in await tx.execute(told):
        found[row.agreement].append(Part(county=row.county, confirmed_on=row.confirmed_on))
    return found
