"""A settled pass says whether its places have been offered; those settled before have."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "run_passes", sa.Column("offered", sa.Boolean, nullable=False, server_default="false"), schema="matching"
    )
    op.execute(
        "UPDATE matching.run_passes step SET offered = true FROM matching.runs run"
        " WHERE run.run = step.run AND run.settled = step.number"
    )


def downgrade() -> None:
    op.drop_column("run_passes", "offered", schema="matching")
