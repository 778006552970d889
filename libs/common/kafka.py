"""The broker: topics, the idempotent producer, and the consumer loop whose offsets follow the database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    CommitFailedError,
    CorruptRecordException,
    IllegalStateError,
    InvalidReplicationFactorError,
    KafkaError,
    UnsupportedCodecError,
    for_code,
)
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from libs.common.erasing import broker_settings
from libs.common.events.envelope import PARTITIONS, Event, topic_of
from libs.common.events.records import Record, Unreadable
from libs.common.inbox import Inbox, Refused
from libs.common.kafka_connection import KafkaConnection
from libs.common.node import NodeContext
from libs.common.telemetry import log

_EXISTS = 36
BATCH = 200
Fetched = dict[TopicPartition, list[ConsumerRecord]]
# How often a busy consumer tells its positions, and how long it tries to when it ends.
COMMIT_SECONDS, LEAVE_SECONDS = 1.0, 2.0


def topics_announced(node: NodeContext, events: Iterable[type[Event]]) -> set[str]:
    """The topics a service writes: its own, and one for each node it may address (itself included)."""
    nodes = [node.id, *node.partners]
    return {topic_of(event, to) for event in events for to in (nodes if event.AUDIENCE == "to" else [None])}


def topics_read(node: NodeContext, events: Iterable[type[Event]]) -> set[str]:
    """The topics a service reads: its node's own, and the partners' mirrored ones, whose prefix proves the origin."""
    topics: set[str] = set()
    for event in events:
        local = topic_of(event, node.id)
        topics.add(local)
        if event.AUDIENCE != "home":
            topics |= {f"{partner}__{local}" for partner in node.partners}
    return topics


def group_of(node: str, service: str) -> str:
    """The group under which a service reads at its node."""
    return f"xieli.{node}.{service}"


async def create_topics(kafka: KafkaConnection, topics: Iterable[str]) -> None:
    """Create what does not exist yet, as one who may. Mirrored topics too: MirrorMaker uses them, and consumers need not wait for it."""
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        await make_topics(
            admin,
            [NewTopic(topic, PARTITIONS, 1, topic_configs=broker_settings(topic)) for topic in sorted(set(topics))],
        )
    finally:
        await admin.close()


# A broker that has just come up answers before it counts itself among those that may hold a topic.
_WAITS_FOR_BROKER = retry(
    retry=retry_if_exception_type(InvalidReplicationFactorError),
    wait=wait_fixed(0.5),
    stop=stop_after_delay(30),
    reraise=True,
)


@_WAITS_FOR_BROKER
async def make_topics(admin: AIOKafkaAdminClient, topics: Sequence[NewTopic]) -> None:
    """Those that exist already stay as they are."""
    there = set(await admin.list_topics())
    missing = [topic for topic in topics if topic.name not in there]
    if not missing:
        return
    for topic, code, *_ in (await admin.create_topics(missing)).topic_errors:
        if code not in (0, _EXISTS):
            raise for_code(code)(topic)


@asynccontextmanager
async def open_producer(kafka: KafkaConnection, topics: Iterable[str]) -> AsyncIterator[AIOKafkaProducer]:
    """Idempotent, acks=all: repeated sends of one session are one record; a crash of ours the inbox puts right.

    `topics` are all that will be written. At its start the client happens to learn of every topic there is, but it asks
    again only for those it was told of: the first new one would make it forget the others, with their records in hand.
    """
    producer = AIOKafkaProducer(
        **kafka.client(), enable_idempotence=True, acks="all", linger_ms=2, compression_type="zstd"
    )
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
        self._ever: dict[TopicPartition, int] = {}
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
        self._ever |= self.handled
        self.handled = {}

    async def rewind(self) -> None:
        """Back to what is in the database: a batch that broke in the client's hands has taken others with it."""
        known = self._ever | self.handled
        for partition in self.consumer.assignment():
            offset = known[partition] if partition in known else await self.consumer.committed(partition)
            if offset is None:
                offset = (await self.consumer.beginning_offsets([partition]))[partition]
            self.consumer.seek(partition, offset)


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

    def __init__(self, kafka: KafkaConnection, service: str, node: NodeContext, topics: Iterable[str], inbox: Inbox):
        self.kafka = kafka
        self.group = group_of(node.id, service)
        self.node = node
        self.topics = sorted(topics)
        self.inbox = inbox

    async def run(self) -> None:
        """Until cancelled; a lost database or broker raises, and the runtime starts it again."""
        consumer = AIOKafkaConsumer(
            *self.topics,
            **self.kafka.client(),
            group_id=self.group,
            group_instance_id=self.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            session_timeout_ms=10_000,
            max_poll_interval_ms=600_000,
            fetch_max_wait_ms=2000,
            consumer_timeout_ms=1000,
        )
        await consumer.start()
        positions = Positions(consumer)
        try:
            while True:
                fetched = await self._fetch(consumer, positions)
                for partition, records in fetched.items():
                    await self.inbox.take([record_of(record) for record in records])
                    positions.handled[partition] = records[-1].offset + 1
                if not fetched or positions.are_old:
                    await positions.commit()
        finally:
            await asyncio.shield(_leave(consumer, positions))

    async def _fetch(self, consumer: AIOKafkaConsumer, positions: Positions) -> Fetched:
        """A batch; where the client cannot take a record apart, one record at a time until it is passed over."""
        try:
            fetched: Fetched = await consumer.getmany(timeout_ms=2000, max_records=BATCH)
            return fetched
        except Exception as error:
            if not is_broken(error):
                raise
            log.error("record_cannot_be_taken_apart", error=f"{type(error).__name__}: {error}"[:300])
        await positions.rewind()
        for partition, end in (await consumer.end_offsets(consumer.assignment())).items():
            if await self._step(consumer, positions, partition, end):
                break
        return {}

    async def _step(
        self, consumer: AIOKafkaConsumer, positions: Positions, partition: TopicPartition, end: int
    ) -> bool:
        """Whether the broken record was in the next batch of this partition; what comes before it is handled."""
        for _ in range(BATCH + 1):
            offset = await consumer.position(partition)
            if offset >= end:
                return False
            try:
                fetched = await consumer.getmany(partition, timeout_ms=2000, max_records=1)
            except Exception as error:
                if not is_broken(error):
                    raise
                await self._pass_over(consumer, positions, partition, offset, error)
                return True
            for record in fetched.get(partition, ()):
                await self.inbox.take([record_of(record)])
                positions.handled[partition] = record.offset + 1
        return False

    async def _pass_over(
        self, consumer: AIOKafkaConsumer, positions: Positions, partition: TopicPartition, offset: int, error: Exception
    ) -> None:
        """Its place is all that there is to keep; its bytes stand on the broker."""
        record = Record(partition.topic, partition.partition, offset, None, None, ())
        why = Unreadable(
            "broken",
            f"the record cannot be taken apart, its bytes stand on the broker: {type(error).__name__}: {error}",
        )
        await self.inbox.keep([Refused(record, why)])
        positions.handled[partition] = offset + 1
        consumer.seek(partition, offset + 1)


def is_broken(error: Exception) -> bool:
    """Whether the bytes are at fault and not the broker or the way to it."""
    return isinstance(error, CorruptRecordException | UnsupportedCodecError) or not isinstance(
        error, KafkaError | OSError | TimeoutError
    )


def record_of(record: ConsumerRecord) -> Record:
    """A record as the client gives it, for the inbox to read."""
    return Record(record.topic, record.partition, record.offset, record.key, record.value, tuple(record.headers))
