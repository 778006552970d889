"""What a labourer says otherwise than the register waits where a phone's does: no mutation brought it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def upgrade() -> None:
    op.alter_column("sync_conflict", "mutation", nullable=True, schema=SCHEMA)
    op.add_column("sync_conflict", sa.Column("source", sa.Text, nullable=False, server_default="phone"), schema=SCHEMA)
    op.alter_column("sync_conflict", "source", server_default=None, schema=SCHEMA)


def downgrade() -> None:
    op.execute(f"DELETE FROM {SCHEMA}.sync_conflict WHERE mutation IS NULL")
    op.drop_column("sync_conflict", "source", schema=SCHEMA)
    op.alter_column("sync_conflict", "mutation", nullable=False, schema=SCHEMA)
