"""Passwords are hashed beside the event loop, a few at a time: a flood of sign-ins costs its senders time and the node no memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from libs.common.problems import TooManyRequests
from services.console.rules import passwords

T = TypeVar("T")
AT_ONCE, WAITING = 2, 30


class Busy(TooManyRequests):
    title = "登录过于频繁 Too many sign-ins at once"


class Hasher:
    """Two threads of 19 MiB each, and a short queue before them."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._inside = 0

    async def keep(self, password: str) -> str:
        return await self._run(lambda: passwords.keep(password))

    async def matches(self, password: str, secret: str | None) -> bool:
        """Takes as long for a login that does not exist."""
        return await self._run(lambda: passwords.matches(password, secret or passwords.nobody())) and bool(secret)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._inside >= AT_ONCE + WAITING:
            raise Busy("请几秒后再试 Please try again in a few seconds.", headers={"Retry-After": "5"})
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._inside -= 1
