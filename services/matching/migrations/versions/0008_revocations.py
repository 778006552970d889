"""Tokens that are good no longer.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from alembic import op

from libs.common.messaging_tables import renew_plumbing

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    renew_plumbing(op.get_bind(), "matching")


def downgrade() -> None:
    """Nothing: the first migration's way back drops the whole set."""
