"""Two people become one, and two again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def _names(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, sa.ARRAY(sa.Text), nullable=False, server_default="{}")


def upgrade() -> None:
    op.add_column("person", sa.Column("merged_into", sa.Uuid), schema=SCHEMA)
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("person_merged", "person", ["merged_into"], schema=SCHEMA, postgresql_where=merged)
    op.create_table(
        "merge",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("goes", sa.Uuid, nullable=False),
        sa.Column("stays", sa.Uuid, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        _names("taken"),
        sa.Column("before_sealed", sa.LargeBinary, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("merged_by", sa.Text, nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("undone_by", sa.Text),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_reason", sa.Text),
        _names("later"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )
    op.create_index("ix_registry_merge_goes", "merge", ["goes"], schema=SCHEMA)
    op.create_index("ix_registry_merge_stays", "merge", ["stays"], schema=SCHEMA)
    op.create_table(
        "merge_row",
        sa.Column("merge", sa.Uuid, primary_key=True),
        sa.Column("table", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("stays", JSONB),
        sa.Column("goes", JSONB),
        sa.Column("after", JSONB),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("merge_row", schema=SCHEMA)
    op.drop_table("merge", schema=SCHEMA)
    op.drop_index("person_merged", "person", schema=SCHEMA)
    op.drop_column("person", "merged_into", schema=SCHEMA)
