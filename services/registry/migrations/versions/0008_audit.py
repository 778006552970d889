"""The trail: who did what, in chains of hashes; and where partners' chains ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from libs.common.messaging_tables import renew_plumbing

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    renew_plumbing(op.get_bind(), "registry")
    op.create_table(
        "witness", sa.Column("node", sa.Text, primary_key=True), sa.Column("service", sa.Text, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), primary_key=True), sa.Column("signed", sa.Text, nullable=False),
        sa.Column("contradicts", sa.Boolean, nullable=False), schema="registry",
    )


def downgrade() -> None:
    """The first migration's way back drops the set of plumbing."""
    op.drop_table("witness", schema="registry")
