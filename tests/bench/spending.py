"""What a run between real nodes spends: seconds of processor by part of a node, and the way of a record between two of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.node import PARTS, Node
from deploy.local.node_certificates import ADMIN
from deploy.local.processes import processor_seconds

PROBES = 40


@dataclass(frozen=True)
class Mark:
    """A moment of a run, and what each part of the nodes had used of the processors by then."""

    at: float
    processor: dict[str, float]

    @classmethod
    def now(cls, nodes: Iterable[Node]) -> Mark:
        running = [one for node in nodes for one in node.running()]
        return cls(
            time.monotonic(), {part: processor_seconds([one for one in running if one.name == part]) for part in PARTS}
        )

    def since(self, other: Mark) -> dict[str, float]:
        return {part: round(used - other.processor[part], 1) for part, used in self.processor.items()}


async def mirror_seconds(sender: Node, receiver: Node) -> float:
    """Median of the time from one node's Kafka to another's, of single records on a quiet bus."""
    topic, took = f"public.bench.probe{uuid4().hex[:6]}", []
    there, here = sender.wires.wire(ADMIN, sender.kafka), receiver.wires.wire(ADMIN, receiver.kafka)
    for wire, name in ((there, topic), (here, f"{sender.id}__{topic}")):
        admin = AIOKafkaAdminClient(**wire.client())
        await admin.start()
        await admin.create_topics([NewTopic(name, 1, 1)])
        await admin.close()
    producer = AIOKafkaProducer(**there.client(), compression_type="zstd")
    consumer = AIOKafkaConsumer(
        **here.client(), auto_offset_reset="earliest", metadata_max_age_ms=500, fetch_max_wait_ms=100
    )
    await producer.start()
    await consumer.start()
    consumer.subscribe(pattern=f"^{sender.id}__{topic}$")
    await producer.send_and_wait(topic, b"0")
    while not await consumer.getmany(timeout_ms=500):
        continue
    for _ in range(PROBES):
        begun = time.monotonic()
        await producer.send_and_wait(topic, b"1")
        while not await consumer.getmany(timeout_ms=500):
            continue
        took.append(time.monotonic() - begun)
    await producer.stop()
    await consumer.stop()
    return statistics.median(took)
