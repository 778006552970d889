"""What every event has in common: its name, its audience, its partition key and the CloudEvents envelope it travels in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

Audience = Literal["home", "public", "to"]

# Two partitions: enough to prove that order holds for each key and not for the topic; MirrorMaker keeps the number.
PARTITIONS = 2


class Event(BaseModel):
    """A fact in the past tense. Within a version only optional fields are added; unknown fields are ignored when read."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    TYPE: ClassVar[str]
    AUDIENCE: ClassVar[Audience]
    AGGREGATE: ClassVar[str]
    # Whether it states exact counts of people: partners add them up, and not everybody who reads events may know small ones.
    COUNTS_PEOPLE: ClassVar[bool] = False

    def key(self) -> str:
        """The partition key: events with the same key keep their order."""
        raise NotImplementedError


@dataclass(frozen=True)
class Envelope:
    """CloudEvents 1.0 attributes of one event as it arrived.

    `topic` is the local name without a mirror's prefix; `sequence` is dense for each source, topic and partition.
    """

    id: UUID
    source: str
    type: str
    time: datetime
    topic: str
    partition: int
    sequence: int
    key: str
    traceparent: str | None = None

    @property
    def node(self) -> str:
        """The announcing node: `n440300` of the source `/n440300/jobs`."""
        return self.source.split("/")[1]


def source_of(node: str, service: str) -> str:
    """The CloudEvents source of a service at a node."""
    return f"/{node}/{service}"


def topic_of(event: type[Event], to: str | None = None) -> str:
    """The topic an event belongs on. The name is the privacy boundary: `home.` stays, `public.` is for all, `to.` for one."""
    if event.AUDIENCE != "to":
        return f"{event.AUDIENCE}.{event.AGGREGATE}"
    if to is None:
        raise ValueError(f"{event.TYPE} is addressed to one node: say which")
    return f"to.{to}.{event.AGGREGATE}"


def partition_of(key: str) -> int:
    """A stable hash of the partition key, fixed here and sent to Kafka explicitly, so that a mirror agrees."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % PARTITIONS
