"""What a school leaver (两后生) is going to do is asked and kept: as was said on a day, the newest word holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def upgrade() -> None:
    op.create_table(
        "leaver_plan",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, sa.ForeignKey("registry.person.id"), nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("said_on", sa.Date, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("noted_by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )
    op.create_index("leaver_plan_person", "leaver_plan", ["person", "said_on"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("leaver_plan", schema=SCHEMA)
