"""By which day and rule everybody is judged; where people are already, the end of a quarter by their newest file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_STANDING = """
INSERT INTO registry.identification_run (id, day, rule, changed, townships, counted_by, counted_at)
SELECT '00000000-0000-7000-8000-000000000000', (date_trunc('quarter', max(as_of) + 1) - interval '1 day')::date, 'v1', 0, '[]', 'migration', now()
FROM registry.person HAVING count(*) > 0
"""


def upgrade() -> None:
    op.create_table(
        "identification_run",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("townships", JSONB, nullable=False),
        sa.Column("counted_by", sa.Text, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        schema="registry",
    )
    op.execute(_STANDING)


def downgrade() -> None:
    op.drop_table("identification_run", schema="registry")
