"""Figures are stated beside the changes, many changes at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figures_due",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True), sa.Column("division", sa.Text, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False), schema="jobs",
    )


def downgrade() -> None:
    op.drop_table("figures_due", schema="jobs")
