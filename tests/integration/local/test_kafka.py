"""Kafka and MirrorMaker of a node's own: what a crash keeps, and what crosses from one node to another."""

import asyncio
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local import kafka, mirror
from deploy.local.broker_settings import BrokerSettings, Guest, broker_directory
from deploy.local.node_certificates import NodeCertificates
from deploy.local.paths import cache_directory
from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.processes import Running, kill
from deploy.local.settling import settle_broker
from libs.common.kafka import create_topics
from libs.common.kafka_connection import KafkaConnection
from libs.common.node import NodeContext


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


def _start_broker(
    home: Path, started: list[Running], node: str = "n433124", guests: dict[str, int] | None = None
) -> kafka.Broker:
    """A broker at the ports it had before, if it had any; guests are partners and their ports."""
    wires = NodeCertificates(node, home / "wires")
    wires.renew([LOOPBACK])
    record = home / "ports.json"
    if not record.exists():
        record.write_text(json.dumps(free_ports(2)))
    inside, controller = (f"{LOOPBACK}:{port}" for port in json.loads(record.read_text()))
    at = {one: Guest(f"{LOOPBACK}:{port}", f"{LOOPBACK}:{port}") for one, port in (guests or {}).items()}
    settings = BrokerSettings(node, inside, controller, broker_directory(wires.root), guests=at)
    broker = kafka.begin_kafka(home / "kafka", home.with_suffix(".log"), settings)
    started.append(broker.running)
    kafka.wait_for(broker, home.with_suffix(".log"))
    return broker


def _home(node: str, *partners: str) -> NodeContext:
    """As much of a node as the broker's migration looks at."""
    return cast(NodeContext, SimpleNamespace(id=node, partners=dict.fromkeys(partners)))


async def _send(wire: KafkaConnection, topic: str, *values: bytes) -> None:
    producer = AIOKafkaProducer(**wire.client(), enable_idempotence=True, acks="all")
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def _receive(wire: KafkaConnection, topic: str, count: int, within: float = 60.0) -> list[bytes]:
    await create_topics(wire, [topic])
    consumer = AIOKafkaConsumer(topic, **wire.client(), auto_offset_reset="earliest", metadata_max_age_ms=500)
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
    broker = await asyncio.to_thread(_start_broker, home, started)
    await create_topics(broker.wire(), ["public.jobs.vacancy"])
    await _send(broker.wire(), "public.jobs.vacancy", b"1", b"2")
    kill(broker.running)
    again = await asyncio.to_thread(_start_broker, home, started)
    assert await _receive(again.wire(), "public.jobs.vacancy", 2) == [b"1", b"2"]
    again.stop()
    assert not again.running.alive()


async def test_a_mirror_brings_what_is_public_or_addressed_and_nothing_else(home: Path, started: list[Running]) -> None:
    (door,) = free_ports(1)
    for me, other in (("county", "n440300"), ("city", "n433124")):
        node = "n433124" if me == "county" else "n440300"
        NodeCertificates(node, home / me / "wires").renew([LOOPBACK])
        there = NodeCertificates(other, home / ("city" if me == "county" else "county") / "wires")
        NodeCertificates(node, home / me / "wires").believe({other: there.authority.trusted()})
    county = await asyncio.to_thread(_start_broker, home / "county", started, "n433124", {"n440300": door})
    city = await asyncio.to_thread(_start_broker, home / "city", started, "n440300")
    topics = [
        "public.matching.demand",
        "to.n440300.registry.card",
        "to.n430100.registry.card",
        "home.registry.labourer",
    ]
    await create_topics(county.wire(), topics)
    await create_topics(city.wire(), [f"n433124__{topic}" for topic in topics])
    await settle_broker(city.wire(), _home("n440300", "n433124"), [])
    await settle_broker(county.wire(), _home("n433124", "n440300"), [])
    for topic in topics:
        await _send(county.wire(), topic, topic.encode())
    started.append(
        mirror.start_mirror(
            "n440300", city.address, {"n433124": f"{LOOPBACK}:{door}"}, home / "mirror", home / "mirror.log", city.wires
        )
    )
    for topic in topics[:2]:
        assert await _receive(city.wire(), f"n433124__{topic}", 1) == [topic.encode()]
    for topic in topics[2:]:
        assert await _receive(city.wire(), f"n433124__{topic}", 1, within=3.0) == []
    assert {topic for topic in await _topics(county.wire()) if not topic.startswith("mm2-")} == set(topics)


async def _topics(wire: KafkaConnection) -> list[str]:
    admin = AIOKafkaAdminClient(**wire.client())
    await admin.start()
    try:
        return sorted(await admin.list_topics())
    finally:
        await admin.close()


async def test_what_a_broker_writes_is_for_its_owner_alone(home: Path, started: list[Running]) -> None:
    broker = await asyncio.to_thread(_start_broker, home, started)
    await create_topics(broker.wire(), ["home.registry.labourer"])
    await _send(broker.wire(), "home.registry.labourer", b"somebody")
    written = [*(home / "kafka").rglob("*"), *(home / "wires").rglob("*"), home.with_suffix(".log")]
    assert {path.stat().st_mode & 0o077 for path in written} == {0}
    assert {path.stat().st_mode & 0o777 for path in (home / "kafka", home / "wires")} == {0o700}


async def test_whoever_knocks_often_does_not_fill_the_disk(home: Path, started: list[Running]) -> None:
    broker = await asyncio.to_thread(_start_broker, home, started)
    log = home.with_suffix(".log")
    before = log.stat().st_size

    async def knock() -> None:
        _, writer = await asyncio.open_connection(*broker.address.split(":"))
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await writer.drain()
        writer.close()

    for _ in range(10):
        await asyncio.gather(*(knock() for _ in range(100)))
    assert await _topics(broker.wire()) == []  # it still answers who may ask
    assert 0 < log.read_bytes()[before:].count(b"Failed authentication") < 500
