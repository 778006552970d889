"""Accounts, sessions, failed sign-ins and statements.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.common.messaging_tables import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None

SCHEMA = "console"


def upgrade() -> None:
    create_plumbing(op.get_bind(), SCHEMA)
    op.create_table(
        "account",
        sa.Column("login", sa.Text, primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("regions", ARRAY(sa.Text), nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("login", sa.Text, sa.ForeignKey("console.account.login", ondelete="CASCADE"), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_console_session_login", "session", ["login"], schema=SCHEMA)
    op.create_table(
        "attempt",
        sa.Column("login", sa.Text, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        schema=SCHEMA,
    )
    op.create_table(
        "statement",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("division", sa.Text, primary_key=True),
        sa.Column("as_of", sa.Date, primary_key=True),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("event", sa.Uuid, nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in ("statement", "attempt", "session", "account"):
        op.drop_table(table, schema=SCHEMA)
    drop_plumbing(op.get_bind(), SCHEMA)
