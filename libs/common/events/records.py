"""A record off the broker, read strictly: either an event with every attribute in order, or the reason why it is none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

from libs.common.events.envelope import Envelope, partition_of
from libs.common.events.signatures import FalseSignature, PublicKeys, attributes_of, check_signature

Headers = tuple[tuple[str, bytes | None], ...]

# More than any event has; the broker's own limit counts compressed bytes.
MAX_VALUE_BYTES, MAX_KEY_CHARACTERS = 16 * 1024 * 1024, 512
# A partner's clock may be wrong by so much before its events are.
CLOCK_TOLERANCE = timedelta(days=1)

_REQUIRED = (
    "ce_specversion",
    "ce_id",
    "ce_source",
    "ce_type",
    "ce_time",
    "ce_partitionkey",
    "ce_sequence",
    "content-type",
)
_SIGNED = ("ce_signature", "ce_keyid")
_KNOWN = frozenset({*_REQUIRED, *_SIGNED, "ce_traceparent"})
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_SOURCE = re.compile(r"/(n\d{6})/([a-z]{1,40})", re.ASCII)
_TYPE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,4}\.v[0-9]{1,3}", re.ASCII)
_SEQUENCE = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)  # fits a bigint with room to spare
_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
# The first word of events that any service announces of itself: the ends of its trail.
OF_EVERY_SERVICE = "audit"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MIRRORED = re.compile(r"(n\d{6})__(.+)", re.ASCII)
# `\u0000` where the backslash is not itself escaped: JSON may say it, PostgreSQL cannot keep it.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True)
class Record:
    """One record at its place on the broker, nothing of it understood yet."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass(frozen=True)
class Arrival:
    """One event as it arrived: the envelope, its data as JSON text, and the record that both were read from."""

    envelope: Envelope
    data: str
    record: Record | None = None


class Unreadable(ValueError):
    """A record that is no event; `reason` is a stable code, the message says what is wrong with it."""

    def __init__(self, reason: str, detail: str):
        super().__init__(detail)
        self.reason = reason


def refuse(reason: str, detail: str) -> NoReturn:
    raise Unreadable(reason, detail)


def origin_of(topic: str, here: str) -> str:
    """The node whose events a topic may hold: the mirror's prefix, or this node."""
    mirrored = _MIRRORED.fullmatch(topic)
    return mirrored.group(1) if mirrored else here


def local_name(topic: str) -> str:
    """A topic's name at its origin."""
    mirrored = _MIRRORED.fullmatch(topic)
    return mirrored.group(2) if mirrored else topic


def read_record(record: Record, here: str, now: datetime, keys_of: Callable[[str], PublicKeys]) -> Arrival:
    """A record in CloudEvents binary mode as an arrival that its node has signed; raises Unreadable, and nothing else
    whatever the bytes are."""
    said = _attributes_of(record)
    envelope = _envelope_of(record, said, now)
    if envelope.node != origin_of(record.topic, here):
        refuse("false_source", f"{envelope.source} has no place on {record.topic}")
    text = _data_of(record)
    _check_signed(envelope, said, keys_of(envelope.node), text)
    return Arrival(envelope, text, record)


def _check_signed(envelope: Envelope, said: Mapping[str, str], keys: PublicKeys, text: str) -> None:
    value = parse_json(text)
    if not isinstance(value, dict):
        refuse("json", "the value is no JSON object")
    attributes = attributes_of(
        id=said["ce_id"],
        source=envelope.source,
        type=envelope.type,
        time=said["ce_time"],
        topic=envelope.topic,
        partition=envelope.partition,
        partitionkey=envelope.key,
        sequence=said["ce_sequence"],
        traceparent=envelope.traceparent,
    )
    try:
        check_signature(keys, {**attributes, "keyid": said["ce_keyid"]}, value, text, said["ce_signature"])
    except FalseSignature as error:
        refuse(error.reason, str(error))


def _attributes_of(record: Record) -> dict[str, str]:
    """The headers that an event has, as text; others are of no concern to us."""
    known: dict[str, str] = {}
    for name, value in record.headers:
        if name not in _KNOWN:
            continue
        if name in known:
            refuse("headers", f"{name} is there twice")
        if value is None:
            refuse("headers", f"{name} has no value")
        known[name] = _text(value, name)
    missing = [name for name in _REQUIRED if name not in known]
    if missing:
        refuse("headers", f"missing: {', '.join(missing)}")
    if any(name not in known for name in _SIGNED):
        refuse("unsigned", "every event carries the signature of its node and the id of the key")
    return known


def _text(value: bytes, what: str) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        refuse("encoding", f"{what} is no UTF-8")


def _envelope_of(record: Record, said: Mapping[str, str], now: datetime) -> Envelope:
    if said["ce_specversion"] != "1.0" or said["content-type"] != "application/json":
        refuse("headers", "an event is CloudEvents 1.0 in application/json")
    for name, form in (
        ("ce_id", _ID),
        ("ce_type", _TYPE),
        ("ce_sequence", _SEQUENCE),
        ("ce_traceparent", _TRACEPARENT),
    ):
        if name in said and not form.fullmatch(said[name]):
            refuse("headers", f"{name} is not what it should be")
    return Envelope(
        id=UUID(said["ce_id"]),
        source=_source_of(said),
        type=said["ce_type"],
        time=_time_of(said["ce_time"], now),
        topic=local_name(record.topic),
        partition=record.partition,
        sequence=int(said["ce_sequence"]),
        key=_key_of(record, said["ce_partitionkey"]),
        traceparent=said.get("ce_traceparent"),
    )


def _source_of(said: Mapping[str, str]) -> str:
    """`/n440300/jobs`: a service announces its own types of events, what every service tells of itself, and nobody else's."""
    source = _SOURCE.fullmatch(said["ce_source"])
    if source is None:
        refuse("headers", "ce_source is not /<node>/<service>")
    if said["ce_type"].split(".")[0] not in (source.group(2), OF_EVERY_SERVICE):
        refuse("false_source", f"{said['ce_type']} is no event of {said['ce_source']}")
    return said["ce_source"]


def _time_of(said: str, now: datetime) -> datetime:
    """RFC 3339 with its offset, from this century and not from the future."""
    try:
        time = (
            datetime.fromisoformat(said)
            if _TIME.fullmatch(said)
            else refuse("time", "ce_time is no RFC 3339 time with offset")
        )
    except ValueError:
        refuse("time", "ce_time is no time of the calendar")
    if time.year < 2000 or time.year > 9000 or time > now + CLOCK_TOLERANCE:
        refuse("time", "ce_time lies before 2000 or in the future")
    return time


def _key_of(record: Record, said: str) -> str:
    if not 0 < len(said) <= MAX_KEY_CHARACTERS or _CONTROL.search(said):
        refuse("key", f"ce_partitionkey has 1 to {MAX_KEY_CHARACTERS} characters, none of them a control")
    if record.key != said.encode() or record.partition != partition_of(said):
        refuse("key", "key, ce_partitionkey and partition do not belong together")
    return said


def _data_of(record: Record) -> str:
    """The value as text."""
    if not record.value:
        refuse("json", "there is no value")
    if len(record.value) > MAX_VALUE_BYTES:
        refuse("size", f"{len(record.value)} bytes, {MAX_VALUE_BYTES} are the limit")
    return _text(record.value, "the value")


def parse_json(text: str) -> Any:
    """JSON of RFC 8259 that can be kept and said again: no NUL, no lone surrogate, no NaN, no deeper than Python goes."""
    if _NUL.search(text):
        refuse("json", "a text holds NUL")
    try:
        value = json.loads(text, parse_constant=lambda name: refuse("json", f"{name} is no number of JSON"))
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except Unreadable:
        raise
    except UnicodeEncodeError:
        refuse("json", "a text holds half a surrogate pair")
    except (ValueError, RecursionError):
        refuse("json", "the value is no JSON, or nests too deep")
    return value
