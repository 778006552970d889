"""Erasures: who asked, who approved, what each service has told. A card outlives the row of its person.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

SCHEMA = "registry"


def upgrade() -> None:
    op.drop_constraint("card_person_fkey", "card", schema=SCHEMA)
    op.create_table(
        "erasure", sa.Column("person", sa.Uuid, primary_key=True), sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False), sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False), sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", sa.DateTime(timezone=True)), sa.Column("erased_on", sa.Date), schema=SCHEMA,
    )
    op.create_table(
        "erasure_part", sa.Column("person", sa.Uuid, primary_key=True), sa.Column("service", sa.Text, primary_key=True),
        sa.Column("table", sa.Text, primary_key=True), sa.Column("kept", sa.Boolean, primary_key=True),
        sa.Column("rows", sa.Integer, nullable=False), schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("erasure_part", schema=SCHEMA)
    op.drop_table("erasure", schema=SCHEMA)
    op.create_foreign_key("card_person_fkey", "card", "person", ["person"], ["id"], source_schema=SCHEMA, referent_schema=SCHEMA)
