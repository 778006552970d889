"""Logs (日志): JSON lines on stderr with ids and never names, one form for our own lines and those of libraries."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import structlog
from pydantic_core import to_json
from structlog.typing import EventDict, FilteringBoundLogger, Processor

from libs.common.telemetry.tracing import current_traceparent

log: FilteringBoundLogger = structlog.get_logger()

# While a broker is away its clients say the same many times a second.
QUIET_SECONDS = 60.0
_REPEATING = ("aiokafka",)


def start_logging(level: str = "INFO") -> None:
    """Our own lines from `level` on, those of libraries from WARNING on; what a Kafka client repeats is said once a minute."""
    structlog.configure(
        processors=own_lines(),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(json_formatter())
    handler.addFilter(OnceAMinute(_REPEATING))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def own_lines() -> list[Processor]:
    """What makes a line of ours: rendered once and written as it is, for every request writes one."""
    return [*_every_line(), structlog.processors.format_exc_info, lambda _, __, event: rendered(event)]


def json_formatter() -> logging.Formatter:
    """The same form for a library's record, whatever stands in it."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_every_line(), structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            lambda _, __, event: rendered(event).decode(),
        ],
    )


def rendered(event: EventDict) -> bytes:
    """One JSON object on one line; what is not JSON is told by its text."""
    try:
        return to_json(event, fallback=str)
    except ValueError:
        # Half a surrogate, bytes that are no text, a ring of references.
        return json.dumps({name: str(value) for name, value in event.items()}).encode()


def _every_line() -> list[Processor]:
    return [_add_trace, structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]


def _add_trace(_: Any, __: str, event: EventDict) -> EventDict:
    if trace := current_traceparent():
        event["trace"] = trace.split("-")[1]
    return event


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
