"""What was written of a person (变更记录) in the database: changed fields, the row that brought the person in, wishes of sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Select,
    Text,
    Uuid,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.database import Transaction, among
from libs.common.row_mapping import read_rows
from services.registry.rules.history import KeptChange
from services.registry.tables import batch, change, person, visit, wish

_NOTHING: dict[str, ColumnElement[Any]] = {
    "at": cast(null(), DateTime(timezone=True)),
    "before_sealed": cast(null(), LargeBinary),
    "after_sealed": cast(null(), LargeBinary),
    "facts": cast(null(), JSONB),
    "reason": cast(null(), Text),
    "on": cast(null(), Date),
    "source": literal("file", Text),
}


async def list_history(
    tx: Transaction, everybody: Sequence[UUID], *, before: UUID | None, limit: int
) -> list[KeptChange]:
    """Everything that was written of a person by all ids that they have had, the newest first; ids are in the order of writing."""
    parts = [
        _limited(query, key, before, limit)
        for query, key in (each(everybody) for each in (_changes, _entered, _wishes, _visits))
    ]
    whole = union_all(*(select(part.subquery()) for part in parts)).subquery()
    query = select(whole).order_by(whole.c.id.desc()).limit(limit)
    return read_rows(KeptChange, await tx.execute(query))


def _limited(query: Select[Any], key: ColumnElement[Any], before: UUID | None, limit: int) -> Select[Any]:
    older = query if before is None else query.where(key < before)
    return older.order_by(key.desc()).limit(limit)


def _changes(everybody: Sequence[UUID]) -> tuple[Select[Any], ColumnElement[Any]]:
    told = _columns(
        id=change.c.id,
        at=change.c.at,
        on=change.c.on,
        who=change.c.changed_by,
        source=change.c.source,
        batch=change.c.batch,
        row=change.c.batch_row,
        field=change.c.field,
        before_sealed=change.c.before_sealed,
        after_sealed=change.c.after_sealed,
        reason=change.c.reason,
    )
    return select(*told).where(among(change.c.person, everybody)), change.c.id


def _entered(everybody: Sequence[UUID]) -> tuple[Select[Any], ColumnElement[Any]]:
    """Of whom a file brought in; whoever came by a form has a change that says so."""
    told = _columns(
        id=person.c.id,
        on=batch.c.as_of,
        who=batch.c.imported_by,
        batch=person.c.batch,
        row=person.c.batch_row,
        field=literal("entered", Text),
    )
    return select(*told).join(batch, batch.c.id == person.c.batch).where(among(person.c.id, everybody)), person.c.id


def _wishes(everybody: Sequence[UUID]) -> tuple[Select[Any], ColumnElement[Any]]:
    """Those that sheets brought."""
    told = _columns(
        id=wish.c.id,
        on=wish.c.visited,
        who=batch.c.imported_by,
        batch=wish.c.batch,
        row=wish.c.batch_row,
        field=literal("wish", Text),
        facts=wish.c.facts,
    )
    return select(*told).join(batch, batch.c.id == wish.c.batch).where(among(wish.c.person, everybody)), wish.c.id


def _visits(everybody: Sequence[UUID]) -> tuple[Select[Any], ColumnElement[Any]]:
    """With what was said then."""
    said = func.jsonb_build_object("found", visit.c.found, "wish", visit.c.wish, "next_visit", visit.c.next_visit)
    told = _columns(
        id=visit.c.id,
        at=visit.c.at,
        on=visit.c.visited,
        who=visit.c.visited_by,
        source=visit.c.source,
        batch=cast(null(), Uuid),
        row=cast(null(), Integer),
        field=literal("visit", Text),
        facts=type_coerce(said, JSONB),
    )
    return select(*told).where(among(visit.c.person, everybody)), visit.c.id


def _columns(**said: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """All columns of a kept change in one order, those that a part does not know empty."""
    names = KeptChange.__dataclass_fields__
    return [(said[name] if name in said else _NOTHING[name]).label(name) for name in names]
