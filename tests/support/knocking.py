"""What somebody may really do on a broker: everything is tried with raw requests, and the broker's answer for each topic counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from libs.common.kafka_connection import KafkaConnection

_DENIED = 29


@dataclass(frozen=True)
class Found:
    """The topics that somebody saw, read and wrote."""

    seen: set[str]
    read: set[str]
    written: set[str]


async def knock(wire: KafkaConnection, topics: Iterable[str]) -> Found:
    """Try to list, read and write every topic. What is written is an empty record."""
    client, wanted = AIOKafkaClient(**wire.client()), sorted(topics)
    await client.bootstrap()
    try:
        node = client.get_random_node()
        fetched = await client.send(node, FetchRequest(10, 0, 2**20, 0, [(topic, [(0, 0, 1000)]) for topic in wanted]))
        batches = [(topic, [(0, _batch())]) for topic in wanted]
        written = await client.send(node, ProduceRequest(None, 1, 5000, batches))
        return Found(
            set((await client.fetch_all_metadata()).topics(False)),
            _allowed(fetched.topics, 1),
            _allowed(written.topics, 1),
        )
    finally:
        await client.close()


def _allowed(answers: Any, place: int) -> set[str]:
    return {topic for topic, partitions in answers if partitions[0][place] != _DENIED}


def _batch() -> bytes:
    builder = DefaultRecordBatchBuilder(2, 0, False, -1, -1, -1, 1000)
    builder.append(0, timestamp=1, key=b"", value=b"", headers=[])
    return bytes(builder.build())


def armed(directory: Path, own: bytes, trusted: Iterable[str]) -> Callable[[str], KafkaConnection]:
    """Somebody with a certificate, whoever issued it; says how to call at an address."""
    directory.mkdir(parents=True)
    (directory / "own.pem").write_bytes(own)
    (directory / "trusted.pem").write_text("".join(trusted))
    return lambda address: KafkaConnection(address, directory)
