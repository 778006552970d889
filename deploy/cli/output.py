"""What people see while they wait, always on stderr: stdout belongs to the answer."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console

console = Console(stderr=True, highlight=False, soft_wrap=True)
answers = Console(highlight=False, soft_wrap=True)


class Progress:
    """One line that lives (on a terminal), and every thing that was said above it; calls may come from any thread."""

    def __init__(self) -> None:
        self._status = console.status("") if console.is_terminal else None
        self._lock = threading.Lock()
        self._last = ""

    def __call__(self, text: str) -> None:
        with self._lock:
            counted = text.partition(": ")[0]
            if self._status:
                self._status.update(text)
            if counted != self._last:  # a count goes on in the living line; elsewhere once is enough
                console.print(f"  {text}", markup=False)
            self._last = counted

    @contextmanager
    def shown(self) -> Iterator[Progress]:
        if self._status is None:
            yield self
            return
        with self._status:
            yield self


def say(text: str) -> None:
    console.print(text, markup=False)


class Report(Protocol):
    """What a command has found out: one JSON value, or a few sentences."""

    def document(self) -> object: ...

    def in_words(self) -> str: ...


def show(report: Report, as_json: bool) -> None:
    if as_json:
        answer_json(report.document())
    else:
        answers.print(report.in_words(), markup=False)


def answer_json(value: Any) -> None:
    """The one JSON value of a command on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.flush()
