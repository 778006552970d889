"""Records as nobody should write them: a good one with anything in it replaced, for tests of what must stay alive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from hypothesis import strategies as st

from libs.common.database import new_id
from libs.common.events.envelope import partition_of
from libs.common.events.records import Headers, Record, local_name
from libs.common.events.signatures import attributes_of
from libs.common.kafka import create_topics
from libs.common.kafka_connection import KafkaConnection
from libs.common.node import NodeContext
from tests.support.sample import Counted

Bytes = bytes | None

# What PostgreSQL, JSON, dates, numbers and texts are known to trip over, beside bytes of any kind.
_NASTY: tuple[Bytes, ...] = (
    None,
    b"",
    b"\x00",
    b"null",
    b"[]",
    b"{",
    b"{}",
    b'{"name": "a\\u0000", "number": 1}',
    b'{"name": "\\ud800", "number": 1}',
    b"[" * 5000,
    b'{"a":' * 3000 + b"1" + b"}" * 3000,
    b'{"name": "x", "number": NaN}',
    b'{"name": "x", "number": 1e400}',
    b'{"name": 1}',
    b"\xff\xfe",
    "１２".encode(),
    "٣".encode(),
    b"1" + b"0" * 30,
    b"-1",
    b"0",
    b"1e3",
    b"1_000",
    b" 1",
    b"2017-01-01T00:00:00",
    b"9999-12-31T23:59:59+00:00",
    b"0001-01-01T00:00:00+00:00",
    b"2017-02-30T00:00:00+00:00",
    b"2017-01-01T00:00:00+99:99",
    b"sample",
    b"/n433124",
    b"//",
    b"/n433124/sample/x",
    b"/n999999/sample",
    b"/n440300/registry",
    b"k" * 900_000,
    b"00000000-0000-0000-0000-00000000000Z",
    b"matching.introduction.agreed.v1",
    b"nothing.of.this.kind.v9",
    b'{"name": "' + b"x" * 700_000 + b'", "number": 1}',
)
nasty = st.sampled_from(_NASTY) | st.binary(max_size=40)


# Well signed and well formed, and yet no event that its handler could take.
_texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
objects = st.dictionaries(_texts, st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _texts, max_size=4)


def a_record(
    topic: str, home: NodeContext, name: str, number: int, sequence: int, *, data: str | None = None, **said: str
) -> Record:
    """An event of the sample service as its node's relay sends it, signed; `said` are attributes of another mind."""
    text = Counted(name=name, number=number).model_dump_json() if data is None else data
    attributes = attributes_of(
        **{
            "id": str(new_id()),
            "source": f"/{home.id}/sample",
            "type": Counted.TYPE,
            "time": "2017-01-01T00:00:00+00:00",
            "topic": local_name(topic),
            "partition": partition_of(name),
            "partitionkey": name,
            "sequence": str(sequence),
            "traceparent": None,
            **said,
        }
    )  # type: ignore[arg-type]
    told = {
        f"ce_{one}": attributes[one]
        for one in ("specversion", "id", "source", "type", "time", "partitionkey", "sequence")
    }
    signature = {
        "ce_signature": home.announcer.sign(attributes, text),
        "ce_keyid": home.announcer.keyid,
        "content-type": "application/json",
    }
    headers = tuple((one, value.encode()) for one, value in {**told, **signature}.items())
    return Record(topic, partition_of(name), 0, name.encode(), text.encode(), headers)


@st.composite
def a_mutation(draw: st.DrawFn, good: Record) -> Record:
    """The record with its key, its value, its partition or one of its headers replaced, dropped, doubled or bent."""
    what = draw(st.sampled_from(("key", "value", "header", "header", "header", "drop", "double", "partition", "flip")))
    if what == "partition":
        return replace(good, partition=1 - good.partition)
    if what in ("key", "value"):
        return replace(good, **{what: draw(nasty)})
    if what == "flip":
        return replace(good, value=_flipped(good.value or b"", draw(st.integers(0, 10_000))))
    place = draw(st.integers(0, len(good.headers) - 1))
    return replace(good, headers=_bent(good.headers, place, what, draw(nasty)))


def _flipped(value: bytes, place: int) -> bytes:
    at = place % len(value)
    return value[:at] + bytes([value[at] ^ 1 << place % 8]) + value[at + 1 :]


def _bent(headers: Headers, place: int, what: str, value: Bytes) -> Headers:
    before, (name, kept), after = headers[:place], headers[place], headers[place + 1 :]
    middle: dict[str, Headers] = {"drop": (), "double": ((name, kept), (name, value)), "header": ((name, value),)}
    return before + middle[what] + after


async def send(producer: AIOKafkaProducer, records: Sequence[Record]) -> None:
    """In order, each to the partition that it names."""
    for one in records:
        await (
            await producer.send(
                one.topic, value=one.value, key=one.key, partition=one.partition, headers=list(one.headers)
            )
        )


class RawName(str):
    """A header name of bytes that are no UTF-8; the client encodes what it takes for a text."""

    def encode(self, *_: str) -> bytes:  # type: ignore[override]
        return b"\xff\xfe name"


async def send_broken(producer: AIOKafkaProducer, topic: str, partition: int) -> None:
    """A record that the client cannot take apart again."""
    builder = _DefaultRecordBatchBuilderPy(2, 0, False, -1, -1, -1, 100_000)
    builder.append(0, timestamp=1, key=b"k", value=b"v", headers=[(RawName("x"), b"")])
    batch = producer.create_batch()
    batch._builder = builder
    batch._relative_offset = 1
    await (await producer.send_batch(batch, topic, partition=partition))


@asynccontextmanager
async def removed_afterwards(kafka: KafkaConnection, topic: str) -> AsyncIterator[None]:
    """Not every reader of the whole broker passes over such a record."""
    await create_topics(kafka, [topic])
    yield
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    await admin.delete_topics([topic])
    await admin.close()
