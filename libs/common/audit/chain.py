"""Add records to the chains: one statement each, right before the commit, so that a chain is held for no longer than that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg

from libs.common.audit.records import STREAMS, AuditRecord

# The end of the chain is locked by its update and read anew after a wait, so records of one chain never fork. `sha256` and
# `int8send` are next_link. Two connections rarely share a chain; they then wait for each other's commit.
_APPEND = f"""
WITH moved AS (
    UPDATE audit_head SET sequence = sequence + 1, previous = hash, hash = sha256(hash || int8send(sequence + 1) || $1)
    WHERE stream = pg_backend_pid() % {STREAMS} RETURNING stream, sequence, previous, hash
)
INSERT INTO audit (stream, sequence, at, action, actor, role, organisation, purpose, reference, trace, entities, persons, fields, details, previous, hash)
SELECT stream, sequence, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::text::jsonb, previous, hash FROM moved
"""


async def append(connection: asyncpg.Connection[Any], records: Sequence[AuditRecord], to_json: Any) -> None:
    """Write them in their order; the caller's transaction is about to commit and touches nothing afterwards."""
    for one in records:
        await connection.execute(
            _APPEND,
            one.digest(),
            one.at,
            one.action,
            one.actor,
            one.role,
            one.organisation,
            one.purpose,
            one.reference,
            one.trace,
            list(one.entities),
            list(one.persons),
            list(one.fields),
            to_json(dict(one.details)),
        )
