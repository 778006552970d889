"""What phones have sent, counted once by its id, and where they said otherwise than somebody else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SCHEMA = "registry"


def _names(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, sa.ARRAY(sa.Text), nullable=False, server_default="{}")


def upgrade() -> None:
    op.create_table(
        "mutation",
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text),
        sa.Column("person", sa.Uuid),
        sa.Column("version", sa.Integer),
        _names("fields"),
        sa.Column("conflict", sa.Uuid),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_registry_mutation_person", "mutation", ["person"], schema=SCHEMA)
    op.create_index("ix_registry_mutation_at", "mutation", ["at"], schema=SCHEMA)
    op.create_table(
        "sync_conflict",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("mutation", sa.Uuid, nullable=False),
        _names("fields"),
        sa.Column("mine_sealed", sa.LargeBinary, nullable=False),
        sa.Column("theirs_sealed", sa.LargeBinary, nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("current", sa.Integer, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )
    op.create_index("ix_registry_sync_conflict_person", "sync_conflict", ["person"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("sync_conflict", schema=SCHEMA)
    op.drop_table("mutation", schema=SCHEMA)
