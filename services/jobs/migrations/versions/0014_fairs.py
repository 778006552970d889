"""Job fairs with the firms that stand there: announced to every partner, held by themselves when their day is over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SCHEMA = "jobs"


def upgrade() -> None:
    _create_fairs()
    op.create_table(
        "booths",
        sa.Column("fair", sa.Uuid, sa.ForeignKey("jobs.fairs.id"), primary_key=True),
        sa.Column("employer_uscc", sa.Text, primary_key=True),
        sa.Column("employer", sa.Uuid, sa.ForeignKey("jobs.employers.id")),
        sa.Column("employer_name", sa.Text, nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("vacancies", ARRAY(sa.Uuid), nullable=False, server_default="{}"),
        schema=SCHEMA,
    )
    op.create_index("ix_jobs_booths_employer", "booths", ["employer"], schema=SCHEMA)


def _create_fairs() -> None:
    op.create_table(
        "fairs",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("venue", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="planned"),
        sa.Column("closed_on", sa.Date),
        sa.Column("closed_because", sa.Text, nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )
    where = sa.text("state IN ('planned', 'open')")
    op.create_index("fairs_day", "fairs", ["day"], schema=SCHEMA, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("booths", schema=SCHEMA)
    op.drop_table("fairs", schema=SCHEMA)
