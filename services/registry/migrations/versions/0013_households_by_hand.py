"""Households have versions and may be closed; villages are found by households, people by their birth date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def upgrade() -> None:
    op.add_column("household", sa.Column("closed_on", sa.Date), schema=SCHEMA)
    op.add_column("household", sa.Column("version", sa.Integer, nullable=False, server_default="1"), schema=SCHEMA)
    op.create_index("household_place", "household", ["township", "village", "id"], schema=SCHEMA)
    op.create_index("person_birth", "person", ["birth_date"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("person_birth", "person", schema=SCHEMA)
    op.drop_index("household_place", "household", schema=SCHEMA)
    op.drop_column("household", "version", schema=SCHEMA)
    op.drop_column("household", "closed_on", schema=SCHEMA)
