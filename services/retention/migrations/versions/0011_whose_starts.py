"""Which introductions with a start in one city are the same person's, as it was told to the city."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("introduction", sa.Column("same_as", sa.Uuid), schema="retention")


def downgrade() -> None:
    op.drop_column("introduction", "same_as", schema="retention")
