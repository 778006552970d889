"""Start-up caches for the broker and the mirror, learnt once on this machine from one small broker that mirrors itself."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
import time
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import java, kafka, mirror
from deploy.local.node_certificates import ADMIN, MIRROR, PARTNER, NodeCertificates
from deploy.local.processes import stop
from libs.common.kafka_connection import KafkaConnection

_HERE, _THERE = "n000001", "n000002"


def is_warm() -> bool:
    return java.start_cache("broker").is_file() and java.start_cache("mirror").is_file()


def warm() -> None:
    """Make both caches when they are missing (about twenty seconds, once)."""
    if is_warm():
        return
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a young broker has no group coordinator yet
    scratch = Path(tempfile.mkdtemp(prefix="learn-", dir=java.kept()))
    try:
        _learn(scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    for name in ("mirror", "broker"):
        java.keep_learnt(name)


def _learn(scratch: Path) -> None:
    """One broker stands for both nodes: the mirror reads from itself what it writes to itself."""
    wires = NodeCertificates(_HERE, scratch / "wires")
    broker = kafka.start_kafka(scratch / "kafka", scratch / "kafka.log", wires, learn=True)
    wires.believe({_THERE: wires.authority.trusted()})
    shutil.copyfile(wires.root / ADMIN / "own.pem", wires.root / PARTNER / "own.pem")
    shutil.copyfile(wires.root / ADMIN / "own.pem", wires.root / MIRROR / "own.pem")
    try:
        asyncio.run(_publish(broker.wire()))
        running = mirror.start_mirror(
            _HERE,
            broker.address,
            {_THERE: broker.address},
            scratch / "mirror",
            scratch / "mirror.log",
            wires.root,
            learn=True,
        )
        try:
            asyncio.run(_wait_for_mirrored(broker.wire()))
        finally:
            stop(running, within=60)
    finally:
        stop(broker.running, within=60)


async def _publish(wire: KafkaConnection) -> None:
    admin = AIOKafkaAdminClient(**wire.client())
    await admin.start()
    await admin.create_topics([NewTopic("public.warm", 1, 1)])
    await admin.close()
    producer = AIOKafkaProducer(**wire.client(), enable_idempotence=True, compression_type="zstd")
    await producer.start()
    await producer.send_and_wait("public.warm", b"warm")
    await producer.stop()


async def _wait_for_mirrored(wire: KafkaConnection, within: float = 60.0) -> None:
    """Until the record has come back under the mirrored name; a cache from a shorter life is still a cache."""
    consumer = AIOKafkaConsumer(**wire.client(), group_id="warm", auto_offset_reset="earliest", metadata_max_age_ms=500)
    await consumer.start()
    consumer.subscribe(pattern=rf"^{_THERE}__public\.warm$")
    until = time.monotonic() + within
    try:
        while time.monotonic() < until and not await consumer.getmany(timeout_ms=500):
            continue
    finally:
        await consumer.stop()
