"""Steps of an introduction are numbered, and what is overdue ends by itself: when, and when that was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SCHEMA = "matching"
# Whatever is open when a node begins to act by itself has two weeks more.
_GRACE = "UPDATE matching.introductions SET lapses_on = greatest(due, current_date + 14) WHERE due IS NOT NULL"


def upgrade() -> None:
    op.add_column("introductions", sa.Column("turn", sa.Integer, nullable=False, server_default="0"), schema=SCHEMA)
    op.add_column("introductions", sa.Column("lapses_on", sa.Date), schema=SCHEMA)
    op.add_column("introductions", sa.Column("warned_on", sa.Date), schema=SCHEMA)
    op.execute(_GRACE)
    where = sa.text("lapses_on IS NOT NULL")
    op.create_index("introductions_lapses_on", "introductions", ["lapses_on"], schema=SCHEMA, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("introductions_lapses_on", "introductions", schema=SCHEMA)
    for name in ("warned_on", "lapses_on", "turn"):
        op.drop_column("introductions", name, schema=SCHEMA)
