"""Logs, metrics and traces: JSON lines with ids and never names, a request histogram, the traceparent of the moment."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from contextvars import ContextVar
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)
_TRACEPARENT = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")

log = structlog.get_logger()


def current_traceparent() -> str | None:
    """The W3C traceparent of the request or event at hand."""
    return _traceparent.get()


def continue_trace(traceparent: str | None) -> None:
    """Go on with a caller's trace, or begin one."""
    valid = traceparent if traceparent and _TRACEPARENT.match(traceparent) else None
    _traceparent.set(valid or f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01")


def start_logging(level: str = "INFO") -> None:
    """JSON lines on stderr; libraries that repeat themselves while a broker is away speak up from ERROR on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _add_trace,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(
        level=logging.WARNING,
        stream=sys.stderr,
        format='{"level":"%(levelname)s","logger":"%(name)s","event":"%(message)s"}',
    )
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


def _add_trace(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    trace = current_traceparent()
    return {**event, "trace": trace.split("-")[1]} if trace else event


class Metrics:
    """The measures of one service; each has a registry of its own, so several can share a process."""

    def __init__(self, service: str):
        self.registry = CollectorRegistry()
        labels: dict[str, Any] = {"registry": self.registry}
        self.requests = Histogram("xieli_request_seconds", "Time to answer.", ["service", "method", "status"], **labels)
        self.handled = Counter("xieli_events_handled", "Events handled once.", ["service", "type"], **labels)
        self.repeated = Counter("xieli_events_repeated", "Events that came again.", ["service"], **labels)
        self.refused = Counter("xieli_events_refused", "Records kept as dead letters.", ["service", "reason"], **labels)
        self.emptied = Counter(
            "xieli_dead_letters_emptied",
            "Dead letters whose bytes had to go, because there were too many.",
            ["service"],
            **labels,
        )
        self.gaps = Counter("xieli_sequence_gaps", "Holes seen in a sequence.", ["service"], **labels)
        self.parked = Counter("xieli_events_parked", "Events parked.", ["service"], **labels)
        self.outbox_age = Gauge("xieli_outbox_age_seconds", "Age of the oldest unsent event.", ["service"], **labels)
        self.service = service


class Observe:
    """Pure ASGI: takes the trace in, measures the answer, writes one line without query or body."""

    def __init__(self, app: ASGIApp, metrics: Metrics):
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = dict(scope["headers"])
        continue_trace(headers.get(b"traceparent", b"").decode("latin-1"))
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"traceparent", (current_traceparent() or "").encode())]
            await send(message)

        labels = {"service": self.metrics.service, "method": scope["method"]}
        started = time.perf_counter()
        try:
            await self.app(scope, receive, watch)
        finally:
            seconds = time.perf_counter() - started
            self.metrics.requests.labels(status=str(status), **labels).observe(seconds)
            route = getattr(scope.get("route"), "path", "")
            log.info("answered", route=route, status=status, ms=round(seconds * 1000, 1), **labels)
