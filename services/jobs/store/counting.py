"""The list that an agreement counts and its figures in the database: moved by the difference between what counts and what stands there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from services.jobs.rules.agreements import Agreement
from services.jobs.rules.counting import Counted, CountedWanted, Moved, TallyKey
from services.jobs.rules.progress import Tally
from services.jobs.tables import counted, tallies

_COUNTED = columns_of(counted, Counted)
_FACTS = "kind, county, subject, reference, day, employer_uscc"
# Whoever started twice counts once, by the earlier day; what was settled not to count does not.
# Of some subjects, by the index, or of all; one statement for both would read everything for a single start.
_HAPPENED = """
SELECT DISTINCT ON (kind, same_as) kind, county, same_as::text AS subject, reference, day, employer_uscc FROM occurrences o
WHERE {whose} AND day BETWEEN :since AND :until
AND city = :city AND (county = '' OR county = ANY(CAST(:counties AS text[])))
AND NOT EXISTS (
  SELECT FROM settlements s WHERE s.agreement = :agreement AND s.excluded AND (s.kind, s.reference) = (o.kind, o.reference))
ORDER BY kind, same_as, day, id
"""
# A firm counts from the day on which it first took somebody in: for each county, and ('') over all of them.
_FIRMS = """
SELECT 'firms' AS kind, part.county, firm.uscc AS subject, first.reference, first.day, firm.uscc AS employer_uscc
FROM unnest(CAST(:firms AS text[])) AS firm (uscc) CROSS JOIN unnest(CAST(:counties AS text[]) || ''::text) AS part (county)
CROSS JOIN LATERAL (
  SELECT reference, day FROM counted p WHERE p.agreement = :agreement AND p.kind = 'posts' AND p.employer_uscc = firm.uscc
  AND (part.county = '' OR p.county = part.county) ORDER BY p.day, p.reference LIMIT 1
) AS first
"""
_OF_SOME = _HAPPENED.format(whose="same_as = ANY(CAST(:subjects AS uuid[]))")
_OF_ALL = _HAPPENED.format(whose="true")
_SOME_NOW = "c.kind <> 'firms' AND c.subject = ANY(CAST(:subjects AS uuid[])::text[])"
_ALL_NOW = "c.kind <> 'firms'"
_FIRMS_NOW = "c.kind = 'firms' AND c.subject = ANY(CAST(:firms AS text[]))"
_GONE = """
WITH wanted AS ({wanted}), gone AS (
  DELETE FROM counted c WHERE c.agreement = :agreement AND {now} AND NOT EXISTS (
    SELECT FROM wanted w WHERE (w.kind, w.county, w.subject, w.reference, w.day, w.employer_uscc)
    = (c.kind, c.county, c.subject, c.reference, c.day, c.employer_uscc))
  RETURNING *)
SELECT kind, county, employer_uscc, date_trunc('month', day)::date AS month, -count(*) AS by FROM gone GROUP BY 1, 2, 3, 4
"""
_COME = f"""
WITH wanted AS ({{wanted}}), come AS (
  INSERT INTO counted (agreement, home, {_FACTS}) SELECT :agreement, :home, {_FACTS} FROM wanted
  ON CONFLICT DO NOTHING RETURNING *)
SELECT kind, county, employer_uscc, date_trunc('month', day)::date AS month, count(*) AS by FROM come GROUP BY 1, 2, 3, 4
"""
_STEPS = {
    "some": [text(_GONE.format(wanted=_OF_SOME, now=_SOME_NOW)), text(_COME.format(wanted=_OF_SOME))],
    "all": [text(_GONE.format(wanted=_OF_ALL, now=_ALL_NOW)), text(_COME.format(wanted=_OF_ALL))],
    "firms": [text(_GONE.format(wanted=_FIRMS, now=_FIRMS_NOW)), text(_COME.format(wanted=_FIRMS))],
}


async def update_counted(tx: Transaction, of: Agreement, subjects: Collection[UUID] | None) -> list[Moved]:
    """The list as it should be for these subjects (None: for all); answers what has moved. The agreement is held."""
    what, days = "all" if subjects is None else "some", {"since": of.since, "until": of.until}
    return await _settle(tx, what, of, city=of.destination, subjects=subjects, **days)


async def update_firms(tx: Transaction, of: Agreement, firms: Collection[str]) -> list[Moved]:
    """The same for firms, when the list of posts stands."""
    return await _settle(tx, "firms", of, firms=list(firms)) if firms else []


async def _settle(tx: Transaction, what: str, of: Agreement, **more: object) -> list[Moved]:
    given = {"agreement": of.id, "home": tx.node.code, "counties": list(of.counties), **more}
    if more.get("subjects") is not None:
        given["subjects"] = list(more["subjects"])  # type: ignore[call-overload]
    moved: list[Moved] = []
    for statement in _STEPS[what]:
        known = {name: value for name, value in given.items() if f":{name}" in statement.text}
        moved += read_rows(Moved, await tx.execute(statement, known))
    return moved


async def upsert_tallies(tx: Transaction, agreement: UUID, moved: Mapping[TallyKey, int]) -> None:
    """By so many more or fewer, each held until the end of the transaction."""
    if not moved:
        return
    names = ("kind", "employer_uscc", "county", "month")
    rows = [
        dict(zip(names, key, strict=True)) | {"agreement": agreement, "home": tx.node.code, "reached": by}
        for key, by in moved.items()
    ]
    put = insert(tallies)
    more = {"reached": tallies.c.reached + put.excluded.reached}
    await tx.execute(put.on_conflict_do_update(index_elements=["agreement", *names], set_=more), rows)


async def list_tallies(tx: Transaction, agreement: UUID, *, until: date, firms: Iterable[str] = ()) -> list[Tally]:
    """By month, of the whole and the counties, and of these firms: as many rows as there are months, however many are counted."""
    mine = tallies.c.agreement == agreement, tallies.c.month <= until, within(tallies, tx.reach)
    of_firms = tallies.c.employer_uscc.in_(["", *firms])
    return read_rows(Tally, await tx.execute(select(*columns_of(tallies, Tally)).where(*mine, of_firms)))


async def list_counted(
    tx: Transaction, agreement: UUID, wanted: CountedWanted, *, after: UUID | None, limit: int
) -> list[Counted]:
    """One more than the page holds, in the order of the introductions (fairs, firms' first introductions) that count."""
    found: list[ColumnElement[bool]] = [counted.c.agreement == agreement, counted.c.kind == wanted.kind]
    if wanted.county is not None or wanted.kind == "firms":
        found.append(counted.c.county == (wanted.county or ""))
    if wanted.year is not None:
        found.append(counted.c.day.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.employer_uscc is not None:
        found.append(counted.c.employer_uscc == wanted.employer_uscc)
    if after is not None:
        found.append(counted.c.reference > after)
    query = select(*_COUNTED).where(*found, within(counted, tx.reach)).order_by(counted.c.reference)
    return read_rows(Counted, await tx.execute(query.limit(limit + 1)))
