"""The group of fellow villagers with whom a person wants to travel, as the officers named it.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SCHEMA = "registry"


def upgrade() -> None:
    op.add_column("wish", sa.Column("fellows", sa.Text), schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("wish", "fellows", schema=SCHEMA)
