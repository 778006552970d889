"""Findings and sums of data quality in the database, as officers read and accept them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.registry.rules.quality import Count, Finding, FindingNotFound, NamedFinding, Severity, State, rule_set
from services.registry.tables import person, quality_figure, quality_finding

_NAMED = select(*columns_of(quality_finding, Finding), person.c.name_sealed).select_from(
    quality_finding.join(person, person.c.id == quality_finding.c.person)
)


@dataclass(frozen=True, kw_only=True)
class FindingFilters:
    """Which findings a list shows."""

    rule: str | None = None
    severity: Severity | None = None
    township: str | None = None
    village: str | None = None
    person: UUID | None = None
    state: State = "open"


async def list_findings(
    tx: Transaction, filters: FindingFilters, *, after: UUID | None, limit: int
) -> list[NamedFinding]:
    """In the order in which they were found."""
    query = _filtered(_NAMED, filters).where(within(quality_finding, tx.reach))
    query = query if after is None else query.where(quality_finding.c.id > after)
    return read_rows(NamedFinding, await tx.execute(query.order_by(quality_finding.c.id).limit(limit)))


async def get_finding(tx: Transaction, one: UUID) -> NamedFinding:
    """One within reach; raises FindingNotFound."""
    query = _NAMED.where(quality_finding.c.id == one, within(quality_finding, tx.reach))
    return await get_one(tx, query, NamedFinding, FindingNotFound(str(one)))


async def lock_finding(tx: Transaction, one: UUID) -> NamedFinding:
    """The same, held until the end of the transaction."""
    query = _NAMED.where(quality_finding.c.id == one, within(quality_finding, tx.reach))
    return await get_one(tx, query.with_for_update(of=quality_finding), NamedFinding, FindingNotFound(str(one)))


async def update_finding(tx: Transaction, given: Finding) -> None:
    """Write it as it is now."""
    told = {field.name: getattr(given, field.name) for field in fields(Finding)}
    await tx.execute(update(quality_finding).where(quality_finding.c.id == given.id).values(told))


async def list_counts(tx: Transaction, township: str | None) -> list[Count]:
    """The sums of the villages within reach, by township and village."""
    query = select(*columns_of(quality_figure, Count)).where(
        within(quality_figure, tx.reach), quality_figure.c.amount != 0
    )
    query = query if township is None else query.where(quality_figure.c.township == township)
    return read_rows(Count, await tx.execute(query.order_by(quality_figure.c.township, quality_figure.c.village)))


def _filtered(query: Select[Any], filters: FindingFilters) -> Select[Any]:
    query = query.where(quality_finding.c.state == filters.state)
    if filters.severity:
        query = query.where(among(quality_finding.c.rule, rule_set().of_severity(filters.severity)))
    wanted = {name: getattr(filters, name) for name in ("rule", "township", "village", "person")}
    return query.where(*(quality_finding.c[name] == value for name, value in wanted.items() if value is not None))


async def update_findings_followed(tx: Transaction, goes: UUID, stays: UUID) -> None:
    """Accepted findings of one are another's, where the other has none of the kind that was accepted."""
    await (await tx.raw()).execute(_YIELD, goes, stays)
    await (await tx.raw()).execute(_FOLLOW, goes, stays)


_YIELD = """
DELETE FROM quality_finding known USING quality_finding theirs
WHERE known.person = $2 AND known.state = 'open' AND theirs.person = $1 AND theirs.state = 'accepted'
AND (theirs.rule, theirs.field) = (known.rule, known.field)
"""
_FOLLOW = """
UPDATE quality_finding theirs SET person = $2, version = version + 1
WHERE theirs.person = $1 AND theirs.state = 'accepted' AND NOT EXISTS (
  SELECT FROM quality_finding known WHERE known.person = $2 AND (known.rule, known.field) = (theirs.rule, theirs.field)
)
"""
