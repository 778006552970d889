"""Withdrawn consents: the fact, at the county that recorded it and at the city that was told."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEMA = "matching"


def upgrade() -> None:
    op.create_table(
        "consent_withdrawals", sa.Column("introduction", sa.Uuid, primary_key=True), sa.Column("county", sa.Text, primary_key=True),
        sa.Column("city", sa.Text, nullable=False), sa.Column("on", sa.Date, nullable=False), sa.Column("reason", sa.Text),
        sa.Column("by", sa.Text, nullable=False), sa.Column("erased_on", sa.Date),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False), schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("consent_withdrawals", schema=SCHEMA)
