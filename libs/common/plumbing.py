"""The tables that carry a service's events in and out, and keep the answers of repeated creations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import JSONB


def _when(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), server_default=func.now(), nullable=False)


def _event() -> list[Column[Any]]:
    """The attributes of an event; a column belongs to one table, so they are made anew for each."""
    return [
        Column("id", Uuid, nullable=False), Column("topic", Text, nullable=False),
        Column("partition", SmallInteger, nullable=False), Column("key", Text, nullable=False),
        Column("type", Text, nullable=False), _when("time"), Column("traceparent", Text),
        Column("data", JSONB, nullable=False),
    ]  # fmt: skip


def plumbing(metadata: MetaData) -> list[Table]:
    """The tables that carry a service's events in and out; every service has its own set in its own schema."""
    return [
        Table("outbox", metadata, Column("seq", BigInteger, Identity(), primary_key=True), *_event()),
        Table(
            "journal", metadata, Column("position", BigInteger, primary_key=True, autoincrement=False), *_event(),
            Column("sequence", BigInteger, nullable=False), Index("journal_topic", "topic", "partition", "sequence", unique=True),
        ),
        Table(
            "journal_head", metadata, Column("topic", Text, primary_key=True),
            Column("partition", SmallInteger, primary_key=True), Column("last", BigInteger, nullable=False),
        ),
        Table("relay_cursor", metadata, Column("name", Text, primary_key=True), Column("position", BigInteger, nullable=False)),
        Table(
            "inbox", metadata, Column("source", Text, primary_key=True), Column("id", Uuid, primary_key=True),
            _when("handled_at"),
        ),
        Table(
            "received", metadata, Column("source", Text, primary_key=True), Column("topic", Text, primary_key=True),
            Column("partition", SmallInteger, primary_key=True), Column("sequence", BigInteger, nullable=False),
            Column("events", BigInteger, nullable=False), _when("received_at"),
        ),
        Table(
            "gap", metadata, Column("source", Text, primary_key=True), Column("topic", Text, primary_key=True),
            Column("partition", SmallInteger, primary_key=True), Column("first", BigInteger, primary_key=True),
            Column("last", BigInteger, nullable=False), _when("found_at"),
        ),
        Table(
            "parked", metadata, Column("place", BigInteger, Identity(), primary_key=True), *_event(),
            Column("source", Text, nullable=False), Column("sequence", BigInteger, nullable=False), Column("error", Text, nullable=False),
            Index("parked_key", "source", "topic", "key"),
        ),
        Table(
            "idempotency", metadata, Column("caller", Text, primary_key=True), Column("key", Text, primary_key=True),
            Column("request", LargeBinary, nullable=False), Column("status", Integer), Column("body", JSONB),
            _when("created_at"),
        ),
    ]  # fmt: skip


def create_plumbing(connection: Connection, schema: str) -> None:
    """For a service's first migration: its set of plumbing tables (`create_plumbing(op.get_bind(), "jobs")`)."""
    for table in plumbing(MetaData(schema=schema)):
        table.create(connection)


def drop_plumbing(connection: Connection, schema: str) -> None:
    """The way back of `create_plumbing`."""
    for table in reversed(plumbing(MetaData(schema=schema))):
        table.drop(connection)
