"""What is known of people who were merged follows: for whom a row was recorded, and what one person was paid twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCHEMA = "retention"
_OF_PEOPLE = ("introduction", "service", "claim", "ledger", "help_request")
_ONCE = ["person", "policy", "period"]


def upgrade() -> None:
    op.create_table(
        "merged_people",
        sa.Column("merge", sa.Uuid, primary_key=True),
        sa.Column("goes", sa.Uuid, nullable=False),
        sa.Column("stays", sa.Uuid, nullable=False),
        sa.Column("undone", sa.Boolean, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_retention_merged_people_goes", "merged_people", ["goes"], schema=SCHEMA)
    op.create_index("ix_retention_merged_people_stays", "merged_people", ["stays"], schema=SCHEMA)
    for table in _OF_PEOPLE:
        op.add_column(table, sa.Column("recorded_for", sa.Uuid), schema=SCHEMA)
        op.create_index(f"ix_retention_{table}_recorded_for", table, ["recorded_for"], schema=SCHEMA)
    twice = sa.Column("paid_twice", sa.Boolean, nullable=False, server_default=sa.text("false"))
    op.add_column("ledger", twice, schema=SCHEMA)
    op.drop_constraint("ledger_once", "ledger", schema=SCHEMA)
    once = sa.text("NOT paid_twice")
    op.create_index("ledger_once", "ledger", _ONCE, unique=True, schema=SCHEMA, postgresql_where=once)


def downgrade() -> None:
    op.drop_index("ledger_once", "ledger", schema=SCHEMA)
    op.create_unique_constraint("ledger_once", "ledger", _ONCE, schema=SCHEMA)
    op.drop_column("ledger", "paid_twice", schema=SCHEMA)
    for table in _OF_PEOPLE:
        op.drop_column(table, "recorded_for", schema=SCHEMA)
    op.drop_table("merged_people", schema=SCHEMA)
