"""Partner systems and the assertions that they have used.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0006"
down_revision = "0005"

SCHEMA = "console"
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "partner_system",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("regions", ARRAY(sa.Text), nullable=False),
        sa.Column("scopes", ARRAY(sa.Text), nullable=False),
        sa.Column("jwks", JSONB, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("closed_at", WHEN),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )
    op.create_table(
        "assertion",
        sa.Column("system", sa.Uuid, primary_key=True),
        sa.Column("jti", sa.Text, primary_key=True),
        sa.Column("until", WHEN, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_console_assertion_until", "assertion", ["until"], schema=SCHEMA)


def downgrade() -> None:
    for table in ("assertion", "partner_system"):
        op.drop_table(table, schema=SCHEMA)
