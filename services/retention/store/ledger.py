"""The ledger (台账) in the database, as it is read and settled; what is entered stands with the claims."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.retention.rules.ledger import Entry, EntryUnknown
from services.retention.tables import ledger

_COLUMNS = columns_of(ledger, Entry)


async def list_entries(
    tx: Transaction, after: UUID | None, limit: int, *, person: UUID | None, to_settle: bool
) -> list[Entry]:
    """By id; of one person, or those second payments that nobody has settled."""
    query = select(*_COLUMNS).where(within(ledger, tx.reach)).order_by(ledger.c.id).limit(limit)
    if after is not None:
        query = query.where(ledger.c.id > after)
    if person is not None:
        query = query.where(ledger.c.person == person)
    if to_settle:
        query = query.where(ledger.c.paid_twice, ledger.c.settled_as.is_(None))
    return read_rows(Entry, await tx.execute(query))


async def lock_entry(tx: Transaction, id: UUID) -> Entry:
    query = select(*_COLUMNS).where(ledger.c.id == id, within(ledger, tx.reach)).with_for_update(of=ledger)
    return await get_one(tx, query, Entry, EntryUnknown(str(id)))


async def update_entry_settled(tx: Transaction, entry: Entry) -> None:
    said = {name: getattr(entry, name) for name in ("settled_as", "settled_by", "settled_on")}
    await tx.execute(update(ledger).where(ledger.c.id == entry.id).values(said))
