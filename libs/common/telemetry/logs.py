"""Logs (日志): JSON lines on stderr with ids and never names, one form for our own lines and those of libraries."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import structlog

from libs.common.telemetry.tracing import current_traceparent

_OWN = "xieli"

log = structlog.stdlib.get_logger(_OWN)

# While a broker is away its clients say the same many times a second.
QUIET_SECONDS = 60.0
_REPEATING = ("aiokafka",)


def start_logging(level: str = "INFO") -> None:
    """Our own lines from `level` on, those of libraries from WARNING on; what a Kafka client repeats is said once a minute."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_every_line(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(json_formatter())
    handler.addFilter(OnceAMinute(_REPEATING))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(_OWN).setLevel(level)


def json_formatter() -> logging.Formatter:
    """One JSON object for each record, whatever stands in it."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_every_line(), structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )


def _every_line() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        _add_trace,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _add_trace(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    trace = current_traceparent()
    return {**event, "trace": trace.split("-")[1]} if trace else event


class OnceAMinute(logging.Filter):
    """Lets a line of the named libraries pass when none of its kind came within a minute; the next one says how many did."""

    def __init__(self, libraries: tuple[str, ...], clock: Callable[[], float] = time.monotonic):
        super().__init__()
        self._libraries = libraries
        self._clock = clock
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith(self._libraries):
            return True
        kind, now = (record.name, str(record.msg)), self._clock()
        last, held = self._said.get(kind, (-QUIET_SECONDS, 0))
        if now - last < QUIET_SECONDS:
            self._said[kind] = last, held + 1
            return False
        self._said[kind] = now, 0
        if held:
            record.held_back = held
        return True
