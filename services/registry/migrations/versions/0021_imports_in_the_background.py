"""An import is taken in by the worker: how far it is, and its file until it is over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from libs.common.imports.tables import FILE, file_columns, progress_columns

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SCHEMA, TABLE = "registry", "batch"


def upgrade() -> None:
    op.alter_column(TABLE, "as_of", nullable=True, schema=SCHEMA)
    for column in progress_columns():
        op.add_column(TABLE, column, schema=SCHEMA)
    under_way = sa.text("state NOT IN ('done', 'failed', 'cancelled')")
    op.create_index(f"{TABLE}_under_way", TABLE, ["id"], postgresql_where=under_way, schema=SCHEMA)
    op.create_table(FILE, *file_columns(), schema=SCHEMA)
    op.create_foreign_key("import_file_import_fkey", FILE, TABLE, ["import"], ["id"], source_schema=SCHEMA, referent_schema=SCHEMA)


def downgrade() -> None:
    op.drop_table(FILE, schema=SCHEMA)
    op.drop_index(f"{TABLE}_under_way", TABLE, schema=SCHEMA)
    for column in progress_columns():
        op.drop_column(TABLE, column.name, schema=SCHEMA)
    op.execute(f"UPDATE {SCHEMA}.{TABLE} SET as_of = current_date WHERE as_of IS NULL")
    op.alter_column(TABLE, "as_of", nullable=False, schema=SCHEMA)
