"""Dead letters, parked events that stay with their end, and the signature of what is announced."""

from __future__ import annotations

from alembic import op

from libs.common.messaging_tables import renew_plumbing

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    renew_plumbing(op.get_bind(), "retention")


def downgrade() -> None:
    """Nothing: the first migration's way back drops the whole set."""
