"""Whose a row is (行归属): said once beside each table; the stores' conditions and the database's policies both follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Table,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import False_, True_

from libs.common.access.reach import Kind, Reach

_KEY = "rows"


@dataclass(frozen=True)
class Rows:
    """The columns that say whose a row is. What a table does not say itself, the rows that it belongs to say (`through`)."""

    regions: tuple[str, ...] = ()
    county: str | None = None
    township: str | None = None
    village: str | None = None
    organisation: str | None = None
    person: str | None = None
    through: tuple[tuple[str, Column[Any]], ...] = ()
    # Why a table needs no policy: it holds no person and nothing of one organisation alone.
    published: str = ""
    # Rows that everybody may read who gets in at all.
    published_when: ColumnElement[bool] | None = None
    # Kinds of reach that see every row, besides the node's own: rows about what officials do.
    also: tuple[Kind, ...] = ()
    # Rows come in with whatever is done, in the same statement or before a reach is known; reading them is what is guarded.
    written_freely: bool = False


def belongs(table: Table, **said: Any) -> None:
    """Say whose the rows of a table are: division columns, township, village, organisation, person, or through other rows."""
    assign(table, Rows(**said))


def assign(table: Table, rows: Rows) -> None:
    """The same with what was said already."""
    table.info[_KEY] = rows


def rows_of(table: Table) -> Rows | None:
    """What was said of a table; None: nothing, so nobody but the node itself sees its rows."""
    found: Rows | None = table.info.get(_KEY)
    return found


def within(table: Table, reach: Reach) -> ColumnElement[bool]:
    """The rows of a table that a reach takes in, as a condition of a query: the first of two layers."""
    return condition(table, reach.kind, literal(list(reach.whose), ARRAY(Text)))


def within_kind(table: Table, kind: Kind) -> ColumnElement[bool]:
    """The same for a statement that is made once for each kind of reach: whose rows is its parameter `whose`."""
    return condition(table, kind, bindparam("whose", type_=ARRAY(Text)))


def condition(table: Table, kind: Kind, whose: ColumnElement[Any], *, policies: bool = False) -> ColumnElement[bool]:
    """The rows that a kind of reach takes in. Columns of the table itself come before those of rows that it belongs to.

    With `policies` the database narrows those other rows by themselves, and nothing is said of them twice: policies within
    policies multiply, to plans of ten megabytes for a row of a row of a row.
    """
    rows = rows_of(table)
    if kind == "service":
        return true()
    if rows is None or kind == "nothing":
        return false()
    own = _by_own_columns(table, rows, kind, whose)
    if own is None and rows.through:
        own = or_(false(), *(_through(table, name, parent, kind, whose, policies) for name, parent in rows.through))
    if own is None:
        own = (
            true() if kind in ("node", "counts", *rows.also) or (rows.published and kind != "organisation") else false()
        )
    return own if rows.published_when is None else or_(own, rows.published_when)


def _by_own_columns(table: Table, rows: Rows, kind: Kind, whose: ColumnElement[Any]) -> ColumnElement[bool] | None:
    if kind in ("node", "counts") and rows.regions:
        return _start([table.c[name] for name in rows.regions], whose)
    if kind == "county" and rows.county:
        return _start([table.c[rows.county]], whose)
    if kind == "organisation" and rows.organisation:
        return table.c[rows.organisation] == any_(whose)
    if kind == "self" and rows.person:
        return table.c[rows.person] == any_(cast(whose, ARRAY(Uuid)))
    if kind == "townships" and rows.township:
        return _in_township(table, rows, whose)
    return None


def _start(columns: Sequence[Column[Any]], prefixes: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a division lies in one of the divisions given by prefix: provinces, prefectures and counties have 2, 4 and 6 digits."""
    overlaps: ColumnElement[bool] = array(
        [func.left(column, digits) for column in columns for digits in (2, 4, 6)]
    ).overlap(prefixes)
    return overlaps


def _in_township(table: Table, rows: Rows, whose: ColumnElement[Any]) -> ColumnElement[bool]:
    township = table.c[rows.township or ""]
    if rows.village is None:
        return township == any_(whose)
    return or_(township == any_(whose), township + literal("/", Text) + table.c[rows.village] == any_(whose))


def _through(
    table: Table, name: str, parent: Column[Any], kind: Kind, whose: ColumnElement[Any], policies: bool
) -> ColumnElement[bool]:
    """Seen when the row that it belongs to is seen."""
    above = parent.table
    assert isinstance(above, Table)
    rows = rows_of(above) or Rows()
    if rows.published:  # that everybody may see a vacancy says nothing of who was introduced to it
        named = _by_own_columns(above, rows, kind, whose)
        seen = false() if named is None else named
    else:
        seen = condition(above, kind, whose)
    if isinstance(seen, False_ | True_):
        return seen
    # By name, for in a policy there is no query around it whose table it could be.
    outer = literal_column(f"{table.schema}.{table.name}.{name}", table.c[name].type)
    narrowed = () if policies and not rows.published else (seen,)
    return exists(select(literal_column("1")).select_from(above).where(parent == outer, *narrowed))
