"""Second agreements of merged people are found by an index: there are few among all introductions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INDEX, _TABLE, _SCHEMA = "introductions_second_yes", "introductions", "matching"


def upgrade() -> None:
    op.create_index(_INDEX, _TABLE, ["introduction"], schema=_SCHEMA, postgresql_where=sa.text("second_yes"))


def downgrade() -> None:
    op.drop_index(_INDEX, _TABLE, schema=_SCHEMA)
