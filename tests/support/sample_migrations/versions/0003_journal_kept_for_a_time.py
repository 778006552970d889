"""The sample's plumbing, renewed."""

from alembic import op

from libs.common.messaging_tables import renew_plumbing

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    renew_plumbing(op.get_bind(), "sample")


def downgrade() -> None:
    """Nothing: the first migration's way back drops the whole set."""
