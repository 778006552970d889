"""What the last steps of the story read: every record of every topic, once, in order, decompressed."""

from __future__ import annotations

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.demo.topics import mirrored, read_topics, sequences_at
from libs.common.kafka_connection import KafkaConnection
from tests.support.poison import removed_afterwards, send_broken


async def _fill(kafka: KafkaConnection, topic: str, records: int, source: str = "/n440300/jobs") -> None:
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    await admin.create_topics([NewTopic(topic, 2, 1), NewTopic(f"{topic}.empty", 1, 1)])
    await admin.close()
    producer = AIOKafkaProducer(**kafka.client(), enable_idempotence=True, compression_type="zstd")
    await producer.start()
    for number in range(records):
        headers = [("ce_source", source.encode()), ("ce_sequence", str(number // 2 + 1).encode())]
        await producer.send(topic, f"value {number}".encode(), partition=number % 2, headers=headers)
    await producer.stop()


async def test_every_record_of_every_topic_is_read_once(kafka: KafkaConnection) -> None:
    topic = "n440300__public.topics.test"
    await _fill(kafka, topic, 700)
    values = [record.value.decode() async for record in read_topics(kafka) if record.topic == topic]
    assert sorted(values) == sorted(f"value {number}" for number in range(700))


async def test_a_record_that_cannot_be_taken_apart_is_passed_over_and_nothing_else(kafka: KafkaConnection) -> None:
    topic = "public.topics.broken"
    async with removed_afterwards(kafka, topic), AIOKafkaProducer(**kafka.client()) as producer:
        for number in range(6):
            await producer.send_and_wait(topic, f"value {number}".encode(), partition=0)
            if number in (1, 2, 4):
                await send_broken(producer, topic, 0)
        found = [record async for record in read_topics(kafka)]
    assert [record.value for record in found if record.topic == topic] == [
        f"value {number}".encode() for number in range(6)
    ]
    places = [(record.topic, record.partition, record.offset) for record in found]
    assert len(places) == len(set(places))


async def test_sequences_of_a_mirror_are_kept_by_origin_topic_and_partition(kafka: KafkaConnection) -> None:
    await _fill(kafka, "n430100__public.topics.counted", 10, "/n430100/jobs")
    arrived = await sequences_at(kafka)
    assert [arrived["/n430100/jobs", "public.topics.counted", partition] for partition in (0, 1)] == [
        [1, 2, 3, 4, 5]
    ] * 2


def test_only_a_node_s_prefix_makes_a_mirrored_topic() -> None:
    assert mirrored("n440300__public.jobs.vacancy") == ("n440300", "public.jobs.vacancy")
    assert mirrored("public.jobs.vacancy") is None
    assert mirrored("mm2-offsets.n440300.internal") is None
