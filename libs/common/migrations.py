"""A service's schema brought to its newest revision, and what every service's `migrations/env.py` runs for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text
from sqlalchemy.engine import Connection as SyncConnection
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.common.access import row_security
from libs.common.pools import Database


def run() -> None:
    """Called by Alembic through `env.py`; the connection, metadata and schema come from `migrate`."""
    attributes = context.config.attributes
    context.configure(
        connection=attributes["connection"],
        target_metadata=attributes["metadata"],
        version_table_schema=attributes["schema"],
        include_schemas=True,
        include_name=lambda name, kind, _: kind != "schema" or name == attributes["schema"],
    )
    with context.begin_transaction():
        context.run_migrations()


def _alembic(migrations: Path, schema: str, metadata: MetaData, connection: SyncConnection, division: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes.update(connection=connection, metadata=metadata, schema=schema, division=division)
    return config


async def migrate(
    database: Database, migrations: Path, metadata: MetaData, step: Callable[[Config], None] | None = None
) -> None:
    """Bring a service's schema to its newest revision; two migrations at once wait for each other."""
    go = step or (lambda config: command.upgrade(config, "head"))
    async with database.as_owner() as connection:
        await _wait_for_others(connection, database.schema)
        if step or not await connection.run_sync(
            lambda sync: _is_newest(_alembic(migrations, database.schema, metadata, sync, database.node.code))
        ):
            await connection.execute(text(row_security.lift(database.schema)))
            await connection.run_sync(
                lambda sync: go(_alembic(migrations, database.schema, metadata, sync, database.node.code))
            )
        if step is None:
            await _secure_rows(connection, metadata, database.schema)


async def _wait_for_others(connection: AsyncConnection, schema: str) -> None:
    """However long they take: nobody waits behind this lock but other migrations."""
    await connection.execute(text("SET LOCAL lock_timeout = 0"))
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:schema))"), {"schema": schema})
    await connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))


def _is_newest(config: Config) -> bool:
    attributes = config.attributes
    context = MigrationContext.configure(attributes["connection"], opts={"version_table_schema": attributes["schema"]})
    return set(context.get_current_heads()) == set(ScriptDirectory.from_config(config).get_heads())


async def _secure_rows(connection: AsyncConnection, metadata: MetaData, schema: str) -> None:
    """Policies and grants follow from the tables; they are written when they are others than at the last time."""
    sql = row_security.statements(metadata, schema)
    digest = row_security.digest_of(sql)
    kept = (
        await connection.execute(text("SELECT obj_description(CAST(:schema AS regnamespace))"), {"schema": schema})
    ).scalar()
    if kept != digest:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute(f"{sql}\nCOMMENT ON SCHEMA {schema} IS '{digest}'")
