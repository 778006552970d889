"""Kafka and MirrorMaker of a node's own: what a crash keeps, and what crosses from one node to another."""

import asyncio
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local import kafka, mirror
from deploy.local.places import cache_directory
from deploy.local.ports import free_ports
from deploy.local.processes import Running, kill
from libs.common.kafka import create_topics


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A directory with a space and in Chinese, which goes with everything that was started below it."""
    home = cache_directory() / "tests" / "劳务 协作" / request.node.name[:40]
    home.mkdir(parents=True, exist_ok=True)
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def started() -> Iterator[list[Running]]:
    """What a test starts it puts here, so that a failing test leaves nothing behind."""
    started: list[Running] = []
    yield started
    kill(*started)


def _start_broker(home: Path, started: list[Running], ports: tuple[int, int] | None = None) -> kafka.Broker:
    port, controller = ports or free_ports(2)
    broker = kafka.begin_kafka(home, home.with_suffix(".log"), ports=(port, controller))
    started.append(broker.running)
    kafka.wait_for(broker, home.with_suffix(".log"))
    return broker


async def _send(address: str, topic: str, *values: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=address, enable_idempotence=True, acks="all")
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def _receive(address: str, topic: str, count: int, within: float = 60.0) -> list[bytes]:
    await create_topics(address, [topic])
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=address, auto_offset_reset="earliest", metadata_max_age_ms=500)
    await consumer.start()
    received: list[bytes] = []
    until = time.monotonic() + within
    try:
        while len(received) < count and time.monotonic() < until:
            fetched = await consumer.getmany(timeout_ms=200)
            received += [record.value for records in fetched.values() for record in records if record.value]
    finally:
        await consumer.stop()
    return sorted(received)


async def test_a_killed_broker_comes_back_on_its_port_with_its_records(home: Path, started: list[Running]) -> None:
    port, controller = free_ports(2)
    broker = await asyncio.to_thread(_start_broker, home, started, (port, controller))
    await create_topics(broker.address, ["public.jobs.vacancy"])
    await _send(broker.address, "public.jobs.vacancy", b"1", b"2")
    kill(broker.running)
    again = await asyncio.to_thread(_start_broker, home, started, (port, controller))
    assert await _receive(again.address, "public.jobs.vacancy", 2) == [b"1", b"2"]
    again.stop()
    assert not again.running.alive()


async def test_a_mirror_brings_what_is_public_or_addressed_and_nothing_else(home: Path, started: list[Running]) -> None:
    county = await asyncio.to_thread(_start_broker, home / "county", started)
    city = await asyncio.to_thread(_start_broker, home / "city", started)
    topics = ["public.matching.demand", "to.n440300.registry.card", "to.n430100.registry.card", "home.registry.labourer"]
    await create_topics(county.address, topics)
    for topic in topics:
        await _send(county.address, topic, topic.encode())
    started.append(
        mirror.start_mirror("n440300", city.address, {"n433124": county.address}, home / "mirror", home / "mirror.log")
    )
    for topic in topics[:2]:
        assert await _receive(city.address, f"n433124__{topic}", 1) == [topic.encode()]
    mirrored = {topic for topic in await _topics(city.address) if "registry" in topic or "demand" in topic}
    assert mirrored == {f"n433124__{topic}" for topic in topics[:2]}
    assert await _topics(county.address) == sorted(topics)


async def _topics(address: str) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        return sorted(await admin.list_topics())
    finally:
        await admin.close()
