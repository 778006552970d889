"""Rows of an import that came back are kept each by itself, so that each can be put right; an import may give rows of another again.

The workbooks of before go: whose rows are still to be put right has the file, and imports it again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from libs.common.imports.tables import ROWS, repair_columns, row_columns

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SCHEMA, TABLE = "registry", "batch"


def upgrade() -> None:
    for column in repair_columns():
        op.add_column(TABLE, column, schema=SCHEMA)
    op.create_index(f"{TABLE}_repairs", TABLE, ["repairs"], postgresql_where=sa.text("repairs IS NOT NULL"), schema=SCHEMA)
    op.create_table(ROWS, *row_columns(), schema=SCHEMA)
    op.create_foreign_key("import_row_origin_fkey", ROWS, TABLE, ["origin"], ["id"], source_schema=SCHEMA, referent_schema=SCHEMA)
    op.drop_column(TABLE, "refused_sealed", schema=SCHEMA)


def downgrade() -> None:
    op.add_column(TABLE, sa.Column("refused_sealed", sa.LargeBinary), schema=SCHEMA)
    op.drop_table(ROWS, schema=SCHEMA)
    op.drop_index(f"{TABLE}_repairs", TABLE, schema=SCHEMA)
    for column in repair_columns():
        op.drop_column(TABLE, column.name, schema=SCHEMA)
