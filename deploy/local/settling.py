"""The broker's migration: the topics of a node and who may do what with them, all derived from what its services say.

Only this, as `admin`, makes topics and gives rights; it runs before the services. What is not listed here nobody may do.
"""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.node_certificates import MIRROR
from deploy.local.rights import DESCRIBE_CONFIGS, GROUP, PREFIXED, READ, WRITE, Right, hold_rights
from libs.common.kafka import create_topics, group_of, make_topics, topics_announced, topics_read
from libs.common.kafka_connection import KafkaConnection
from libs.common.node import NodeContext
from libs.common.service import Service

# Where the mirror keeps what it has done, for each partner: name and partitions.
_OF_THE_MIRROR = {"mm2-configs.{}.internal": 1, "mm2-offsets.{}.internal": 4, "mm2-status.{}.internal": 1}


async def settle_broker(wire: KafkaConnection, node: NodeContext, services: Sequence[Service]) -> None:
    """Make what does not exist, and bring everybody's rights to what the code says; a partner that is gone has none."""
    await create_topics(wire, topics_of(node, services))
    admin = AIOKafkaAdminClient(**wire.client())
    await admin.start()
    try:
        await make_topics(admin, mirror_topics(node))
        await hold_rights(admin, rights_of(node, services))
    finally:
        await admin.close()


def topics_of(node: NodeContext, services: Sequence[Service]) -> set[str]:
    """Every topic that some service writes or reads."""
    return {
        topic
        for service in services
        for topic in topics_announced(node, service.announces) | topics_read(node, service.subscriptions)
    }


def mirror_topics(node: NodeContext) -> list[NewTopic]:
    """Kept by key: the last word on each counts."""
    kept = {"cleanup.policy": "compact"}
    return [
        NewTopic(name.format(partner), partitions, 1, topic_configs=kept)
        for partner in node.partners
        for name, partitions in _OF_THE_MIRROR.items()
    ]


def rights_of(node: NodeContext, services: Sequence[Service]) -> set[Right]:
    """A service's own topics and what it has subscribed to, the mirror's way in, and what each partner may read."""
    rights = {right for service in services for right in _rights_of_service(node, service)}
    for partner in node.partners:
        rights |= _rights_of_mirror(partner) | _rights_of_partner(partner)
    return rights


def _rights_of_service(node: NodeContext, service: Service) -> set[Right]:
    written, read = topics_announced(node, service.announces), topics_read(node, service.subscriptions)
    rights = {Right(service.name, WRITE, topic) for topic in written} | {
        Right(service.name, READ, topic) for topic in read
    }
    return rights | {Right(service.name, READ, group_of(node.id, service.name), GROUP)}


def _rights_of_mirror(partner: str) -> set[Right]:
    """It writes what came from a partner under that partner's name, and keeps books of its own."""
    books = {
        Right(MIRROR, right, name.format(partner))
        for name in _OF_THE_MIRROR
        for right in (READ, WRITE, DESCRIBE_CONFIGS)
    }
    return books | {
        Right(MIRROR, WRITE, f"{partner}__", pattern=PREFIXED),
        Right(MIRROR, READ, f"{partner}-mm2", GROUP),
    }


def _rights_of_partner(partner: str) -> set[Right]:
    return {Right(partner, READ, prefix, pattern=PREFIXED) for prefix in ("public.", f"to.{partner}.")}
