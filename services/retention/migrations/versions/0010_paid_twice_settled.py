"""A second payment to one person is settled: by whom, when, taken back or rightly paid."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SCHEMA = "retention"
_COLUMNS = {"settled_as": sa.Text, "settled_by": sa.Text, "settled_on": sa.Date}


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.add_column("ledger", sa.Column(name, kind), schema=_SCHEMA)
    op.create_index("ledger_person", "ledger", ["person"], schema=_SCHEMA)
    waits = sa.text("paid_twice AND settled_as IS NULL")
    op.create_index("ledger_twice", "ledger", ["id"], schema=_SCHEMA, postgresql_where=waits)


def downgrade() -> None:
    op.drop_index("ledger_twice", "ledger", schema=_SCHEMA)
    op.drop_index("ledger_person", "ledger", schema=_SCHEMA)
    for name in _COLUMNS:
        op.drop_column("ledger", name, schema=_SCHEMA)
