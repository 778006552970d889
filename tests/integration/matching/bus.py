"""A bus for tests: carries events between offices in any order that Kafka would allow, some twice, some nodes late."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from random import Random

from libs.common.inbox import Arrival
from libs.common.service import ServiceContext
from services.matching.workers import move_runs
from tests.support.nodes import announced, assert_nothing_parked, reaches

Channel = tuple[str, str, int, str]


class Bus:
    """Order holds within a source, topic and partition, as with a broker and its mirrors; between them anything goes."""

    # Whether the bus does what the nodes' workers do in the background; else they do it themselves.
    answers = True

    def __init__(self, contexts: Sequence[ServiceContext], random: Random, *, repeats: float = 0.1):
        self.contexts = {context.node.id: context for context in contexts}
        self.random = random
        self.repeats = repeats
        self.away: set[str] = set()
        # Groups of nodes that are no partners of each other: what one of them publishes never reaches another.
        self.strangers: list[tuple[str, ...]] = []
        self.delivered = 0
        self._seen = dict.fromkeys(self.contexts, 0)
        self._queues: dict[Channel, deque[Arrival]] = {}
        self._past: list[tuple[str, Arrival]] = []

    async def collect(self, node: str) -> None:
        """What a node has announced since it was last asked, onto the queues of all whom it may reach."""
        async with self.contexts[node].database.reading() as tx:
            if not await (await tx.raw()).fetchval("SELECT EXISTS (SELECT FROM outbox)"):
                return
        fresh = await announced(self.contexts[node], self._seen[node])
        for arrival, position in fresh:
            self._seen[node] = position
            for receiver, context in self.contexts.items():
                if reaches(arrival, context) and self._acquainted(node, receiver):
                    envelope = arrival.envelope
                    channel = (envelope.source, envelope.topic, envelope.partition, receiver)
                    self._queues.setdefault(channel, deque()).append(arrival)

    def _acquainted(self, node: str, receiver: str) -> bool:
        return node == receiver or not any(node in group and receiver in group for group in self.strangers)

    async def run(self, steps: int | None = None) -> None:
        """Deliver until nothing is under way (or for a number of deliveries)."""
        for node in self.contexts:
            await self.collect(node)
        while self._open() and (steps is None or steps > 0):
            await self._deliver()
            steps = None if steps is None else steps - 1
        await assert_nothing_parked(*self.contexts.values())

    def _open(self) -> list[Channel]:
        return sorted(channel for channel, queue in self._queues.items() if queue and channel[3] not in self.away)

    async def _deliver(self) -> None:
        channel = self.random.choice(self._open())
        queue = self._queues[channel]
        batch = [queue.popleft() for _ in range(self.random.randint(1, min(12, len(queue))))]
        if self._past and self.random.random() < self.repeats:
            receiver, old = self.random.choice(self._past)
            if receiver == channel[3]:
                batch.append(old)
        self._past += [(channel[3], arrival) for arrival in batch]
        context = self.contexts[channel[3]]
        await context.inbox.receive(batch)
        self.delivered += len(batch)
        if self.answers and (self.random.random() < 0.5 or not self._waits_for(channel[3])):
            await self.answer(channel[3])
        await self.collect(channel[3])

    def _waits_for(self, node: str) -> bool:
        return any(queue for channel, queue in self._queues.items() if channel[3] == node)

    async def answer(self, node: str) -> None:
        """What the node's worker does in the background: look at the messages that have come."""
        moved = 1
        while moved:
            moved = await move_runs(self.contexts[node])
