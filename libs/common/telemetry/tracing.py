"""Traces (链路追踪): W3C trace context with spans at doors, relay and inbox; recorded and sent only where a collector is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, ParentBased
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

_PROPAGATOR = TraceContextTextMapPropagator()
_NAME = "xieli"


class _Tracing:
    """The process's tracer. Without a collector a trace that begins here has ids, for logs and events, and nothing is recorded."""

    def __init__(self) -> None:
        self.use(TracerProvider(sampler=ParentBased(ALWAYS_OFF), shutdown_on_exit=False))

    def use(self, provider: TracerProvider) -> None:
        self.provider, self.tracer = provider, provider.get_tracer(_NAME)


_tracing = _Tracing()


def start_tracing(collector: str, node: str) -> None:
    """Send spans to an OTLP collector (`http://host:4318/v1/traces`); for "" nothing is sent."""
    if not collector:
        return
    # Brings protobuf along: only for who wants it.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.name": _NAME, "service.instance.id": node})
    provider = TracerProvider(sampler=ParentBased(ALWAYS_ON), resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=collector)))
    _tracing.use(provider)


def current_traceparent() -> str | None:
    """The W3C traceparent of the request or event at hand."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


@contextmanager
def span(
    name: str, kind: SpanKind = SpanKind.INTERNAL, traceparent: str | None = None, **attributes: AttributeValue
) -> Iterator[trace.Span]:
    """One piece of work: it goes on with the caller's trace, with the one at hand when none is given, or begins one."""
    caller = _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None
    with _tracing.tracer.start_as_current_span(name, context=caller, kind=kind, attributes=attributes) as at_work:
        yield at_work
