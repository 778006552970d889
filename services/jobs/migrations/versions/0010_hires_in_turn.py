"""A hire may be taken back and made again: the later step holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCHEMA = "jobs"


def upgrade() -> None:
    op.add_column("hires", sa.Column("turn", sa.Integer, nullable=False, server_default="0"), schema=SCHEMA)
    op.execute("UPDATE jobs.hires SET turn = 1")  # as a hire of a node that does not count its steps


def downgrade() -> None:
    op.drop_column("hires", "turn", schema=SCHEMA)
