"""Traces (链路追踪): W3C trace context with spans at doors, relay and inbox; recorded and sent only where a collector is named."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, Token
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_PROPAGATOR = TraceContextTextMapPropagator()
_NAME = "xieli"
_TRACEPARENT = re.compile(
    r"[ \t]*(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:(-.*)|[ \t]*)"
)
_SAMPLED, _RANDOM = trace.TraceFlags.SAMPLED, trace.TraceFlags.RANDOM_TRACE_ID
_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)


class _Tracing:
    """Where the process's spans go: nowhere until a collector is named."""

    def __init__(self) -> None:
        self.provider: TracerProvider | None = None
        self.tracer: trace.Tracer | None = None

    def use(self, provider: TracerProvider) -> None:
        self.provider, self.tracer = provider, provider.get_tracer(_NAME)


_tracing = _Tracing()


def start_tracing(collector: str, node: str) -> None:
    """Send spans to an OTLP collector (`http://host:4318/v1/traces`); for "" nothing is sent."""
    if not collector:
        return
    # They bring protobuf along: only for who wants it.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased

    resource = Resource.create({"service.name": _NAME, "service.instance.id": node})
    provider = TracerProvider(sampler=ParentBased(ALWAYS_ON), resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=collector)))
    _tracing.use(provider)


def current_traceparent() -> str | None:
    """The W3C traceparent of the request or event at hand."""
    return _traceparent.get()


def span(
    name: str, kind: SpanKind = SpanKind.INTERNAL, traceparent: str | None = None, **attributes: AttributeValue
) -> AbstractContextManager[trace.Span]:
    """One piece of work: it goes on with the caller's trace, with the one at hand when none is given, or begins one."""
    if _tracing.tracer is None:
        return _Unrecorded(traceparent)
    return _recorded(_tracing.tracer, name, kind, traceparent, attributes)


class _Unrecorded:
    """A span of which nobody is told: it has ids, for logs, events and other services, and costs no more than those."""

    __slots__ = ("_caller", "_token")

    def __init__(self, caller: str | None):
        self._caller = caller or _traceparent.get() or ""
        self._token: Token[str | None] | None = None

    def __enter__(self) -> trace.Span:
        self._token = _traceparent.set(_child_of(self._caller))
        return trace.INVALID_SPAN

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _traceparent.reset(self._token)


def _child_of(traceparent: str) -> str:
    """The caller's trace with an id of one's own; a trace of one's own, which nobody samples, where that is none."""
    known = _TRACEPARENT.fullmatch(traceparent)
    if known is None or (known[1] == "00" and known[4]):
        return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-{_RANDOM:02x}"
    return f"00-{known[2]}-{secrets.token_hex(8)}-{int(known[3], 16) & (_SAMPLED | _RANDOM):02x}"


@contextmanager
def _recorded(
    tracer: trace.Tracer, name: str, kind: SpanKind, traceparent: str | None, attributes: dict[str, AttributeValue]
) -> Iterator[trace.Span]:
    caller = _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None
    with tracer.start_as_current_span(name, context=caller, kind=kind, attributes=attributes) as at_work:
        here = at_work.get_span_context()
        token = _traceparent.set(f"00-{here.trace_id:032x}-{here.span_id:016x}-{here.trace_flags:02x}")
        try:
            yield at_work
        finally:
            _traceparent.reset(token)
