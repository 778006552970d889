"""Checks of firms' hires, and the lines that were drawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SCHEMA = "jobs"


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def upgrade() -> None:
    op.create_table(
        "checks",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("employer", sa.Uuid, sa.ForeignKey("jobs.employers.id"), nullable=False, index=True),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("evidence", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("pool", sa.Integer, nullable=False),
        sa.Column("pool_digest", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="asked"),
        sa.Column("warned_on", sa.Date),
        sa.Column("outcome", sa.Text),
        sa.Column("consequence", sa.Text),
        _text("reason"),
        sa.Column("concluded_by", sa.Text),
        sa.Column("concluded_on", sa.Date),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )
    op.create_index("checks_waiting", "checks", ["due"], schema=SCHEMA, postgresql_where=sa.text("state = 'asked'"))
    op.create_table(
        "check_lines",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("check", sa.Uuid, sa.ForeignKey("jobs.checks.id"), nullable=False, index=True),
        sa.Column("introduction", sa.Uuid, nullable=False),
        sa.Column("vacancy", sa.Uuid, sa.ForeignKey("jobs.vacancies.id"), nullable=False),
        sa.Column("hired_on", sa.Date, nullable=False),
        _text("answer"),
        _text("reference"),
        sa.Column("answered_on", sa.Date),
        sa.Column("verdict", sa.Text),
        _text("why"),
        sa.Column("judged_by", sa.Text),
        sa.Column("judged_on", sa.Date),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("check_lines", schema=SCHEMA)
    op.drop_table("checks", schema=SCHEMA)
