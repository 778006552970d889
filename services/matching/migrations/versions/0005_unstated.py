"""Since when a node has moved in a pass without saying how far it is."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "matching"


def upgrade() -> None:
    op.add_column("run_passes", sa.Column("unstated_since", sa.DateTime(timezone=True)), schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("run_passes", "unstated_since", schema=SCHEMA)
