"""Withdrawn consents: no card is sealed or opened on them any more, and the fact stays.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SCHEMA = "registry"


def upgrade() -> None:
    op.create_table(
        "withdrawal", sa.Column("introduction", sa.Uuid, primary_key=True), sa.Column("county", sa.Text, primary_key=True),
        sa.Column("city", sa.Text, nullable=False), sa.Column("on", sa.Date, nullable=False), sa.Column("guest", sa.Uuid),
        sa.Column("erased_on", sa.Date), schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("withdrawal", schema=SCHEMA)
