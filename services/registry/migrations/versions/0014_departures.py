"""Who has left the register, from which day on, how and why; when they came back. Nothing of them goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import DATEMULTIRANGE

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def upgrade() -> None:
    op.add_column("person", sa.Column("left_as", sa.Text), schema=SCHEMA)
    op.add_column("person", sa.Column("left_on", sa.Date), schema=SCHEMA)
    op.add_column("person", sa.Column("away", DATEMULTIRANGE, nullable=False, server_default="{}"), schema=SCHEMA)
    op.create_index(
        "person_left", "person", ["left_on"], schema=SCHEMA, postgresql_where=sa.text("left_on IS NOT NULL")
    )
    op.create_table(
        "departure",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, sa.ForeignKey("registry.person.id"), nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("returned_on", sa.Date),
        schema=SCHEMA,
    )
    op.create_index("ix_registry_departure_person", "departure", ["person"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("departure", schema=SCHEMA)
    op.drop_index("person_left", "person", schema=SCHEMA)
    for name in ("away", "left_on", "left_as"):
        op.drop_column("person", name, schema=SCHEMA)
