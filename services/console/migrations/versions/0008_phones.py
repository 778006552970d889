"""A session may be a phone's, with people on it; it stays known when it has ended.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

SCHEMA = "console"


def upgrade() -> None:
    phone = sa.Column("phone", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("session", phone, schema=SCHEMA)
    op.add_column("session", sa.Column("ended_at", sa.DateTime(timezone=True)), schema=SCHEMA)


def downgrade() -> None:
    for name in ("ended_at", "phone"):
        op.drop_column("session", name, schema=SCHEMA)
