"""Designations, their intake and fairs held are figures: whatever is on record already is counted anew."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        INSERT INTO jobs.figures_due (division, as_of, subject)
        SELECT e.city, NULL::date, d.id FROM jobs.designations d JOIN jobs.employers e ON e.id = d.employer
        UNION ALL SELECT city, NULL::date, id FROM jobs.fairs WHERE state = 'held'
        UNION ALL SELECT v.city, NULL::date, v.id FROM jobs.vacancies v
          WHERE EXISTS (SELECT FROM jobs.designations d WHERE d.employer = v.employer)
        """
    )


def downgrade() -> None:
    """Figures are counted from what is on record; nothing is to be taken back."""
