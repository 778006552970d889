"""Adverts judged wrongly, as they stood when they were marked; why a check was concluded has its name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SCHEMA = "jobs"


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def upgrade() -> None:
    op.create_table(
        "misjudged",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("vacancy", sa.Uuid, sa.ForeignKey("jobs.vacancies.id"), nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        _text("shift"),
        _text("welfare"),
        sa.Column("age_min", sa.SmallInteger),
        sa.Column("wage", sa.Integer),
        sa.Column("stood", sa.Text, nullable=False),
        sa.Column("should", sa.Text, nullable=False),
        sa.Column("codes", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("by_firm", sa.Boolean, nullable=False),
        sa.Column("marked_by", sa.Text, nullable=False),
        sa.Column("marked_on", sa.Date, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_on", sa.Date),
        _text("decided_because"),
        schema=SCHEMA,
    )
    op.alter_column("checks", "reason", new_column_name="concluded_because", schema=SCHEMA)
    standing = sa.text("state <> 'rejected'")
    op.create_index(
        "misjudged_once", "misjudged", ["vacancy", "should"], unique=True, schema=SCHEMA, postgresql_where=standing
    )


def downgrade() -> None:
    op.alter_column("checks", "concluded_because", new_column_name="reason", schema=SCHEMA)
    op.drop_table("misjudged", schema=SCHEMA)
