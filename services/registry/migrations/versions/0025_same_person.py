"""Who is perhaps the same person; keys of those who are here are made by the worker, for a migration has none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def upgrade() -> None:
    alike: sa.Column[list[int]] = sa.Column("alike", ARRAY(sa.BigInteger), nullable=False, server_default="{}")
    op.add_column("search_index", alike, schema=SCHEMA)
    op.create_index("search_index_alike", "search_index", ["alike"], schema=SCHEMA, postgresql_using="gin")
    op.execute("UPDATE registry.search_index SET filled = false")
    op.create_table(
        "same_person",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("one", sa.Uuid, nullable=False),
        sa.Column("other", sa.Uuid, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("batch", sa.Uuid),
        sa.Column("found_by", sa.Text, nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text),
        sa.Column("merge", sa.Uuid),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.UniqueConstraint("one", "other"),
        schema=SCHEMA,
    )
    op.create_index("ix_registry_same_person_other", "same_person", ["other"], schema=SCHEMA)
    op.create_index("same_person_state", "same_person", ["state", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("same_person", schema=SCHEMA)
    op.drop_index("search_index_alike", "search_index", schema=SCHEMA)
    op.drop_column("search_index", "alike", schema=SCHEMA)
