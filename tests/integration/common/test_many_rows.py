"""Many rows in one statement arrive as they were given, whatever their texts hold, and a trigger of a statement runs once for all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.common.database import Transaction
from libs.common.many_rows import ManyRows, array_text
from services.registry.app import SERVICE
from tests.support.nodes import Nodes

_ODD = ["", "NULL", "null", '"', "\\", "a,b", "{}", " 两 边 ", "'", "健康", "\n"]
_TABLE = Table(
    "odd",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("on", Text),
    Column("words", ARRAY(Text)),
    Column("said", JSONB),
)


@dataclass(frozen=True)
class Odd:
    id: UUID
    on: str | None
    words: list[str] | None
    said: dict[str, str] | None


@pytest.fixture
async def tx(nodes: Nodes) -> AsyncIterator[Transaction]:
    context = await nodes.open(SERVICE)
    async with context.database.transaction() as tx:
        driver = await tx.raw()
        await driver.execute(
            'CREATE TEMP TABLE odd (id uuid PRIMARY KEY, "on" text, words text[], said jsonb, n int DEFAULT 1)'
        )
        yield tx


async def _rows(tx: Transaction) -> list[tuple[object, ...]]:
    return [
        tuple(row)
        for row in await (await tx.raw()).fetch("SELECT id, \"on\", words, said->>'a', n FROM odd ORDER BY id")
    ]


async def test_rows_arrive_as_they_were_given(tx: Transaction) -> None:
    many = ManyRows(_TABLE, ("id", "on", "words", "said"))
    rows = sorted((Odd(uuid4(), text, [*_ODD, text], {"a": text}) for text in _ODD), key=lambda row: row.id)
    rows.append(Odd(UUID(int=2**128 - 1), None, None, None))
    await many.insert(tx, rows)
    assert await _rows(tx) == [(row.id, row.on, row.words, row.said and row.said["a"], 1) for row in rows]
    changed = [Odd(row.id, f"{row.on}!", [], {"a": "b"}) for row in rows[:3]]
    await many.update(tx, changed, counted="n")
    await many.insert(tx, rows, "ON CONFLICT (id) DO NOTHING")
    await many.insert(tx, [])
    assert (await _rows(tx))[:4] == [
        *((row.id, row.on, [], "b", 2) for row in changed),
        (rows[3].id, rows[3].on, rows[3].words, rows[3].said and rows[3].said["a"], 1),
    ]


@given(st.lists(st.integers(-(2**63), 2**63 - 1)), st.lists(st.text()))
def test_an_array_is_written_as_postgresql_reads_it(numbers: list[int], texts: list[str]) -> None:
    assert array_text(numbers) == "{" + ",".join(map(str, numbers)) + "}"
    assert array_text(texts).count('"') >= 2 * len(texts)
