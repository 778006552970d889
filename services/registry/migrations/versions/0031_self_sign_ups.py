"""Sign-up for a fair without an account: sealed, found once, forgotten a week after the fair."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def upgrade() -> None:
    op.create_table(
        "self_sign_up",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("fair", sa.Uuid, nullable=False),
        sa.Column("known_by", sa.LargeBinary, nullable=False, unique=True),
        *(sa.Column(f"{name}_sealed", sa.LargeBinary) for name in ("name", "tail", "phone")),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forget_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
        sa.Column("person", sa.Uuid),
        schema=SCHEMA,
    )
    op.create_index("self_sign_up_fair", "self_sign_up", ["fair", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("self_sign_up", schema=SCHEMA)
