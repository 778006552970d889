"""The migrated schema is the one that the tables declare."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from services.matching.app import SERVICE
from tests.support.nodes import Nodes


def differences(connection: Connection) -> list[object]:
    options = {"include_schemas": True, "include_name": lambda name, kind, _: kind != "schema" or name == "matching"}
    context = MigrationContext.configure(connection, opts=options | {"version_table_schema": "matching"})
    return list(compare_metadata(context, SERVICE.metadata))


async def test_migrations_lead_to_the_declared_tables(nodes: Nodes) -> None:
    office = await nodes.open(SERVICE, "n440300")
    # Away from the service's own search path, so that schemas are compared by name.
    engine = create_async_engine(office.database.url, connect_args={"server_settings": {"search_path": "public"}})
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()
