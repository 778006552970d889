"""Every change says when, from which source and why; who came in or said something in a file, in which row of which file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SCHEMA = "registry"
# A UUIDv7 begins with the milliseconds of its making.
_MADE_AT = "to_timestamp(('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint / 1000.0)"


def upgrade() -> None:
    op.add_column("change", sa.Column("at", sa.DateTime(timezone=True)), schema=SCHEMA)
    op.add_column("change", sa.Column("source", sa.Text), schema=SCHEMA)
    op.add_column("change", sa.Column("batch_row", sa.Integer), schema=SCHEMA)
    op.add_column("change", sa.Column("reason", sa.Text), schema=SCHEMA)
    op.execute(
        f"UPDATE registry.change SET at = {_MADE_AT}, source = CASE WHEN batch IS NULL THEN 'form' ELSE 'file' END"
    )
    for name in ("at", "source"):
        op.alter_column("change", name, nullable=False, schema=SCHEMA)
    op.add_column("person", sa.Column("batch", sa.Uuid), schema=SCHEMA)
    op.add_column("person", sa.Column("batch_row", sa.Integer), schema=SCHEMA)
    op.add_column("wish", sa.Column("batch_row", sa.Integer), schema=SCHEMA)
    op.alter_column("wish", "batch", nullable=True, schema=SCHEMA)


def downgrade() -> None:
    op.execute("DELETE FROM registry.wish WHERE batch IS NULL")
    op.alter_column("wish", "batch", nullable=False, schema=SCHEMA)
    op.drop_column("wish", "batch_row", schema=SCHEMA)
    for table, names in (("person", ("batch", "batch_row")), ("change", ("at", "source", "batch_row", "reason"))):
        for name in names:
            op.drop_column(table, name, schema=SCHEMA)
