"""What the console knows: accounts, sessions, failed sign-ins, and what each node has stated."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.common.plumbing import plumbing

METADATA = MetaData(schema="console")

account = Table(
    "account", METADATA,
    Column("login", Text, primary_key=True), Column("salt", LargeBinary, nullable=False), Column("digest", LargeBinary, nullable=False),
    Column("role", Text, nullable=False), Column("regions", ARRAY(Text), nullable=False), Column("organisation", Text, nullable=False),
)  # fmt: skip

# The cookie holds a random word; here stands only its digest, so a copy of the table opens no session.
session = Table(
    "session", METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("login", Text, ForeignKey("console.account.login", ondelete="CASCADE"), nullable=False, index=True),
    Column("begun_at", DateTime(timezone=True), nullable=False), Column("seen_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip

# By login and not by account: an unknown login is locked just the same, so a lock tells nothing.
attempt = Table(
    "attempt", METADATA,
    Column("login", Text, primary_key=True), Column("failures", Integer, nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False), Column("locked_until", DateTime(timezone=True)),
)  # fmt: skip

statement = Table(
    "statement", METADATA,
    Column("kind", Text, primary_key=True), Column("division", Text, primary_key=True), Column("as_of", Date, primary_key=True),
    Column("rule", Text, nullable=False), Column("figures", JSONB, nullable=False), Column("sequence", BigInteger, nullable=False),
    Column("event", Uuid, nullable=False), Column("stated_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip

plumbing(METADATA)
