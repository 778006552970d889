"""Who waits for a word of the database (监听): one connection a process listens, and wakes all who wait for that word."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from libs.common.faults import DatabaseAway
from libs.common.pools import Database
from libs.common.supervision import supervise


class Listener:
    """Listens from the first one on who waits. A word is a hint: whoever waits looks by himself too, now and then."""

    def __init__(self, database: Database, channel: str):
        self.database = database
        self.channel = channel
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._listening: asyncio.Task[None] | None = None

    @contextmanager
    def hearing(self, word: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the word is told from here on."""
        if self._listening is None:
            self._listening = asyncio.create_task(supervise(f"{self.channel}.listener", self._listen))
        told = asyncio.Event()
        self._waiting.setdefault(word, set()).add(told)
        try:
            yield told
        finally:
            self._waiting[word].discard(told)
            if not self._waiting[word]:
                del self._waiting[word]

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
            self._listening = None

    async def _listen(self) -> None:
        connection = await self.database.connect_raw()
        closed = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: closed.set())
            await connection.add_listener(self.channel, lambda *heard: self._wake(str(heard[-1])))
            for word in list(self._waiting):  # what was told while nobody listened
                self._wake(word)
            await closed.wait()
            raise DatabaseAway(f"the connection that listens on {self.channel} was closed")
        finally:
            connection.terminate()

    def _wake(self, word: str) -> None:
        for told in self._waiting.get(word, ()):
            told.set()


async def told_within(told: asyncio.Event, seconds: float) -> None:
    """Until the word is told, or so long."""
    timer = asyncio.get_running_loop().call_later(seconds, told.set)
    try:
        await told.wait()
    finally:
        timer.cancel()
