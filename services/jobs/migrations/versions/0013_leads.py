"""Posts heard of from agencies, villagers and chambers are noted and followed until they are vacancies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SCHEMA = "jobs"


def upgrade() -> None:
    op.create_table(
        "leads",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("employer_name", sa.Text, nullable=False),
        sa.Column("employer_uscc", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("openings", sa.Integer),
        sa.Column("wage", sa.Integer),
        sa.Column("district", sa.Text, nullable=False, server_default=""),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("heard_on", sa.Date, nullable=False),
        sa.Column("noted_by", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="open"),
        sa.Column("vacancy", sa.Uuid, sa.ForeignKey("jobs.vacancies.id")),
        sa.Column("closed_on", sa.Date),
        sa.Column("closed_because", sa.Text, nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("leads", schema=SCHEMA)
