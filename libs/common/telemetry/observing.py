"""Every answer observed (请求观测): a span that goes on with the caller's trace, a measure, one line of log."""

from __future__ import annotations

import time

from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.common.telemetry.logs import log
from libs.common.telemetry.metrics import Metrics
from libs.common.telemetry.tracing import current_traceparent, span


class Observe:
    """Pure ASGI: takes the trace in, measures the answer, writes one line without query or body."""

    def __init__(self, app: ASGIApp, metrics: Metrics):
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        caller = dict(scope["headers"]).get(b"traceparent", b"").decode("latin-1")
        with span(f"{scope['method']} {self.metrics.service}", SpanKind.SERVER, caller) as at_work:
            status = 500
            traceparent = (b"traceparent", (current_traceparent() or "").encode())

            async def watch(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    message["headers"] = [*message["headers"], traceparent]
                await send(message)

            started = time.perf_counter()
            try:
                await self.app(scope, receive, watch)
            finally:
                route = getattr(scope.get("route"), "path", "")
                at_work.set_attributes({"http.route": route, "http.response.status_code": status})
                self._tell(scope["method"], route, status, time.perf_counter() - started)

    def _tell(self, method: str, route: str, status: int, seconds: float) -> None:
        labels = {"service": self.metrics.service, "method": method}
        self.metrics.requests.labels(status=str(status), **labels).observe(seconds)
        log.info("answered", route=route, status=status, ms=round(seconds * 1000, 1), **labels)
