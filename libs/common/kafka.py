"""The broker: topics, the idempotent producer, and the consumer loop whose offsets follow the database."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError, for_code

from libs.common.events.envelope import PARTITIONS, Envelope, Event, topic_of
from libs.common.home import Home
from libs.common.inbox import Arrival, Inbox
from libs.common.telemetry import Metrics, log

_MIRRORED = re.compile(r"^(n\d{6})__(.+)$")
_EXISTS = 36
BATCH = 200
# How often a busy consumer tells its positions, and how long it tries to when it ends.
COMMIT_SECONDS, LEAVE_SECONDS = 1.0, 2.0


def topics_announced(home: Home, events: Iterable[type[Event]]) -> set[str]:
    """The topics a service writes: its own, and one for each node it may address (itself included)."""
    nodes = [home.node, *home.partners]
    return {
        topic_of(event, to)
        for event in events
        for to in (nodes if event.AUDIENCE == "to" else [None])
    }


def topics_read(home: Home, events: Iterable[type[Event]]) -> set[str]:
    """The topics a service reads: its node's own, and the partners' mirrored ones, whose prefix proves the origin."""
    topics: set[str] = set()
    for event in events:
        local = topic_of(event, home.node)
        topics.add(local)
        if event.AUDIENCE != "home":
            topics |= {f"{partner}__{local}" for partner in home.partners}
    return topics


async def create_topics(kafka: str, topics: Iterable[str]) -> None:
    """Create what does not exist yet. Mirrored topics too: MirrorMaker uses them, and consumers need not wait for it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        missing = sorted(set(topics) - set(await admin.list_topics()))
        if missing:
            answer = await admin.create_topics([NewTopic(topic, PARTITIONS, 1) for topic in missing])
            for topic, code, *_ in answer.topic_errors:
                if code not in (0, _EXISTS):
                    raise for_code(code)(topic)
    finally:
        await admin.close()


@asynccontextmanager
async def open_producer(kafka: str, topics: Iterable[str]) -> AsyncIterator[AIOKafkaProducer]:
    """Idempotent, acks=all: repeated sends of one session are one record; a crash of ours the inbox puts right.

    `topics` are all that will be written. At its start the client happens to learn of every topic there is, but it asks
    again only for those it was told of: the first new one would make it forget the others, with their records in hand.
    """
    producer = AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True, acks="all", linger_ms=2, compression_type="zstd")
    await producer.start()
    try:
        await producer.client.set_topics(topics)
        yield producer
    finally:
        await producer.stop()


class Positions:
    """How far a consumer's events are in the database; told to the broker now and then, never before.

    What is told late is delivered twice after a crash, which the inbox makes harmless.
    """

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self.consumer = consumer
        self.handled: dict[TopicPartition, int] = {}
        self._told = time.monotonic()

    @property
    def are_old(self) -> bool:
        return time.monotonic() - self._told > COMMIT_SECONDS

    async def commit(self) -> None:
        self._told = time.monotonic()
        try:
            if self.handled:
                await self.consumer.commit(self.handled)
        except (CommitFailedError, IllegalStateError) as error:
            log.info("commit_lost", error=type(error).__name__)
        self.handled = {}


async def _leave(consumer: AIOKafkaConsumer, positions: Positions) -> None:
    """Nothing that is in the database is delivered again after an orderly end, unless the broker is gone."""
    try:
        await asyncio.wait_for(positions.commit(), LEAVE_SECONDS)
    except (TimeoutError, KafkaError) as error:
        log.info("commit_lost", error=type(error).__name__)
    finally:
        await consumer.stop()


class Consumer:
    """Reads a service's topics in order for each partition; commits an offset only after the database has."""

    def __init__(self, kafka: str, service: str, home: Home, topics: Iterable[str], inbox: Inbox, metrics: Metrics):
        self.kafka = kafka
        self.group = f"xieli.{home.node}.{service}"
        self.home = home
        self.topics = sorted(topics)
        self.inbox = inbox
        self.metrics = metrics

    async def run(self) -> None:
        """Until cancelled; a lost database or broker raises, and the runtime starts it again."""
        consumer = AIOKafkaConsumer(
            *self.topics, bootstrap_servers=self.kafka, group_id=self.group, group_instance_id=self.group,
            enable_auto_commit=False, auto_offset_reset="earliest", isolation_level="read_committed",
            session_timeout_ms=10_000, max_poll_interval_ms=600_000, fetch_max_wait_ms=2000, consumer_timeout_ms=1000,
        )  # fmt: skip
        await consumer.start()
        positions = Positions(consumer)
        try:
            while True:
                fetched = await consumer.getmany(timeout_ms=2000, max_records=BATCH)
                for partition, records in fetched.items():
                    await self._receive(records)
                    positions.handled[partition] = records[-1].offset + 1
                if not fetched or positions.are_old:
                    await positions.commit()
        finally:
            await asyncio.shield(_leave(consumer, positions))

    async def _receive(self, records: list[ConsumerRecord]) -> None:
        arrivals = [arrival for record in records if (arrival := self._accept(record))]
        if arrivals:
            await self.inbox.receive(arrivals)

    def _accept(self, record: ConsumerRecord) -> Arrival | None:
        try:
            arrival = arrival_of(record)
        except (KeyError, ValueError) as error:
            log.error("unreadable_event", topic=record.topic, offset=record.offset, error=type(error).__name__)
            self.metrics.refused.labels(self.metrics.service).inc()
            return None
        if arrival.envelope.node != origin_of(record.topic, self.home.node):
            log.error("false_source", topic=record.topic, source=arrival.envelope.source)
            self.metrics.refused.labels(self.metrics.service).inc()
            return None
        return arrival


def origin_of(topic: str, here: str) -> str:
    """The node whose events a topic may hold: the mirror's prefix, or this node."""
    mirrored = _MIRRORED.match(topic)
    return mirrored.group(1) if mirrored else here


def arrival_of(record: ConsumerRecord) -> Arrival:
    """A Kafka record in CloudEvents binary mode as an arrival; KeyError or ValueError when it is none."""
    headers = {name: value.decode() for name, value in record.headers}
    mirrored = _MIRRORED.match(record.topic)
    envelope = Envelope(
        id=UUID(headers["ce_id"]), source=headers["ce_source"], type=headers["ce_type"],
        time=datetime.fromisoformat(headers["ce_time"]), topic=mirrored.group(2) if mirrored else record.topic,
        partition=record.partition, sequence=int(headers["ce_sequence"]), key=headers["ce_partitionkey"],
        traceparent=headers.get("ce_traceparent"),
    )  # fmt: skip
    return Arrival(envelope, (record.value or b"").decode())
