"""Whoever listens is woken after a commit, never before it and never by what was rolled back; many commits are one word."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from libs.common import pools
from libs.common.service import ServiceContext
from tests.support import eventually
from tests.support.nodes import Nodes
from tests.support.sample import SERVICE


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE)


@pytest.fixture
async def heard(context: ServiceContext) -> AsyncIterator[list[str]]:
    words = list[str]()
    connection = await context.database.connect_raw()
    for hint in ("a", "b"):
        await connection.add_listener(context.database.channel(hint), lambda *told: words.append(str(told[2])))
    yield words
    await connection.close()


async def test_hints_are_told_after_the_commit_and_not_of_what_was_rolled_back(
    context: ServiceContext, heard: list[str]
) -> None:
    rolled_back = context.database.open()
    await rolled_back.raw()
    rolled_back.hint("a")
    await rolled_back.roll_back()
    async with context.database.transaction() as tx:
        await tx.raw()
        tx.hint("b")
        assert context.database._telling is None

    async def told() -> bool:
        return bool(heard)

    await eventually(told)
    assert heard == ["b_sample"]


async def test_many_commits_are_one_word_and_one_that_comes_while_it_is_told_is_told_too(
    context: ServiceContext, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "COALESCE_SECONDS", 0.2)
    for _ in range(20):
        async with context.database.transaction() as tx:
            await tx.raw()
            tx.hint("a")
    await eventually(lambda: _on_its_way(context), every=0)
    context.database.tell({"a"})
    await eventually(lambda: _as_many(heard, 2))
    assert heard == ["a_sample"] * 2


async def _on_its_way(context: ServiceContext) -> bool:
    """Nothing more is gathered, and the word has not been told: the moment in which one that comes could be lost."""
    return not context.database._hints and context.database._telling is not None


async def _as_many(heard: list[str], number: int) -> bool:
    return len(heard) >= number
