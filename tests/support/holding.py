"""Whoever holds rows does nothing long (持锁不做重活): a transaction that has written or locked begins no thread, asks nobody over HTTP,
hashes no password, reads no sheet and computes with no kernel before it ends.

Watched by kind and not by the clock, in every test of this process; how long rows were held is told at the end and fails nothing.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import pytest
from greenlet import getcurrent  # type: ignore[import-untyped]
from sqlalchemy import Engine, event

from libs.common import pools
from libs.common.database import Connection

HOME = f"{Path(__file__).parents[2]}/"
LONGEST = 10
_LOCKS = re.compile(
    r"\b(insert\s+into|delete\s+from|update\s+\S+\s+(as\s+\S+\s+)?set|for\s+(no\s+key\s+)?update|for\s+(key\s+)?share|"
    r"pg_(try_)?advisory_xact_lock\w*|lock\s+table)\b",
    re.IGNORECASE,
)
# What computes by itself, and so would hold the event loop besides.
_WORK = {
    "password": [("argon2", "PasswordHasher.hash"), ("argon2", "PasswordHasher.verify")],
    "sheet": [
        ("subprocess", "Popen.__init__"),
        ("libs.common.sheets.reader", "read_workbook"),
        ("xlsxwriter", "Workbook.__init__"),
    ],
    "kernel": [
        ("numba.core.dispatcher", "Dispatcher.compile"),
        *(("services.matching.kernel.federation", f"CitySide.{name}") for name in ("__init__", "hold", "close")),
        *(
            ("services.matching.kernel.federation", f"CountySide.{name}")
            for name in ("__init__", "look", "judged_by", "bests")
        ),
    ],
}
# A request that is handed to an application within the process is nobody's who sends it.
_REQUEST: ContextVar[object] = ContextVar("request", default=None)


@dataclass(eq=False)
class Held:
    """A transaction that holds rows: whose task it is, since when, and what the loop's thread has worked meanwhile."""

    connection: Connection
    task: object
    request: object
    site: str
    test: str
    since: float = field(default_factory=time.monotonic)
    worked: float = field(default_factory=time.thread_time)

    def end(self) -> Held:
        self.since, self.worked = time.monotonic() - self.since, time.thread_time() - self.worked
        return self

    def told(self) -> str:
        return f"{self.since * 1000:7.0f} ms {self.worked * 1000:7.0f} ms  {self.test}  {self.site}"


@dataclass
class Watch:
    """What is held now, what was begun meanwhile against the rule, and what was held longest."""

    held: dict[int, Held] = field(default_factory=dict)
    breaches: list[str] = field(default_factory=list)
    longest: list[Held] = field(default_factory=list)
    told: list[tuple[float, str]] = field(default_factory=list)
    test: str = ""

    def ran(self, connection: Connection, statement: str) -> None:
        """After each statement of a service."""
        known = self.held.get(id(connection))
        if not connection.is_in_transaction():
            self.let_go(connection)
        elif (known is None or known.connection is not connection) and _LOCKS.search(statement):
            here = (_task(), _REQUEST.get(), _site(), self.test)
            self.held[id(connection)] = Held(connection, *here)

    def let_go(self, connection: Connection) -> None:
        if ended := self.held.pop(id(connection), None):
            self.longest = sorted([*self.longest, ended.end()], key=lambda each: -each.since)[:LONGEST]

    def begins(self, work: str) -> None:
        """Work that holds nothing, by its kind."""
        task, request = _task(), _REQUEST.get()
        for each in list(self.held.values()) if task else ():
            mine = each.task is task and each.request is request and each.connection.is_in_transaction()
            if mine and not (site := _site()).startswith("tests/"):
                self.breaches.append(f"{work} at {site}, holding since {each.site}")

    @contextmanager
    def expecting(self) -> Iterator[list[str]]:
        """Breaches that a test commits on purpose."""
        before, self.breaches = self.breaches, []
        try:
            yield self.breaches
        finally:
            self.breaches = before


WATCH = Watch()


def _task() -> object:
    try:
        return asyncio.current_task()
    except RuntimeError:  # a thread: nothing is held there
        return None


def _site(depth: int = 4) -> str:
    """Where we are, by this repository's own files, the innermost first."""
    found = list[str]()
    for frame in _frames():
        path = frame.f_code.co_filename
        if path.startswith(HOME) and "/.venv/" not in path and path != __file__ and len(found) < depth:
            found.append(f"{path.removeprefix(HOME)}:{frame.f_lineno} {frame.f_code.co_name}")
    return " < ".join(found)


def _frames() -> Iterator[FrameType]:
    """The innermost first; the toolkit's greenlets stand on the frames of whoever asked it."""
    frame: FrameType | None = sys._getframe(2)
    here = getcurrent()
    while frame:
        yield frame
        frame = frame.f_back
        if frame is None and (here := here.parent):
            frame = here.gr_frame


class WatchedConnection(Connection):
    """Tells the watch of each statement; those of the toolkit are told by its own event."""

    async def execute(self, query: str, *args: Any, **more: Any) -> Any:
        done = await super().execute(query, *args, **more)
        WATCH.ran(self, query)
        return done

    async def executemany(self, command: str, *args: Any, **more: Any) -> Any:
        done = await super().executemany(command, *args, **more)
        WATCH.ran(self, command)
        return done

    async def fetch(self, query: str, *args: Any, **more: Any) -> Any:
        done = await super().fetch(query, *args, **more)
        WATCH.ran(self, query)
        return done

    async def fetchrow(self, query: str, *args: Any, **more: Any) -> Any:
        done = await super().fetchrow(query, *args, **more)
        WATCH.ran(self, query)
        return done

    async def fetchval(self, query: str, *args: Any, **more: Any) -> Any:
        done = await super().fetchval(query, *args, **more)
        WATCH.ran(self, query)
        return done


def _ran_by_toolkit(connection: Any, _: Any, statement: str, *__: Any) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, WatchedConnection):
        WATCH.ran(driver, statement)


def _watched(work: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def begin(*args: Any, **named: Any) -> Any:
        WATCH.begins(work)
        return function(*args, **named)

    return begin


def _wrap(work: str, module: str, path: str) -> None:
    owner: Any = import_module(module)
    *outer, name = path.split(".")
    for each in outer:
        owner = getattr(owner, each)
    setattr(owner, name, _watched(work, getattr(owner, name)))


def _apart(handle: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(handle)
    async def apart(*args: Any, **named: Any) -> Any:
        token = _REQUEST.set(object())
        try:
            return await handle(*args, **named)
        finally:
            _REQUEST.reset(token)

    return apart


def pytest_configure() -> None:
    vars(pools)["Connection"] = WatchedConnection
    event.listen(Engine, "after_cursor_execute", _ran_by_toolkit)
    httpx.ASGITransport.handle_async_request = _apart(httpx.ASGITransport.handle_async_request)  # type: ignore[method-assign]
    _wrap("thread", "asyncio", "BaseEventLoop.run_in_executor")
    _wrap("HTTP", "httpx", "AsyncClient.send")
    for work, places in _WORK.items():
        for module, path in places:
            _wrap(work, module, path)


@pytest.fixture(autouse=True)
def nothing_long_while_rows_are_held(request: pytest.FixtureRequest) -> Iterator[None]:
    WATCH.test = request.node.nodeid
    yield
    found, WATCH.breaches = WATCH.breaches, []
    assert not found, "\n".join(sorted(set(found)))


def pytest_sessionfinish(session: Any) -> None:
    """What one of several processes of a suite has seen, for the one that tells of it."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["held"] = [(each.since, each.told()) for each in WATCH.longest]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    WATCH.told += [tuple(each) for each in getattr(node, "workeroutput", {}).get("held", ())]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    told = [*WATCH.told, *((each.since, each.told()) for each in WATCH.longest)]
    if told:
        terminalreporter.section("rows held longest, with what the loop's thread worked meanwhile")
    for _, line in sorted(told, reverse=True)[:LONGEST]:
        terminalreporter.write_line(line)
