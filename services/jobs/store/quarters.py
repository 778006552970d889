"""Quarters of an agreement in the database: how each stands, what either side states, what both have signed, what was settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import find_one, get_one
from services.jobs.rules.agreements import Agreement
from services.jobs.rules.progress import Signed
from services.jobs.rules.quarters import Entry, Quarter, QuarterState, Settlement, Side, last_day
from services.jobs.rules.refusals import QuarterNotFound
from services.jobs.tables import quarter_entries, quarters, settlements, signed_figures

_COLUMNS = columns_of(quarters, Quarter)
# What both have signed of a county so far: entries that counted and have not been taken back.
_LEDGER = """
SELECT e.kind, e.reference, e.day, e.employer_uscc FROM quarter_entries e JOIN quarters q ON q.id = e.row
WHERE q.agreement = :agreement AND q.county = :county AND q.state = 'signed' AND e.side = 'city'
GROUP BY 1, 2, 3, 4 HAVING sum(e.by) > 0
"""
_SINCE = text(f"""
WITH signed AS ({_LEDGER}), live AS (
  SELECT kind, reference, day, employer_uscc FROM counted
  WHERE agreement = :agreement AND kind <> 'firms' AND county IN (:county, '') AND day <= :until)
SELECT fresh.*, 1 AS by FROM (SELECT * FROM live EXCEPT SELECT * FROM signed) AS fresh
UNION ALL SELECT gone.*, -1 AS by FROM (SELECT * FROM signed EXCEPT SELECT * FROM live) AS gone
ORDER BY kind, reference, day
""")
_SIGNED = text(f"""
WITH signed AS ({_LEDGER})
SELECT CAST(:county AS text) AS county, kind, extract(year FROM day)::int AS year, count(*)::int AS signed FROM signed GROUP BY 2, 3 ORDER BY 2, 3
""")


async def list_entries_since(tx: Transaction, agreement: Agreement, county: str, quarter: str) -> list[Entry]:
    """What this node counts for a county through the end of a quarter that both have not signed yet, and what it counts no more."""
    given = {"agreement": agreement.id, "county": county, "until": last_day(quarter)}
    return read_rows(Entry, await tx.execute(_SINCE, given))


async def list_signed_by_year(tx: Transaction, agreement: UUID, county: str) -> list[Signed]:
    """The sums of what both have signed for a county, at a node that holds the lists."""
    return read_rows(Signed, await tx.execute(_SIGNED, {"agreement": agreement, "county": county}))


async def upsert_quarter(tx: Transaction, given: Quarter) -> Quarter:
    """As it stands now, its version counted up."""
    facts = {name: value for name, value in vars(given).items() if name != "version"}
    put = insert(quarters).values(facts)
    kept = put.on_conflict_do_update(
        index_elements=["agreement", "county", "quarter"],
        set_={name: value for name, value in facts.items() if name != "id"} | {"version": quarters.c.version + 1},
    )
    return read_rows(Quarter, await tx.execute(kept.returning(*_COLUMNS)))[0]


async def get_quarter(tx: Transaction, one: UUID) -> Quarter:
    """One; raises QuarterNotFound."""
    return await get_one(tx, select(*_COLUMNS).where(quarters.c.id == one), Quarter, QuarterNotFound())


async def lock_quarter(tx: Transaction, one: UUID) -> Quarter:
    """The same, held until the end of the transaction."""
    query = select(*_COLUMNS).where(quarters.c.id == one).with_for_update()
    return await get_one(tx, query, Quarter, QuarterNotFound())


async def find_quarter_locked(tx: Transaction, agreement: UUID, county: str, quarter: str) -> Quarter | None:
    mine = quarters.c.agreement == agreement, quarters.c.county == county, quarters.c.quarter == quarter
    return await find_one(tx, select(*_COLUMNS).where(*mine).with_for_update(), Quarter)


async def list_signed_quarters(tx: Transaction, agreement: UUID, county: str) -> Sequence[str]:
    mine = quarters.c.agreement == agreement, quarters.c.county == county, quarters.c.state == "signed"
    return (await tx.execute(select(quarters.c.quarter).where(*mine))).scalars().all()


async def list_quarters(
    tx: Transaction, *, agreement: UUID | None, state: QuarterState | None, after: UUID | None, limit: int
) -> list[Quarter]:
    """One more than the page holds, in the order in which they were stated."""
    wanted: list[ColumnElement[bool]] = []
    wanted += [quarters.c.agreement == agreement] if agreement else []
    wanted += [quarters.c.state == state] if state else []
    wanted += [quarters.c.id > after] if after else []
    query = select(*_COLUMNS).where(*wanted).order_by(quarters.c.id).limit(limit + 1)
    return read_rows(Quarter, await tx.execute(query))


async def upsert_entries(tx: Transaction, one: Quarter, side: Side, entries: Iterable[Entry]) -> None:
    """What a side states, in place of what it stated before."""
    await tx.execute(delete(quarter_entries).where(quarter_entries.c.row == one.id, quarter_entries.c.side == side))
    rows = [{"row": one.id, "side": side, "home": tx.node.code, **vars(each)} for each in entries]
    if rows:
        await tx.execute(insert(quarter_entries), rows)


async def list_entries(tx: Transaction, one: UUID, side: Side) -> list[Entry]:
    """What a side has stated, for whoever may see the node's lists."""
    mine = quarter_entries.c.row == one, quarter_entries.c.side == side, within(quarter_entries, tx.reach)
    names = columns_of(quarter_entries, Entry)
    order = (quarter_entries.c.kind, quarter_entries.c.reference, quarter_entries.c.day)
    return read_rows(Entry, await tx.execute(select(*names).where(*mine).order_by(*order)))


async def upsert_signed(tx: Transaction, agreement: UUID, figures: Iterable[Signed]) -> None:
    """What the latest closing says of a county."""
    rows = [{"agreement": agreement, "home": tx.node.code, **vars(each)} for each in figures]
    if rows:
        put = insert(signed_figures)
        keys = ["agreement", "county", "kind", "year"]
        await tx.execute(put.on_conflict_do_update(index_elements=keys, set_={"signed": put.excluded.signed}), rows)


async def list_signed(tx: Transaction, agreement: UUID) -> list[Signed]:
    """Of every county whose quarters were closed."""
    mine = signed_figures.c.agreement == agreement, within(signed_figures, tx.reach)
    return read_rows(Signed, await tx.execute(select(*columns_of(signed_figures, Signed)).where(*mine)))


async def upsert_settlement(tx: Transaction, given: Settlement) -> None:
    facts = {**vars(given), "home": tx.node.code}
    keys = ["agreement", "county", "quarter", "side", "kind", "reference"]
    await tx.execute(insert(settlements).values(facts).on_conflict_do_update(index_elements=keys, set_=facts))


async def list_settlements(tx: Transaction, one: Quarter) -> list[Settlement]:
    """Of one quarter, both sides'."""
    mine = [settlements.c[name] == getattr(one, name) for name in ("agreement", "county", "quarter")]
    names = columns_of(settlements, Settlement)
    query = (
        select(*names).where(*mine, within(settlements, tx.reach)).order_by(settlements.c.on, settlements.c.reference)
    )
    return read_rows(Settlement, await tx.execute(query))


async def update_included(tx: Transaction, agreement: UUID, kind: str, reference: UUID) -> None:
    """What was left out counts again."""
    mine = settlements.c.agreement == agreement, settlements.c.kind == kind, settlements.c.reference == reference
    await tx.execute(settlements.update().where(*mine).values(excluded=False))
