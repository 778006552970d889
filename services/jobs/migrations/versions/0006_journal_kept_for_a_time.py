"""The journal has positions of its own and a floor; arrivals and kept answers are found by their age."""

from __future__ import annotations

from alembic import op

from libs.common.messaging_tables import renew_plumbing

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    renew_plumbing(op.get_bind(), "jobs")


def downgrade() -> None:
    """Nothing: the first migration's way back drops the whole set."""
