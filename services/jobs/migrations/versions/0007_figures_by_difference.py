"""Figures move by the difference that a change makes; whoever is here is counted once by the worker."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.indicators import create_indicators

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_indicators(op.get_bind(), "jobs", stated="stated")
    op.alter_column("figures_due", "as_of", nullable=True, schema="jobs")
    op.add_column("figures_due", sa.Column("subject", sa.Uuid), schema="jobs")
    for name, kind, default in (("rule", sa.Text(), "jobs.indicators.1"), ("figures", JSONB(), "{}")):
        op.add_column("stated", sa.Column(name, kind, nullable=False, server_default=default), schema="jobs")
        op.alter_column("stated", name, server_default=None, schema="jobs")
    op.execute(
        "INSERT INTO jobs.figures_due (division, subject)"
        " SELECT city, id FROM jobs.vacancies UNION ALL SELECT city, id FROM jobs.employers"
    )


def downgrade() -> None:
    for table in ("figures_by_day", "figures_of"):
        op.drop_table(table, schema="jobs")
    op.execute("DELETE FROM jobs.figures_due WHERE as_of IS NULL")
    op.alter_column("figures_due", "as_of", nullable=False, schema="jobs")
    for table, column in (("figures_due", "subject"), ("stated", "rule"), ("stated", "figures")):
        op.drop_column(table, column, schema="jobs")
