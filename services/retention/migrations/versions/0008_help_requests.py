"""Requests for help: by a person or for her, answered, closed by who asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCHEMA = "retention"


def upgrade() -> None:
    op.create_table(
        "help_request",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("county", sa.Text, nullable=False),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("text_sealed", sa.LargeBinary, nullable=False),
        sa.Column("by_person", sa.Boolean, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.Text),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )
    op.create_index("help_request_person", "help_request", ["person"], schema=SCHEMA)
    op.create_index("help_request_state", "help_request", ["state", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("help_request", schema=SCHEMA)
