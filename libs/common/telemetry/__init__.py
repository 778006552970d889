"""What a node says of itself while it works (可观测): JSON lines of log, metrics, and traces that cross services and nodes."""

from __future__ import annotations

from libs.common.telemetry.logs import log, start_logging
from libs.common.telemetry.metrics import Metrics
from libs.common.telemetry.observing import Observe
from libs.common.telemetry.tracing import current_traceparent, span, start_tracing

__all__ = ["Metrics", "Observe", "current_traceparent", "log", "span", "start_logging", "start_tracing"]
