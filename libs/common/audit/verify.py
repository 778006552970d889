"""Verify (核验): read a service's chains from their first record on and say what was changed, removed, put in, reordered or cut off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from libs.common.audit.records import STREAMS, AuditRecord, first_link, next_link

_COLUMNS = "stream, sequence, at, action, actor, role, organisation, purpose, reference, trace, entities, persons, fields, details::text AS details, previous, hash"
_HEADS = "SELECT stream, sequence, hash FROM {schema}.audit_head ORDER BY stream"
PORTION = 2000
_OWN = "the chain's end on record"


@dataclass(frozen=True)
class Finding:
    """Something that should not be: which chain of which service, at which record, and in words what."""

    service: str
    stream: int
    sequence: int
    words: str

    def __str__(self) -> str:
        return f"{self.service} chain {self.stream} record {self.sequence}: {self.words}"


@dataclass(frozen=True)
class Head:
    """Where a chain ended at some time, as somebody remembers it: `known_by` says who."""

    stream: int
    sequence: int
    hash: bytes
    known_by: str


@dataclass(frozen=True)
class Verified:
    """What a service's trail holds, and what is wrong with it; no finding: nothing."""

    service: str
    records: int
    findings: tuple[Finding, ...]


async def verify_service(connection: asyncpg.Connection[Any], service: str, witnessed: Iterable[Head] = ()) -> Verified:
    """All chains of a service at one moment, while it goes on writing."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await verify_chains(connection, service, witnessed)


async def verify_chains(connection: asyncpg.Connection[Any], service: str, witnessed: Iterable[Head] = ()) -> Verified:
    """All chains against themselves, against their ends on record, and against ends that others remember."""
    ends = [
        Head(row["stream"], row["sequence"], row["hash"], _OWN)
        for row in await connection.fetch(_HEADS.format(schema=service))
    ]
    known = [*ends, *witnessed]
    chains = [
        await _verify_chain(connection, service, stream, [head for head in known if head.stream == stream])
        for stream in range(STREAMS)
    ]
    strays = await connection.fetchval(
        f"SELECT count(*) FROM {service}.audit WHERE stream NOT BETWEEN 0 AND $1", STREAMS - 1
    )
    stray = [Finding(service, -1, 0, f"{strays} records belong to no chain 不属于任何链")] if strays else []
    lost = [
        Finding(service, stream, 0, "its end on record is gone 链端记录缺失")
        for stream in set(range(STREAMS)) - {head.stream for head in ends}
    ]
    return Verified(
        service, sum(count for count, _ in chains), (*stray, *lost, *(one for _, found in chains for one in found))
    )


async def _verify_chain(
    connection: asyncpg.Connection[Any], service: str, stream: int, heads: Sequence[Head]
) -> tuple[int, list[Finding]]:
    chain = _Chain(service, stream, heads)
    query = f"SELECT {_COLUMNS} FROM {service}.audit WHERE stream = $1 AND sequence > $2 ORDER BY sequence LIMIT $3"
    after = -(2**63)
    while rows := await connection.fetch(query, stream, after, PORTION):
        for row in rows:
            chain.read(row)
        after = rows[-1]["sequence"]
    return chain.count, chain.end()


class _Chain:
    """One chain read record by record."""

    def __init__(self, service: str, stream: int, heads: Sequence[Head]) -> None:
        self.service, self.stream, self.heads = service, stream, heads
        self.known: dict[int, list[Head]] = {}
        for head in heads:
            self.known.setdefault(head.sequence, []).append(head)
        self.count, self.last, self.link = 0, 0, first_link(service, stream)
        self.findings: list[Finding] = []

    def read(self, row: Any) -> None:
        self.count += 1
        sequence, link = row["sequence"], self.link
        if sequence != self.last + 1:
            self._find(
                self.last + 1,
                f"missing up to {sequence - 1} 缺少记录"
                if sequence > self.last
                else "stands before the first 位于首条之前",
            )
        elif row["previous"] != link:
            self._find(sequence, "does not follow the record before it: changed, put in or reordered 与上一条不相接")
        if next_link(row["previous"], sequence, digest_of(row)) != row["hash"]:
            self._find(sequence, "was changed after it was written 内容被改动")
        self._compare(sequence, row["hash"])
        self.last, self.link = sequence, row["hash"]

    def end(self) -> list[Finding]:
        """What is known to have been there and is not."""
        for head in self.heads:
            if head.sequence > self.last:
                self._find(self.last + 1, f"cut off: {head.known_by} knows of record {head.sequence} 末尾被截断")
            elif head.known_by == _OWN and head.sequence < self.last:
                self._find(head.sequence + 1, "was put in behind the chain's end on record 末尾后被添加")
        return self.findings

    def _compare(self, sequence: int, link: bytes) -> None:
        for head in self.known.get(sequence, ()):
            if head.hash != link:
                self._find(sequence, f"is another than {head.known_by} knows 与见证不符")

    def _find(self, sequence: int, words: str) -> None:
        self.findings.append(Finding(self.service, self.stream, sequence, words))


def digest_of(row: Any) -> bytes:
    """The digest that a record in the database would have; of one that is no record any more, a digest that fits nothing."""
    words = {
        name: row[name] for name in ("action", "at", "actor", "role", "organisation", "purpose", "reference", "trace")
    }
    try:
        return AuditRecord(
            **words,
            entities=tuple(row["entities"]),
            persons=tuple(row["persons"]),
            fields=tuple(row["fields"]),
            details=json.loads(row["details"]),
        ).digest()
    except (ValueError, TypeError, AttributeError):
        return b""
