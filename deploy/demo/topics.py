"""Everything that stands on a node's broker, read from the first record to the last, decompressed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from libs.common.kafka import is_broken
from libs.common.kafka_connection import KafkaConnection

_MIRRORED = re.compile(r"^(n\d{6})__(.+)$")


def mirrored(topic: str) -> tuple[str, str] | None:
    """The origin and the name there of a mirrored topic, or None for a node's own."""
    match = _MIRRORED.match(topic)
    return (match.group(1), match.group(2)) if match else None


async def read_topics(kafka: KafkaConnection) -> AsyncIterator[ConsumerRecord]:
    """Every record of every topic, up to the ends as they are at the start."""
    partitions = await _partitions(kafka)
    consumer = AIOKafkaConsumer(**kafka.client(), enable_auto_commit=False, fetch_max_bytes=8 * 1024 * 1024)
    await consumer.start()
    try:
        consumer.assign(
            partitions
        )  # only now it learns who leads them; asked before, each answer would wait for that anew
        begin, end = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
        after = dict(begin)
        left = {partition for partition in partitions if begin[partition] < end[partition]}
        if left:
            consumer.assign(sorted(left))
            await consumer.seek_to_beginning(*left)
        while left:
            for record in await _fetch(consumer, left, after, end):
                yield record
            left = {partition for partition in left if await consumer.position(partition) < end[partition]}
    finally:
        await consumer.stop()


async def _fetch(
    consumer: AIOKafkaConsumer,
    left: Iterable[TopicPartition],
    after: dict[TopicPartition, int],
    end: Mapping[TopicPartition, int],
) -> list[ConsumerRecord]:
    """The next records; where the client cannot take one apart, each partition by itself from where it was left."""
    try:
        fetched = await consumer.getmany(*left, timeout_ms=1000)
    except Exception as error:
        if not is_broken(error):
            raise
        for partition in left:
            consumer.seek(partition, after[partition])
        return [
            record
            for partition in left
            for record in await _up_to_the_broken(consumer, partition, after, end[partition])
        ]
    after |= {partition: records[-1].offset + 1 for partition, records in fetched.items() if records}
    return [record for records in fetched.values() for record in records]


async def _up_to_the_broken(
    consumer: AIOKafkaConsumer, partition: TopicPartition, after: dict[TopicPartition, int], end: int
) -> list[ConsumerRecord]:
    """Record by record, to the end of the partition or past the one whose bytes only the broker's files still show."""
    found: list[ConsumerRecord] = []
    while (offset := await consumer.position(partition)) < end:
        try:
            found += (await consumer.getmany(partition, timeout_ms=1000, max_records=1)).get(partition, ())
        except Exception as error:
            if not is_broken(error):
                raise
            consumer.seek(partition, offset + 1)
            after[partition] = offset + 1
            return found
        after[partition] = await consumer.position(partition)
    return found


async def _partitions(kafka: KafkaConnection) -> list[TopicPartition]:
    """Every partition of every topic; the group's own offsets hold nobody's data."""
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        names = sorted(topic for topic in await admin.list_topics() if not topic.startswith("__consumer"))
        described = await admin.describe_topics(names)
    finally:
        await admin.close()
    return [TopicPartition(each["topic"], part["partition"]) for each in described for part in each["partitions"]]


async def sequences_at(kafka: KafkaConnection) -> dict[tuple[str, str, int], list[int]]:
    """Of every mirrored topic: (source, topic at its origin, partition) -> the sequences in the order they arrived."""
    arrived: dict[tuple[str, str, int], list[int]] = {}
    async for record in read_topics(kafka):
        origin, headers = mirrored(record.topic), dict(record.headers)
        if origin and "ce_sequence" in headers:
            key = (headers["ce_source"].decode(), origin[1], record.partition)
            arrived.setdefault(key, []).append(int(headers["ce_sequence"]))
    return arrived
