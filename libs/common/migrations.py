"""What every service's `migrations/env.py` runs: its history against its own schema, on the connection handed over."""

from __future__ import annotations

from alembic import context


def run() -> None:
    """Called by Alembic through `env.py`; the connection, metadata and schema come from `libs.common.database.migrate`."""
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
