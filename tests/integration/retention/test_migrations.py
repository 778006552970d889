"""The migrated schema is the one that the tables declare, and the way back leads to nothing."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from libs.common.database import migrate
from services.retention.app import SERVICE
from tests.support.nodes import Nodes


def differences(connection: Connection) -> list[object]:
    options = {"include_schemas": True, "include_name": lambda name, kind, _: kind != "schema" or name == "retention"}
    context = MigrationContext.configure(connection, opts=options | {"version_table_schema": "retention"})
    return list(compare_metadata(context, SERVICE.metadata))


async def test_migrations_lead_to_the_declared_tables(nodes: Nodes) -> None:
    office = await nodes.open(SERVICE, "n440300")
    # Away from the service's own search path, so that schemas are compared by name.
    engine = create_async_engine(office.database.url, connect_args={"server_settings": {"search_path": "public"}})
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_the_way_back_leads_to_an_empty_schema(nodes: Nodes) -> None:
    office = await nodes.open(SERVICE, "n440300")
    await migrate(office.database, SERVICE.migrations, SERVICE.metadata, lambda config: command.downgrade(config, "base"))
    async with office.database.reading() as tx:
        left = (await tx.execute(text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'retention'"))).scalars()
        assert set(left) == {"alembic_version"}
