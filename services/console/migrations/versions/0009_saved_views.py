"""Saved views of lists.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

SCHEMA = "console"


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.UniqueConstraint("owner", "page", "name", name="saved_view_name"),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("saved_view", schema=SCHEMA)
