"""Messages of runs that are over are kept for a time; a run says when they are gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("forgotten", sa.Boolean, nullable=False, server_default="false"), schema="matching")


def downgrade() -> None:
    op.drop_column("runs", "forgotten", schema="matching")
