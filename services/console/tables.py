"""What the console knows: accounts and their changes, sessions, devices, failed sign-ins, partner systems, and what each node has stated."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.common.access.rows import belongs
from libs.common.messaging_tables import plumbing
from libs.common.rotation import sealed

METADATA = MetaData(schema="console")


def _when(name: str, *, nullable: bool = False, **more: Any) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable, **more)


account = Table(
    "account",
    METADATA,
    Column("login", Text, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("regions", ARRAY(Text), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column(
        "issuer", Text, nullable=False, server_default=""
    ),  # empty: here; else the OpenID provider that vouches for the person
    Column("version", Integer, nullable=False, server_default="1"),
    _when("created_at", server_default=func.now()),
    _when("closed_at", nullable=True),
    _when("password_at", server_default=func.now()),
    Column("must_change", Boolean, nullable=False, server_default=false()),
    Column("totp", LargeBinary, info=sealed("console.totp.{login}")),
    Column("totp_step", BigInteger, nullable=False, server_default="0"),
    Column("recovery", ARRAY(Text), nullable=False, server_default="{}"),
    Index("ix_console_account_id", "id", unique=True),
)

# The cookie holds a random word; here stands only its digest, so a copy of the table opens no session. The id is its public name.
session = Table(
    "session",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("login", Text, ForeignKey("console.account.login", ondelete="CASCADE"), nullable=False, index=True),
    _when("begun_at"),
    _when("seen_at"),
    Column("passed", Boolean, nullable=False),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    # A phone's word is no cookie: it is good for tokens alone. One that has ended stays until the phone has been told to wipe itself.
    Column("phone", Boolean, nullable=False, server_default=false()),
    _when("ended_at", nullable=True),
    Index("ix_console_session_id", "id", unique=True),
)

# By who tried and not by account: an unknown login is delayed just the same, so a delay tells nothing.
attempt = Table(
    "attempt",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    _when("last_at"),
    _when("next_at"),
)

# Browsers from which somebody has signed in before: guesses from elsewhere do not delay them.
device = Table(
    "device",
    METADATA,
    Column("login", Text, ForeignKey("console.account.login", ondelete="CASCADE"), primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    _when("seen_at"),
)

# Who changed whose rights, kept when the account is long closed.
account_change = Table(
    "account_change",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("login", Text, nullable=False),
    _when("at"),
    Column("by", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Index("ix_console_account_change_login", "login", "id"),
)

# Programs of other organisations that get tokens by their own key.
partner_system = Table(
    "partner_system",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("regions", ARRAY(Text), nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("jwks", JSONB, nullable=False),
    _when("created_at"),
    _when("closed_at", nullable=True),
    Column("version", Integer, nullable=False, server_default="1"),
)

# Assertions of systems that were used, each good once; forgotten when it could not be shown any more.
assertion = Table(
    "assertion",
    METADATA,
    Column("system", Uuid, primary_key=True),
    Column("jti", Text, primary_key=True),
    _when("until"),
    Index("ix_console_assertion_until", "until"),
)

statement = Table(
    "statement",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("division", Text, primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("figures", JSONB, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("event", Uuid, nullable=False),
    Column("stated_at", DateTime(timezone=True), nullable=False),
)

# What somebody has narrowed a list to, under a name of their own.
saved_view = Table(
    "saved_view",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("owner", Text, nullable=False),  # node and login
    Column("page", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    UniqueConstraint("owner", "page", "name", name="saved_view_name"),
)

plumbing(METADATA)

for _table in (account, session, attempt, device, account_change, partner_system, assertion, saved_view):
    belongs(
        _table,
        published="accounts of officials and systems, before anybody has a reach; the console's role alone gets to them",
    )
belongs(statement, published="figures, as they are announced to every partner")
