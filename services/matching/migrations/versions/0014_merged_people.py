"""Introductions follow people who were merged: for whom one was recorded, and a second yes of one person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SCHEMA = "matching"
_SIGNED = "state IN ('agreed', 'introduced', 'hired', 'started')"


def upgrade() -> None:
    op.create_table(
        "merged_people",
        sa.Column("merge", sa.Uuid, primary_key=True),
        sa.Column("goes", sa.Uuid, nullable=False),
        sa.Column("stays", sa.Uuid, nullable=False),
        sa.Column("undone", sa.Boolean, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_matching_merged_people_goes", "merged_people", ["goes"], schema=SCHEMA)
    op.create_index("ix_matching_merged_people_stays", "merged_people", ["stays"], schema=SCHEMA)
    op.add_column("introductions", sa.Column("recorded_for", sa.Uuid), schema=SCHEMA)
    op.create_index("ix_matching_introductions_recorded_for", "introductions", ["recorded_for"], schema=SCHEMA)
    second = sa.Column("second_yes", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("introductions", second, schema=SCHEMA)
    _one_yes(f"{_SIGNED} AND NOT second_yes")


def _one_yes(where: str) -> None:
    op.drop_index("introductions_one_yes", "introductions", schema=SCHEMA)
    op.create_index(
        "introductions_one_yes", "introductions", ["person"], unique=True, schema=SCHEMA, postgresql_where=sa.text(where)
    )


def downgrade() -> None:
    _one_yes(_SIGNED)
    op.drop_column("introductions", "second_yes", schema=SCHEMA)
    op.drop_column("introductions", "recorded_for", schema=SCHEMA)
    op.drop_table("merged_people", schema=SCHEMA)
