"""Codes by which labourers sign in: the digits stand nowhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def _when(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, sa.ForeignKey("registry.person.id"), nullable=False),
        sa.Column("handle", sa.Text, nullable=False, unique=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        _when("made_at"),
        _when("expires_at"),
        _when("used_at", nullable=True),
        _when("replaced_at", nullable=True),
        schema=SCHEMA,
    )
    for column in ("person", "expires_at"):
        op.create_index(f"ix_registry_sign_in_code_{column}", "sign_in_code", [column], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("sign_in_code", schema=SCHEMA)
