"""The tables that carry a service's events in and out, keep the answers of repeated creations, and the trail."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
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
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.reflection import Inspector

from libs.common.access.rows import Rows, assign, belongs
from libs.common.audit.tables import audit_tables


def _when(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), server_default=func.now(), nullable=False)


def _event(data: Any = JSONB) -> list[Column[Any]]:
    """The attributes of an event; a column belongs to one table, so they are made anew for each."""
    return [
        Column("id", Uuid, nullable=False),
        Column("topic", Text, nullable=False),
        Column("partition", SmallInteger, nullable=False),
        Column("key", Text, nullable=False),
        Column("type", Text, nullable=False),
        _when("time"),
        Column("traceparent", Text),
        Column("data", data, nullable=False),
    ]


def _partition() -> list[Column[Any]]:
    """Which partition of which topic, as part of the key."""
    return [Column("topic", Text, primary_key=True), Column("partition", SmallInteger, primary_key=True)]


def _position() -> Column[Any]:
    return Column("position", BigInteger, nullable=False)


def _end() -> list[Column[Any]]:
    """How an operator ended what was kept for him: `replayed` or `discarded`, when, who and why; all null while it is open."""
    return [
        Column("ended", Text),
        Column("ended_at", DateTime(timezone=True)),
        Column("ended_by", Text),
        Column("ended_because", Text),
    ]


def plumbing(metadata: MetaData) -> list[Table]:
    """The tables that carry a service's events in and out; every service has its own set in its own schema."""
    tables = _tables(metadata)
    for table in tables:
        assign(table, _WHOSE.get(table.name, Rows(published="positions and counts of events")))
    journal = next(table for table in tables if table.name == "journal")
    belongs(journal, published_when=journal.c.topic.startswith("public."))
    return tables


# Events and the trail carry ids of people; whatever is done may announce and is recorded, and the node alone reads.
_WHOSE = {
    "outbox": Rows(written_freely=True),
    "audit": Rows(written_freely=True),
    "parked": Rows(),
    "dead_letter": Rows(),
    "idempotency": Rows(published="answers, found by their own caller and key alone"),
}


def _tables(metadata: MetaData) -> list[Table]:
    return [
        *_announcing(metadata),
        *_receiving(metadata),
        _parked(metadata),
        _dead_letter(metadata),
        _revocation(metadata),
        _idempotency(metadata),
        *audit_tables(metadata),
    ]


def _announcing(metadata: MetaData) -> list[Table]:
    """From the outbox to the journal and on to the broker; up to where each has come."""
    return [
        Table("outbox", metadata, Column("seq", BigInteger, Identity(), primary_key=True), *_event()),
        Table(
            "journal",
            metadata,
            Column("position", BigInteger, Identity(), primary_key=True),
            *_event(),
            Column("sequence", BigInteger, nullable=False),
            Column("signature", Text),
            Column("keyid", Text),
            Index("journal_topic", "topic", "partition", "sequence", unique=True),
        ),
        Table("journal_head", metadata, *_partition(), Column("last", BigInteger, nullable=False)),
        # Up to where the events of a topic have gone from the journal, all that are older with them.
        Table("journal_floor", metadata, Column("topic", Text, primary_key=True), _position()),
        Table("relay_cursor", metadata, Column("name", Text, primary_key=True), _position()),
    ]


def _receiving(metadata: MetaData) -> list[Table]:
    """What was handled, up to where each source was heard, and what is missing in between."""
    return [
        Table(
            "inbox",
            metadata,
            Column("source", Text, primary_key=True),
            Column("id", Uuid, primary_key=True),
            _when("handled_at"),
            Index("inbox_handled", "handled_at"),
        ),
        Table(
            "received",
            metadata,
            Column("source", Text, primary_key=True),
            *_partition(),
            Column("sequence", BigInteger, nullable=False),
            Column("events", BigInteger, nullable=False),
            _when("received_at"),
        ),
        Table(
            "gap",
            metadata,
            Column("source", Text, primary_key=True),
            *_partition(),
            Column("first", BigInteger, primary_key=True),
            Column("last", BigInteger, nullable=False),
            _when("found_at"),
        ),
    ]


def _parked(metadata: MetaData) -> Table:
    return Table(
        "parked",
        metadata,
        Column("place", BigInteger, Identity(), primary_key=True),
        *_event(Text),
        Column("source", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("error", Text, nullable=False),
        *_end(),
        Index("parked_open", "source", "topic", "key", postgresql_where=text("ended_at IS NULL")),
    )


def _dead_letter(metadata: MetaData) -> Table:
    """Raw, as bytes: whatever could not be read has no other form. `headers` is JSON with values in base64."""
    return Table(
        "dead_letter",
        metadata,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("offset", BigInteger, nullable=False),
        Column("origin", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("detail", Text, nullable=False),
        _when("found_at"),
        Column("key", LargeBinary),
        Column("value", LargeBinary),
        Column("headers", LargeBinary, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("bytes", BigInteger, nullable=False),
        Column("cut", Boolean, nullable=False),
        *_end(),
        Index("dead_letter_once", "topic", "partition", "offset", "digest", unique=True),
        Index("dead_letter_open", "id", postgresql_where=text("ended_at IS NULL")),
    )


def _revocation(metadata: MetaData) -> Table:
    return Table(
        "revocation",
        metadata,
        Column("issuer", Text, primary_key=True),
        Column("subject", Text, primary_key=True),
        Column("token_id", Text, primary_key=True),
        Column("issued_before", DateTime(timezone=True), nullable=False),
        Column("until", DateTime(timezone=True), nullable=False),
    )


def _idempotency(metadata: MetaData) -> Table:
    return Table(
        "idempotency",
        metadata,
        Column("caller", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("request", LargeBinary, nullable=False),
        Column("status", Integer),
        Column("body", JSONB),
        _when("created_at"),
        Index("idempotency_created", "created_at"),
    )


def create_plumbing(connection: Connection, schema: str) -> None:
    """For a service's first migration: its set of plumbing tables (`create_plumbing(op.get_bind(), "jobs")`)."""
    for table in plumbing(MetaData(schema=schema)):
        table.create(connection)


def renew_plumbing(connection: Connection, schema: str) -> None:
    """For a later migration: brings a set that was made earlier to what `plumbing` declares; a fresh one is that already."""
    there = inspect(connection)
    for table in plumbing(MetaData(schema=schema)):
        if there.has_table(table.name, schema):
            _renew(table, there)
        else:
            table.create(connection)


def _renew(table: Table, there: Inspector) -> None:
    columns = {column["name"]: column for column in there.get_columns(table.name, table.schema)}
    indexes = {str(index["name"]) for index in there.get_indexes(table.name, table.schema)}
    for column in table.columns:
        if column.name not in columns:
            op.add_column(table.name, Column(column.name, column.type), schema=table.schema)
        elif isinstance(column.type, Text) and isinstance(columns[column.name]["type"], JSONB):
            op.alter_column(table.name, column.name, type_=column.type, schema=table.schema)
        elif column.identity and not columns[column.name].get("identity"):
            _number_from_here(f"{table.schema}.{table.name}", column.name)
    for index in table.indexes:
        if index.name not in indexes:
            index.create(op.get_bind())
    for name in sorted(indexes - {str(index.name) for index in table.indexes}):
        op.drop_index(name, table.name, schema=table.schema)


def _number_from_here(table: str, column: str) -> None:
    """A sequence of its own for a column that was counted by hand; it goes on after the last one."""
    after = op.get_bind().execute(text(f"SELECT coalesce(max({column}), 0) + 1 FROM {table}")).scalar_one()
    op.execute(f"ALTER TABLE {table} ALTER {column} ADD GENERATED BY DEFAULT AS IDENTITY (START WITH {after})")


def drop_plumbing(connection: Connection, schema: str) -> None:
    """The way back of `create_plumbing`."""
    for table in reversed(plumbing(MetaData(schema=schema))):
        table.drop(connection, checkfirst=True)
