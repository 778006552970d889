"""Guidance and introductions are figures of their own: services on record already are counted anew."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        INSERT INTO retention.figures_due (division, as_of, subject)
        SELECT county, NULL::date, id FROM retention.service WHERE kind IN ('guidance', 'introduction')
        """
    )


def downgrade() -> None:
    """Figures are counted from what is on record; nothing is to be taken back."""
