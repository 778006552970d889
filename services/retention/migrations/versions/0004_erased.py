"""People whom the register has forgotten: a mark, so that nothing late brings them back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "retention"


def upgrade() -> None:
    op.create_table("erased", sa.Column("id", sa.Uuid, primary_key=True), sa.Column("on", sa.Date, nullable=False), schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("erased", schema=SCHEMA)
