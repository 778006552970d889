"""The sample's tables."""

import sqlalchemy as sa
from alembic import op

from libs.common.messaging_tables import create_plumbing, drop_plumbing

revision, down_revision = "0001", None


def upgrade() -> None:
    create_plumbing(op.get_bind(), "sample")
    op.create_table(
        "tally",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        schema="sample",
    )


def downgrade() -> None:
    op.drop_table("tally", schema="sample")
    drop_plumbing(op.get_bind(), "sample")
