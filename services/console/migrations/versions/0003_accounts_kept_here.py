"""Accounts are kept here and not in a file: hashes that name their algorithm, second factors, known devices, changes, delays.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0003"
down_revision = "0002"

SCHEMA = "console"
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("account", sa.Column("secret", sa.Text, nullable=False, server_default=""), schema=SCHEMA)
    op.execute("UPDATE console.account SET secret = 'scrypt$' || encode(salt, 'hex') || '$' || encode(digest, 'hex')")
    op.alter_column("account", "secret", server_default=None, schema=SCHEMA)
    for name in ("salt", "digest"):
        op.drop_column("account", name, schema=SCHEMA)
    op.add_column("account", sa.Column("id", sa.Uuid, nullable=False, server_default=sa.func.gen_random_uuid()), schema=SCHEMA)
    op.alter_column("account", "id", server_default=None, schema=SCHEMA)
    op.create_index("ix_console_account_id", "account", ["id"], unique=True, schema=SCHEMA)
    for column in (
        sa.Column("issuer", sa.Text, nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", WHEN, nullable=False, server_default=sa.func.now()),
        sa.Column("closed_at", WHEN),
        sa.Column("password_at", WHEN, nullable=False, server_default=sa.func.now()),
        sa.Column("must_change", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("totp", sa.LargeBinary),
        sa.Column("totp_step", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("recovery", ARRAY(sa.Text), nullable=False, server_default="{}"),
    ):
        op.add_column("account", column, schema=SCHEMA)
    op.execute("DELETE FROM console.session")
    for column in (
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
    ):
        op.add_column("session", column, schema=SCHEMA)
    op.create_index("ix_console_session_id", "session", ["id"], unique=True, schema=SCHEMA)
    op.drop_table("attempt", schema=SCHEMA)
    op.create_table(
        "attempt",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", WHEN, nullable=False),
        sa.Column("next_at", WHEN, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "device",
        sa.Column("login", sa.Text, sa.ForeignKey("console.account.login", ondelete="CASCADE"), primary_key=True),
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("seen_at", WHEN, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "account_change",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_console_account_change_login", "account_change", ["login", "id"], schema=SCHEMA)


def downgrade() -> None:
    for table in ("account_change", "device", "attempt", "session", "account"):
        op.drop_table(table, schema=SCHEMA)
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
        sa.Column("login", sa.Text, sa.ForeignKey("console.account.login", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("begun_at", WHEN, nullable=False),
        sa.Column("seen_at", WHEN, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "attempt",
        sa.Column("login", sa.Text, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", WHEN, nullable=False),
        sa.Column("locked_until", WHEN),
        schema=SCHEMA,
    )
