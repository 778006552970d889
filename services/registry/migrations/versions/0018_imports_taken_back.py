"""An import can be taken back: what it brought says so, and what was taken back says so too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def upgrade() -> None:
    op.add_column("batch", sa.Column("undone_at", sa.DateTime(timezone=True)), schema=SCHEMA)
    op.add_column("batch", sa.Column("undone_by", sa.Text), schema=SCHEMA)
    op.add_column("batch", sa.Column("undone", JSONB), schema=SCHEMA)
    op.add_column("household", sa.Column("batch", sa.Uuid), schema=SCHEMA)
    op.add_column("situation", sa.Column("batch", sa.Uuid), schema=SCHEMA)
    op.add_column("change", sa.Column("undone", sa.Boolean, nullable=False, server_default=sa.false()), schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("change", "undone", schema=SCHEMA)
    op.drop_column("situation", "batch", schema=SCHEMA)
    op.drop_column("household", "batch", schema=SCHEMA)
    for name in ("undone", "undone_by", "undone_at"):
        op.drop_column("batch", name, schema=SCHEMA)
