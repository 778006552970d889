"""The second layer holds alone: with plain SQL under the services' own roles, a reach sees its rows and no others, and none sees none."""

from __future__ import annotations

import importlib
import itertools
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Uuid,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from deploy.local.postgres import SERVICES
from libs.common.access.reach import NOTHING, SERVICE, Kind, Reach
from libs.common.access.row_security import is_guarded
from libs.common.access.rows import Rows, rows_of
from libs.common.prepared_queries import PreparedQuery
from libs.common.service import Service, ServiceContext
from tests.support.nodes import Nodes

# Whose the two rows of every table are: for each kind of reach, the own one's value and the neighbour's.
OWN, NEIGHBOUR = 0, 1
NUMBERS = itertools.count(1)
WHOSE: dict[Kind, tuple[str, str]] = {
    "node": ("433124", "433126"),
    "counts": ("433124", "433126"),
    "county": ("433124", "433126"),
    "townships": ("花垣镇", "边城镇"),
    "organisation": ("91440300MA5D8C1X2T", "91440300MA5EQ2WX7B"),
    "self": (str(uuid4()), str(uuid4())),
}


def service_of(name: str) -> Service:
    found: Service = importlib.import_module(f"services.{name}.app").SERVICE
    return found


def guarded(metadata: MetaData) -> list[Table]:
    return [table for table in metadata.sorted_tables if is_guarded(table)]


@pytest.mark.parametrize("name", SERVICES)
def test_every_table_says_whose_its_rows_are(name: str) -> None:
    assert [table.name for table in service_of(name).metadata.sorted_tables if rows_of(table) is None] == []


def value_of(column: Column[Any]) -> Any:
    """Something that a column takes, another one each time."""
    number = next(NUMBERS)
    kinds: list[tuple[type, Any]] = [
        (Uuid, uuid4()),
        (Boolean, False),
        (SmallInteger, number),
        (Integer, number),
        (DateTime, datetime(2017, 1, 1, tzinfo=UTC)),
        (Date, date(2017, 1, 1)),
        (LargeBinary, uuid4().bytes),
        (JSONB, {}),
        (ARRAY, []),
    ]
    return next((value for kind, value in kinds if isinstance(column.type, kind)), uuid4().hex)


def owned_by(rows: Rows, side: int) -> dict[str, Any]:
    """The columns that say whose a row is, filled for one side."""
    division, township = WHOSE["node"][side], WHOSE["townships"][side]
    said: dict[str, Any] = dict.fromkeys(rows.regions, division)
    named = {
        rows.county: division,
        rows.township: township,
        rows.village: "村",
        rows.organisation: WHOSE["organisation"][side],
    }
    return (
        said
        | {name: value for name, value in named.items() if name}
        | ({rows.person: UUID(WHOSE["self"][side])} if rows.person else {})
    )


async def plant(context: ServiceContext) -> None:
    """Two rows in every table, one on each side, the later ones belonging to the earlier ones of their side."""
    made: dict[tuple[str, int], dict[str, Any]] = {}
    await turn_triggers(context, "DISABLE")
    async with context.database.transaction() as tx:
        for table in guarded(context.service.metadata) + [
            each for each in context.service.metadata.sorted_tables if _is_parent(context, each)
        ]:
            for side in (OWN, NEIGHBOUR):
                if (table.name, side) not in made:
                    await _plant(tx, table, side, made)
    await turn_triggers(context, "ENABLE")


async def turn_triggers(context: ServiceContext, how: str) -> None:
    """Rows that a trigger adds are planted like all others, two a table."""
    async with context.database.as_owner() as owner:
        for table in context.service.metadata.sorted_tables:
            await owner.execute(text(f"ALTER TABLE {table.fullname} {how} TRIGGER USER"))


def _is_parent(context: ServiceContext, table: Table) -> bool:
    return any(
        parent.table is table
        for each in guarded(context.service.metadata)
        for _, parent in (rows_of(each) or Rows()).through
    )


async def _plant(tx: Any, table: Table, side: int, made: dict[tuple[str, int], dict[str, Any]]) -> dict[str, Any]:
    if (table.name, side) in made:
        return made[table.name, side]
    rows = rows_of(table) or Rows()
    given = {
        column.name: value_of(column)
        for column in table.columns
        if column.identity is None and not column.nullable and column.server_default is None
    }
    given |= {column.name: value_of(column) for column in table.primary_key if column.identity is None}
    given |= owned_by(rows, side)
    made[table.name, side] = given
    for column in table.columns:
        for foreign in column.foreign_keys:
            parent = foreign.column.table
            assert isinstance(parent, Table)
            given[column.name] = (await _plant(tx, parent, side, made))[foreign.column.name]
    for name, target in rows.through:
        above = target.table
        assert isinstance(above, Table)
        if rows_of(above) is not None and above is not table and name not in table.primary_key.columns:
            given[name] = (await _plant(tx, above, side, made)).get(target.name, given.get(name))
    await tx.execute(insert(table).values(**given))
    return given


@pytest.fixture
async def context(request: pytest.FixtureRequest, nodes: Nodes) -> ServiceContext:
    """A service's office with two rows in every table, one of its own side and one of the neighbour's."""
    opened = await nodes.open(service_of(getattr(request, "param", "registry")), "n433124")
    await plant(opened)
    return opened


every_service = pytest.mark.parametrize("context", SERVICES, indirect=True)


async def count(context: ServiceContext, table: Table, reach: Reach) -> int:
    """By a query without any condition: nothing but the database narrows it."""
    async with context.database.reading(lambda: reach) as tx:
        return int((await tx.execute(select(func.count()).select_from(table))).scalar_one())


@every_service
async def test_without_the_first_layer_the_second_one_holds(context: ServiceContext) -> None:
    """For every table: no reach, nothing; the node's own, both; a side's reach, that side's row where the row names a side."""
    wrong: list[tuple[str, str, list[int]]] = []
    for table in guarded(context.service.metadata):
        public = rows_of(table).published_when is not None  # type: ignore[union-attr]
        for reach, expected in [(NOTHING, 0), (Reach("any"), 0), (SERVICE, 2)]:
            found = [await count(context, table, reach)]
            wrong += [(table.name, reach.kind, found)] if found != [expected] else []
        for kind, sides in WHOSE.items():
            found = [await count(context, table, Reach(kind, (side,))) for side in sides]
            apart = _names_a_side(table, kind) or kind not in ("node", "counts")
            right = found == [1, 1] if _names_a_side(table, kind) else sum(found) <= 2
            officials = kind in rows_of(table).also  # type: ignore[union-attr]
            wrong += [(table.name, kind, found)] if apart and not right and not public and not officials else []
    assert not wrong


@every_service
async def test_a_cadre_reaches_no_further_than_the_townships_and_villages_that_the_token_names(
    context: ServiceContext,
) -> None:
    """A village is known to the register alone: elsewhere its cadre has no row, and never the township's."""
    (own, other), wrong = WHOSE["townships"], []
    for table in guarded(context.service.metadata):
        rows = rows_of(table) or Rows()
        if rows.published_when is not None or "townships" in rows.also:
            continue
        said = [
            Reach("townships", whose)
            for whose in ((own,), (f"{own}/村",), (f"{own}/别村",), ("别镇/村",), (own, f"{other}/别村"), ("村",))
        ]
        found = [await count(context, table, reach) for reach in said]
        township, village = (1 if _knows(table, "township") else 0), (1 if _knows(table, "village") else 0)
        most = [township, village, 0, 0, township, 0]
        right = (
            found == most if rows.township else all(seen <= allowed for seen, allowed in zip(found, most, strict=True))
        )
        wrong += [] if right else [(table.name, found)]
    assert not wrong


def _knows(table: Table, what: str) -> bool:
    """Whether a table says the township or the village of its rows, or the rows do that its rows belong to."""
    rows = rows_of(table) or Rows()
    if rows.township:
        return bool(getattr(rows, what))
    above = [parent.table for _, parent in rows.through]
    return any(_knows(each, what) for each in above if isinstance(each, Table) and each is not table)


def _names_a_side(table: Table, kind: Kind) -> bool:
    rows = rows_of(table) or Rows()
    own = {
        "node": rows.regions,
        "counts": rows.regions,
        "county": rows.county,
        "townships": rows.township,
        "organisation": rows.organisation,
        "self": rows.person,
    }[kind]
    return bool(own)


@pytest.mark.parametrize("context", ["jobs"], indirect=True)
async def test_a_row_of_another_region_cannot_be_written(context: ServiceContext) -> None:
    table = context.service.metadata.tables["jobs.vacancies"]
    with pytest.raises(DBAPIError, match="row-level security"):
        async with context.database.transaction(lambda: Reach("organisation", (WHOSE["organisation"][OWN],))) as tx:
            await _plant(tx, table, NEIGHBOUR, {("employers", NEIGHBOUR): {"id": None}})


async def test_a_reach_ends_with_its_transaction(context: ServiceContext) -> None:
    """The next one on the same connection has its own, or none."""
    table = context.service.metadata.tables["registry.person"]
    assert await count(context, table, SERVICE) == 2
    async with context.database._writers.connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(table))).scalar() == 0


@every_service
async def test_a_service_runs_as_a_role_that_owns_nothing_and_cannot_lift_a_policy(context: ServiceContext) -> None:
    name = context.service.name
    for statement in (
        f"ALTER TABLE {name}.journal DISABLE ROW LEVEL SECURITY",
        f"CREATE TABLE {name}.mine (n int)",
        f"TRUNCATE {name}.journal",
        f"SET ROLE {name}_owner",
        "SET ROLE postgres",
    ):
        with pytest.raises(DBAPIError, match=r"must be owner|permission denied"):
            async with context.database.transaction() as tx:
                await tx.execute(text(statement))


@every_service
async def test_every_guarded_table_has_its_policy_forced(context: ServiceContext) -> None:
    """A new table without one fails here."""
    asked = text(
        "SELECT relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
        "WHERE relnamespace = CAST(:name AS regnamespace) AND relrowsecurity AND relforcerowsecurity"
    )
    async with context.database.reading() as tx:
        found = set((await tx.execute(asked, {"name": context.service.name})).scalars())
    assert found == {table.name for table in guarded(context.service.metadata)}


async def test_readers_that_share_a_connection_see_their_own_rows_in_any_order(context: ServiceContext) -> None:
    """How far the one before reached stays with the connection, and never with the next one."""
    table = context.service.metadata.tables["registry.person"]
    reaches = [
        (SERVICE, 2),
        (NOTHING, 0),
        *((Reach(kind, (side,)), 1) for kind in ("townships", "self") for side in WHOSE[kind]),
    ]
    question = PreparedQuery(select(table.c.id))
    for (one, seen), (other, hidden) in itertools.product(reaches, repeat=2):
        for reach, expected in ((one, seen), (other, hidden)):
            assert await count(context, table, reach) == expected
            async with context.database.reading(lambda reach=reach: reach) as tx:
                assert len(await tx.ask(question)) == expected
    assert context.database._readers.sync_engine.pool.checkedin() == 1  # type: ignore[attr-defined]


async def test_who_reads_cannot_write(context: ServiceContext) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with context.database.reading() as tx:
            await tx.execute(text("DELETE FROM registry.journal"))
