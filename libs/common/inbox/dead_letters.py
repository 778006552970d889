"""Dead letters (死信): records that are no events of ours, kept raw with their place and the reason, once each."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from libs.common.database import Transaction
from libs.common.events.records import Record, Unreadable, origin_of
from libs.common.inbox.bounds import empty_crossed
from libs.common.pools import Database
from libs.common.settings import LETTERS_WHOLE
from libs.common.telemetry import Metrics, log

# What is kept of a key, of a value and of all headers; a longer record is marked as cut, and stands whole on the broker.
KEPT_BYTES = 1024 * 1024

_KEEP = """
INSERT INTO dead_letter (topic, partition, "offset", origin, reason, detail, key, value, headers, digest, bytes, cut)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Refused:
    """A record and why it is no event."""

    record: Record
    why: Unreadable


async def keep(database: Database, metrics: Metrics, refused: Sequence[Refused], whole: int = LETTERS_WHOLE) -> None:
    """Keep them in one transaction, so many of all with their bytes; one that came before changes nothing."""
    if not refused:
        return
    async with database.transaction() as tx:
        for one in refused:
            await keep_one(tx, metrics, one)
        await empty_crossed(tx, metrics, brought=len(refused), whole=whole)


async def keep_one(tx: Transaction, metrics: Metrics, refused: Refused) -> None:
    """Count, tell and keep one, in the caller's transaction."""
    record, why = refused.record, refused.why
    origin = origin_of(record.topic, tx.node.id)
    row = (record.topic, record.partition, record.offset, origin, why.reason, storable(str(why)), *_raw(record))
    if await (await tx.raw()).fetchval(_KEEP, *row):
        metrics.refused.labels(metrics.service, why.reason).inc()
        log.error(
            "dead_letter", topic=record.topic, partition=record.partition, offset=record.offset, reason=why.reason
        )


def _raw(record: Record) -> tuple[bytes | None, bytes | None, bytes, bytes, int, bool]:
    """Key, value and headers as far as they are kept, the digest of the whole, its size, and whether it is cut."""
    headers = pack(record)
    whole = [part for part in (record.key, record.value, headers) if part is not None]
    digest = hashlib.sha256(
        b"".join(hashlib.sha256(part or b"").digest() for part in (record.key, record.value, headers))
    ).digest()
    kept = headers if len(headers) <= KEPT_BYTES else b"[]"
    cut = any(len(part) > KEPT_BYTES for part in whole)
    return _head(record.key), _head(record.value), kept, digest, sum(map(len, whole)), cut


def _head(part: bytes | None) -> bytes | None:
    return None if part is None else part[:KEPT_BYTES]


def pack(record: Record) -> bytes:
    """Headers as JSON, in which a name may be any text and a value any bytes."""
    return json.dumps(
        [[name, None if value is None else base64.b64encode(value).decode()] for name, value in record.headers]
    ).encode()


def record_of(row: asyncpg.Record) -> Record:
    """The record of a dead letter, as it came off the broker."""
    headers = tuple(
        (name, None if value is None else base64.b64decode(value)) for name, value in json.loads(row["headers"])
    )
    return Record(row["topic"], row["partition"], row["offset"], row["key"], row["value"], headers)


def storable(text: str, limit: int = 2000) -> str:
    """A sentence about an event as PostgreSQL can keep it; what is left out is said."""
    clean = text.replace("\x00", "\\0").encode(errors="backslashreplace").decode()
    return clean if len(clean) <= limit else f"{clean[:limit]} … ({len(clean)} characters)"
