"""A trace goes from the door through relay and journal to whoever handles the event, and a collector is told of each part."""

from __future__ import annotations

import io
import json
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased
from structlog.typing import FilteringBoundLogger

from libs.common.telemetry import current_traceparent, span, start_tracing, tracing
from libs.common.telemetry.logs import OnceAMinute, json_formatter, own_lines
from tests.support.nodes import Nodes, announced, client_of, hand_over
from tests.support.sample import SERVICE

COUNT = {"name": "oranges", "number": 1}


class Collector(ThreadingHTTPServer):
    """Stands for an OTLP collector: keeps the spans that it is sent."""

    def __init__(self) -> None:
        self.spans: dict[str, bytes] = {}
        super().__init__(("127.0.0.1", 0), _Take)


class _Take(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        told = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
        spans = [one for resource in told.resource_spans for scope in resource.scope_spans for one in scope.spans]
        assert isinstance(self.server, Collector)
        self.server.spans |= {one.name: one.trace_id for one in spans}
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the test's screen."""


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    monkeypatch.setattr(tracing, "_tracing", tracing._Tracing())
    with Collector() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        start_tracing(f"http://127.0.0.1:{server.server_port}/v1/traces", "n433124")
        yield server
        provider_of(tracing._tracing).shutdown()
        server.shutdown()


def provider_of(tracing: tracing._Tracing) -> TracerProvider:
    assert tracing.provider is not None
    return tracing.provider


async def test_door_and_inbox_stand_in_one_trace(nodes: Nodes, collector: Collector) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        answer = await client.post("/sample/v1/counts", json=COUNT)
    trace = answer.headers["traceparent"].split("-")[1]
    await hand_over([arrival for arrival, _ in await announced(context)], context)
    provider_of(tracing._tracing).force_flush()
    told = {name: trace_id.hex() for name, trace_id in collector.spans.items()}
    assert told == {"POST sample": trace, "handle sample.tally.counted.v1": trace}


async def test_without_a_collector_the_trace_goes_with_the_event_all_the_same(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        answer = await client.post("/sample/v1/counts", json=COUNT)
    [(arrival, _)] = await announced(context)
    assert arrival.envelope.traceparent == answer.headers["traceparent"]


traceparents = st.one_of(
    st.text(max_size=60),
    st.from_regex(r"\A[ \t]?(00|01|ff)-(0{32}|[0-9a-f]{32})-(0{16}|[0-9a-f]{16})-[0-9a-f]{2}(-x|[ \t])?\Z"),
)


@given(traceparents)
def test_a_span_that_nobody_records_goes_on_with_the_same_traces_as_one_that_is_recorded(caller: str) -> None:
    recording = _recording(TracerProvider(sampler=ParentBased(ALWAYS_OFF), shutdown_on_exit=False))
    with span("unrecorded", traceparent=caller):
        unrecorded = (current_traceparent() or "").split("-")
    with recording, span("recorded", traceparent=caller):
        recorded = (current_traceparent() or "").split("-")
    assert [len(part) for part in unrecorded] == [len(part) for part in recorded] == [2, 32, 16, 2]
    assert (unrecorded[1] in caller) == (recorded[1] in caller)
    assert unrecorded[3] == recorded[3]
    assert unrecorded[2] != recorded[2]


@contextmanager
def _recording(provider: TracerProvider) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracing, "_tracing", tracing._Tracing())
        tracing._tracing.use(provider)
        yield


def test_spans_nest_and_end() -> None:
    with span("outer"):
        outer = (current_traceparent() or "").split("-")
        with span("inner"):
            inner = (current_traceparent() or "").split("-")
        assert (current_traceparent() or "").split("-") == outer
    assert (inner[1], inner[3]) == (outer[1], outer[3])
    assert inner[2] != outer[2]
    assert current_traceparent() is None


async def test_a_callers_trace_goes_on_and_a_broken_one_is_replaced(nodes: Nodes) -> None:
    context, trace = await nodes.open(SERVICE), "a" * 32
    async with client_of(context) as client:
        followed = await client.get("/sample/v1/health/live", headers={"traceparent": f"00-{trace}-{'b' * 16}-01"})
        replaced = await client.get("/sample/v1/health/live", headers={"traceparent": "no trace at all"})
    assert followed.headers["traceparent"].split("-")[1] == trace
    assert followed.headers["traceparent"].split("-")[2] != "b" * 16
    assert followed.headers["traceparent"].endswith("-01")
    assert len(replaced.headers["traceparent"]) == 55
    assert current_traceparent() is None


@pytest.mark.parametrize("text", ['a "quoted" word', "two\nlines", "back\\slash", "中文 {braces} %s", "\x00\x1b[31m"])
def test_every_line_of_log_is_one_json_object_in_one_form(text: str) -> None:
    with span("test"):
        trace = (current_traceparent() or "").split("-")[1]
        own = own_line(lambda log: log.error("said", text=text))
        foreign = foreign_line(lambda logger: logger.error("it said %s", text))
    assert (own["event"], own["text"], foreign["event"]) == ("said", text, f"it said {text}")
    assert own["trace"] == foreign["trace"] == trace
    assert own.keys() - {"text"} <= foreign.keys()
    assert (own["level"], foreign["level"], foreign["logger"]) == ("error", "error", "xieli.some.library")


def test_a_fault_is_told_with_its_trace_of_calls() -> None:
    def fail() -> None:
        raise KeyError("a slip")

    with pytest.raises(KeyError) as failed:
        fail()
    own = own_line(lambda log: log.error("failed", exc_info=failed.value))
    foreign = foreign_line(lambda logger: logger.error("failed", exc_info=failed.value))
    for line in (own, foreign):
        assert "in fail" in line["exception"]
        assert line["exception"].endswith("KeyError: 'a slip'")


ODD = ["\ud800", b"\xff", float("nan"), {1, 2}, Path("/a"), ValueError("no"), uuid.uuid4(), datetime.now(UTC), object()]


@pytest.mark.parametrize("value", ODD, ids=[type(value).__name__ for value in ODD])
def test_no_value_is_too_odd_for_a_line(value: object) -> None:
    ring: list[object] = [value]
    ring.append(ring)
    for extra in ({"odd": value}, {"odd": ring}):
        own = own_line(lambda log: log.error("said", **extra))  # noqa: B023
        foreign = foreign_line(lambda logger: logger.error("said", extra=extra))  # noqa: B023
        assert (own["event"], foreign["event"]) == ("said", "said")


def own_line(say: Callable[[FilteringBoundLogger], None]) -> dict[str, Any]:
    """What a line of ours looks like."""
    stream = io.BytesIO()
    wrapper = structlog.make_filtering_bound_logger("INFO")
    say(structlog.wrap_logger(structlog.BytesLogger(stream), processors=own_lines(), wrapper_class=wrapper))
    return only_line(stream.getvalue())


def foreign_line(say: Callable[[logging.Logger], None]) -> dict[str, Any]:
    """What a library's line looks like."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_formatter())
    logger = logging.getLogger("xieli.some.library")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        say(logger)
    finally:
        logger.removeHandler(handler)
    return only_line(stream.getvalue().encode())


def only_line(told: bytes) -> dict[str, Any]:
    assert told.endswith(b"\n")
    assert told.count(b"\n") == 1
    line: dict[str, Any] = json.loads(told)
    return line


def test_what_a_kafka_client_repeats_is_said_once_and_counted() -> None:
    def record(name: str, text: str, node: int) -> logging.LogRecord:
        return logging.LogRecord(name, logging.ERROR, "", 0, text, (node,), None)

    at = [1000.0]
    quiet = OnceAMinute(("aiokafka",), clock=lambda: at[0])
    passed = [quiet.filter(record("aiokafka.client", "Unable connect to node with id %s", node)) for node in range(5)]
    assert passed == [True, False, False, False, False]
    assert quiet.filter(record("aiokafka.client", "another fault at %s", 1))
    assert all(quiet.filter(record("uvicorn", "the same of %s", 1)) for _ in range(3))
    at[0] += 60
    again = record("aiokafka.client", "Unable connect to node with id %s", 9)
    assert quiet.filter(again)
    assert again.__dict__["held_back"] == 4
