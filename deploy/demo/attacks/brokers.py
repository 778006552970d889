"""How somebody calls at a broker in these attacks: with any certificate, stolen, forged or none; and what came of it."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from pathlib import Path
from typing import Literal, TypedDict

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from deploy.demo.story import NodePlace, Story

NAMES = "home.registry.labourer"  # people with birth date, township and household
logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it complains of every refusal, which is what is wanted here


class Caller(TypedDict, total=False):
    """How an attacker's client comes: with what it has, and not waiting long for an answer."""

    bootstrap_servers: str
    security_protocol: Literal["SSL"]
    ssl_context: ssl.SSLContext
    request_timeout_ms: int
    metadata_max_age_ms: int


def door(place: NodePlace, caller: str) -> str:
    """The address at which a partner comes in, as it stands on the card that it was given."""
    ports = json.loads((place.home / "run" / "ports.json").read_text(encoding="utf-8"))
    return f"127.0.0.1:{ports[caller]}"


def stolen(place: NodePlace, principal: str) -> Path:
    """The key and certificate of a part of a node."""
    return place.home / "wires" / principal / "own.pem"


def calling(address: str, at: NodePlace, own: Path | None = None) -> Caller:
    """A client that trusts the broker and shows this certificate, or none."""
    context = ssl.create_default_context(cafile=at.home / "wires" / "admin" / "trusted.pem")
    if own:
        context.load_cert_chain(own)
    return {
        "bootstrap_servers": address,
        "security_protocol": "SSL",
        "ssl_context": context,
        "request_timeout_ms": 5000,
        "metadata_max_age_ms": 5000,
    }


async def reads(client: Caller, topic: str) -> str:
    """Empty when a record, or the end of the topic, was reached; else how it was refused."""
    consumer = AIOKafkaConsumer(topic, **client, auto_offset_reset="earliest")
    try:
        async with asyncio.timeout(20):
            await consumer.start()
            await consumer.end_offsets(consumer.assignment())
            await consumer.getmany(timeout_ms=3000)
            return "" if consumer.assignment() else "NothingThere"
    except (KafkaError, TimeoutError) as error:
        return type(error).__name__
    finally:
        await consumer.stop()


async def writes(client: Caller, topic: str) -> str:
    """Empty when a record was taken; else how it was refused."""
    producer = AIOKafkaProducer(**client)
    try:
        async with asyncio.timeout(20):
            await producer.start()
            await producer.send_and_wait(topic, b"{}")
            return ""
    except (KafkaError, TimeoutError) as error:
        return type(error).__name__
    finally:
        await producer.stop()


class Told:
    """What a broker has written to its log since this was made."""

    def __init__(self, place: NodePlace):
        self._log = place.home / "log" / "kafka.log"
        self._from = self._log.stat().st_size

    def lines(self, *words: str) -> list[str]:
        with self._log.open("rb") as log:
            log.seek(self._from)
            said = log.read().decode(errors="replace").splitlines()
        return [line for line in said if all(word in line for word in words)]

    async def hears(self, story: Story, *words: str) -> str:
        """The first line with all these words, waited for; empty when there is none within ten seconds."""
        for _ in range(40):
            found = await asyncio.to_thread(self.lines, *words)
            if found:
                return found[0]
            await asyncio.sleep(0.25)
        return ""
