"""Tokens that are good no longer.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from alembic import op

from libs.common.messaging_tables import renew_plumbing

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    renew_plumbing(op.get_bind(), "retention")


def downgrade() -> None:
    """Nothing: the first migration's way back drops the whole set."""
