"""Requests to name many people at once, which a second officer approves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision, down_revision, branch_labels, depends_on = "0005", "0004", None, None


def upgrade() -> None:
    op.create_table(
        "reveal",
        sa.Column("id", sa.Uuid, primary_key=True), sa.Column("purpose", sa.Text, nullable=False), sa.Column("reference", sa.Text, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False), sa.Column("persons", ARRAY(sa.Uuid), nullable=False),
        sa.Column("state", sa.Text, nullable=False), sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False), sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", sa.DateTime(timezone=True)), sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("collected_at", sa.DateTime(timezone=True)), sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema="registry",
    )


def downgrade() -> None:
    op.drop_table("reveal", schema="registry")
