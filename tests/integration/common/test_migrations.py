"""Each service's migrated schema is the one that its tables declare, and the way back leaves nothing of ours."""

from __future__ import annotations

import importlib

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.postgres import SERVICES
from libs.common.migrations import migrate
from libs.common.service import Service, ServiceContext
from tests.support.nodes import Nodes


@pytest.fixture(params=SERVICES)
async def context(request: pytest.FixtureRequest, nodes: Nodes) -> ServiceContext:
    service: Service = importlib.import_module(f"services.{request.param}.app").SERVICE
    return await nodes.open(service, "n440300")


def differences(connection: Connection, service: Service) -> list[object]:
    options = {"include_schemas": True, "include_name": lambda name, kind, _: kind != "schema" or name == service.name}
    context = MigrationContext.configure(connection, opts=options | {"version_table_schema": service.name})
    return list(compare_metadata(context, service.metadata))


async def test_migrations_lead_to_the_declared_tables(context: ServiceContext) -> None:
    # Away from the service's own search path, so that schemas are compared by name.
    engine = create_async_engine(context.database.url, connect_args={"server_settings": {"search_path": "public"}})
    async with engine.connect() as connection:
        assert await connection.run_sync(differences, context.service) == []
    await engine.dispose()


async def test_the_way_back_leaves_no_table(context: ServiceContext) -> None:
    service = context.service
    await migrate(
        context.database, service.migrations, service.metadata, lambda config: command.downgrade(config, "base")
    )
    async with context.database.reading() as tx:
        left = (
            (await tx.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = :name"), {"name": service.name}))
            .scalars()
            .all()
        )
    assert left == ["alembic_version"]


# The set of plumbing as it was before dead letters, and before the journal was kept for a time.
_FORMER = """
DROP TABLE dead_letter; DROP INDEX parked_open; CREATE INDEX parked_key ON parked (source, topic, key);
ALTER TABLE parked ALTER data TYPE jsonb USING data::jsonb, DROP ended, DROP ended_at, DROP ended_by, DROP ended_because;
ALTER TABLE journal DROP signature, DROP keyid, ALTER position DROP IDENTITY;
DROP TABLE journal_floor; DROP INDEX inbox_handled; DROP INDEX idempotency_created;
INSERT INTO journal (position, id, topic, partition, key, type, data, sequence) VALUES (41, gen_random_uuid(), 't', 0, 'k', 't.v1', '{}', 1);
INSERT INTO parked (id, topic, partition, key, type, data, source, sequence, error) VALUES (gen_random_uuid(), 't', 0, 'k', 't.v1', '{"a": 1}', '/n/s', 1, 'E')
"""


_ANNOUNCED = """
INSERT INTO journal (id, topic, partition, key, type, data, sequence) VALUES (gen_random_uuid(), 't', 0, 'k', 't.v1', '{}', 2) RETURNING position
"""


@pytest.mark.parametrize("name", ["dead_letters", "journal_kept_for_a_time"])
async def test_an_older_set_of_plumbing_ends_up_like_a_fresh_one(context: ServiceContext, name: str) -> None:
    service = context.service
    (renewal,) = (int(path.name[:4]) for path in service.migrations.glob(f"versions/*_{name}.py"))
    async with context.database.as_owner() as connection:
        await (await connection.get_raw_connection()).driver_connection.execute(_FORMER)  # type: ignore[union-attr]

    def renew(config: Config) -> None:
        command.stamp(config, f"{renewal - 1:04}", purge=True)
        command.upgrade(config, f"{renewal:04}")
        command.stamp(config, "head")

    await migrate(context.database, service.migrations, service.metadata, renew)
    engine = create_async_engine(context.database.url, connect_args={"server_settings": {"search_path": "public"}})
    async with engine.connect() as connection:
        assert await connection.run_sync(differences, service) == []
    await engine.dispose()
    async with context.database.reading() as tx:
        assert (await tx.execute(text("SELECT data, ended_at FROM parked"))).all() == [('{"a": 1}', None)]
    async with context.database.transaction() as tx:
        assert (await tx.execute(text(_ANNOUNCED))).scalar_one() == 42
