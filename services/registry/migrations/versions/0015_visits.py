"""Visits: who was there on which day, what was found, and when to come again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, sa.ForeignKey("registry.person.id"), nullable=False),
        sa.Column("visited", sa.Date, nullable=False),
        sa.Column("visited_by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("wish", JSONB),
        sa.Column("next_visit", sa.Date),
        schema=SCHEMA,
    )
    op.create_index("visit_person", "visit", ["person", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("visit", schema=SCHEMA)
