"""Somebody who is in: with the certificate of a node's operator he writes what he likes onto its broker, signed by the key he has stolen."""

from __future__ import annotations

from uuid import uuid4

from aiokafka import AIOKafkaProducer

from deploy.demo.attacks.brokers import calling, stolen
from deploy.demo.cast import Answer
from deploy.demo.story import NodePlace, Story
from libs.common.events.envelope import Event, partition_of
from libs.common.events.signatures import Announcer, attributes_of
from libs.common.node import Clock

FAR = "900000000"  # a sequence that no service will reach


async def write(place: NodePlace, topic: str, key: str, value: bytes | None, headers: dict[str, str]) -> None:
    """One record, as it is, with the certificate of whoever administers the broker."""
    async with AIOKafkaProducer(**calling(place.kafka.address, place, stolen(place, "admin"))) as producer:
        told = [(name, said.encode()) for name, said in headers.items()]
        await producer.send_and_wait(topic, value, key.encode(), partition=partition_of(key), headers=told)


def headers_of(event: Event, thief: NodePlace, source: str, topic: str) -> dict[str, str]:
    """An event's headers with a true signature, by the announcing key of the node that was broken into."""
    key, announcer = event.key(), Announcer.read(thief.keys)
    attributes = attributes_of(
        id=str(uuid4()),
        source=source,
        type=event.TYPE,
        time=Clock().now().isoformat(),
        topic=topic,
        partition=partition_of(key),
        partitionkey=key,
        sequence=FAR,
        traceparent=None,
    )
    told = {
        f"ce_{name}": str(attributes[name])
        for name in ("specversion", "id", "source", "type", "time", "partitionkey", "sequence")
    }
    signature = announcer.sign(attributes, event.model_dump_json())
    return {**told, "ce_signature": signature, "ce_keyid": announcer.keyid, "content-type": "application/json"}


async def kept(story: Story, node: str, service: str, what: str, which: str) -> Answer:
    """The newest open dead letter or parked event whose row holds a word; waited for."""

    async def look() -> Answer | None:
        found = [row for row in await story.pages(node, f"/{service}/v1/{what}", "operator") if which in str(row)]
        return found[-1] if found else None

    found = await story.eventually(look, within=60, what=f"{which} in {what} of {node}/{service}")
    assert found is not None
    return found


async def discard(story: Story, node: str, service: str, what: str, row: Answer) -> None:
    """The operator ends it, with the reason that stays."""
    answer = await story.at(node, "operator").post(
        f"/{service}/v1/{what}/{row['id']}/discard", json={"reason": "伪造 forged"}
    )
    story.check(
        f"attack: an operator discards it among the {what} of {service}, with a reason",
        answer.status_code == 204,
        answer.status_code,
    )


async def says(story: Story, node: str, service: str) -> str:
    """What readiness says; it answers 200 all the while."""
    return str((await story.get(node, f"/{service}/health/ready"))["status"])
