"""The trail's tables in a service's own schema: records that can be added and read and nothing else, and the end of each chain."""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    event,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.common.audit.records import STREAMS, first_link

# Against a hand that slips and a program that errs. Whoever owns the server can take a trigger away: the chain shows it.
_APPEND_ONLY = """
CREATE OR REPLACE FUNCTION {schema}.audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the trail is only added to'; END $$;
CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON {schema}.audit FOR EACH ROW EXECUTE FUNCTION {schema}.audit_is_append_only();
CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON {schema}.audit FOR EACH STATEMENT EXECUTE FUNCTION {schema}.audit_is_append_only()
"""


def audit_tables(metadata: MetaData) -> list[Table]:
    """`audit`: the records. `audit_head`: where each chain ends. `audit_seal`: the ends as this node has signed and announced them."""
    audit, head = _records(metadata), _heads(metadata)
    schema = str(metadata.schema)
    _on_create(audit, _APPEND_ONLY.format(schema=schema))
    _on_create(head, _first_heads(schema))
    return [audit, head, _seals(metadata)]


def _records(metadata: MetaData) -> Table:
    words = ("action", "actor", "role", "organisation", "purpose", "reference", "trace")
    return Table(
        "audit",
        metadata,
        Column("stream", SmallInteger, primary_key=True),
        Column("sequence", BigInteger, primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        *(Column(name, Text, nullable=False) for name in words),
        Column("entities", ARRAY(Text), nullable=False),
        Column("persons", ARRAY(Uuid), nullable=False),
        Column("fields", ARRAY(Text), nullable=False),
        Column("details", JSONB, nullable=False),
        Column("previous", LargeBinary, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        Column("place", BigInteger, Identity(always=True), nullable=False),
        Index("audit_place", "place", unique=True),
        Index("audit_persons", "persons", postgresql_using="gin"),
        info={"append_only": True},
    )


def _heads(metadata: MetaData) -> Table:
    return Table(
        "audit_head",
        metadata,
        Column("stream", SmallInteger, primary_key=True),
        Column("sequence", BigInteger, nullable=False),
        Column("previous", LargeBinary, nullable=False),
        Column("hash", LargeBinary, nullable=False),
    )


def _seals(metadata: MetaData) -> Table:
    return Table(
        "audit_seal",
        metadata,
        Column("at", DateTime(timezone=True), primary_key=True),
        Column("records", BigInteger, nullable=False),
        Column("signed", Text, nullable=False),
    )


def _first_heads(schema: str) -> str:
    rows = ", ".join(
        rf"({stream}, 0, '\x{link}', '\x{link}')"
        for stream in range(STREAMS)
        for link in [first_link(schema, stream).hex()]
    )
    return f"INSERT INTO {schema}.audit_head (stream, sequence, previous, hash) VALUES {rows}"


def _on_create(table: Table, statements: str) -> None:
    for statement in statements.split(";\n"):
        event.listen(table, "after_create", DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]
