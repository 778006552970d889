"""A trace goes from the door through relay and journal to whoever handles the event, and a collector is told of each part."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from libs.common.telemetry import current_traceparent, log, span, start_tracing, tracing
from libs.common.telemetry.logs import OnceAMinute, json_formatter
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
        tracing._tracing.provider.shutdown()
        server.shutdown()


async def test_door_and_inbox_stand_in_one_trace(nodes: Nodes, collector: Collector) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        answer = await client.post("/sample/v1/counts", json=COUNT)
    trace = answer.headers["traceparent"].split("-")[1]
    await hand_over([arrival for arrival, _ in await announced(context)], context)
    tracing._tracing.provider.force_flush()
    told = {name: trace_id.hex() for name, trace_id in collector.spans.items()}
    assert told == {"POST sample": trace, "handle sample.tally.counted.v1": trace}


async def test_a_callers_trace_goes_on_and_a_broken_one_is_replaced(nodes: Nodes) -> None:
    context, trace = await nodes.open(SERVICE), "a" * 32
    async with client_of(context) as client:
        followed = await client.get("/sample/v1/health/live", headers={"traceparent": f"00-{trace}-{'b' * 16}-01"})
        replaced = await client.get("/sample/v1/health/live", headers={"traceparent": "no trace at all"})
    assert followed.headers["traceparent"].split("-")[1] == trace
    assert followed.headers["traceparent"].split("-")[2] != "b" * 16
    assert len(replaced.headers["traceparent"]) == 55
    assert current_traceparent() is None


@pytest.mark.parametrize("text", ['a "quoted" word', "two\nlines", "back\\slash", "中文 {braces} %s", "\x00\x1b[31m"])
def test_every_line_of_log_is_one_json_object(text: str, caplog: pytest.LogCaptureFixture) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_formatter())
    logger = logging.getLogger("xieli")
    logger.addHandler(handler)
    try:
        with span("test"):
            logging.getLogger("xieli.some.library").error("it said %s", text)
            log.error("said", text=text)
    finally:
        logger.removeHandler(handler)
    foreign, own = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (foreign["event"], own["text"]) == (f"it said {text}", text)
    assert foreign["trace"] == own["trace"]
    assert (foreign["logger"], foreign["level"]) == ("xieli.some.library", "error")


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
