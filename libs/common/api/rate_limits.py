"""Limits for each caller (限流): requests counted by who is known, else by address; beyond them 429, and headers that say what is left."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from cachetools import LRUCache
from limits import RateLimitItem, parse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.common.api.exception_handlers import answer
from libs.common.api.recording import VERIFIED
from libs.common.problems import TooManyRequests, Unauthenticated
from libs.common.service import ServiceContext

# A flood from ever new addresses forgets the windows that were used least recently, and takes no more memory than this.
MOST_CALLERS = 20_000


class BoundedWindows:
    """Counted windows in this process's memory, never more than `most`; those used least recently go first."""

    def __init__(self, most: int = MOST_CALLERS, clock: Callable[[], float] = time.monotonic):
        self.clock = clock
        self._windows: LRUCache[str, tuple[float, int]] = LRUCache(most)

    def __len__(self) -> int:
        return len(self._windows)

    def count(self, key: str, seconds: int) -> tuple[int, float]:
        """One more under a key: how many there were in its window of so many seconds, and how long it goes on."""
        now = self.clock()
        ends, count = self._windows.get(key, (0.0, 0))
        if ends <= now:
            ends, count = now + seconds, 0
        self._windows[key] = (ends, count + 1)
        return count + 1, ends - now


@dataclass(frozen=True)
class Spent:
    """One request counted: under which policy, whether it may pass, how many are left, and in how many seconds more are."""

    policy: str
    quota: int
    window: int
    passes: bool
    left: int
    resets: int

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """draft-ietf-httpapi-ratelimit-headers: the policy and what is left of it."""
        return [
            (b"ratelimit-policy", f'"{self.policy}";q={self.quota};w={self.window}'.encode()),
            (b"ratelimit", f'"{self.policy}";r={self.left};t={self.resets}'.encode()),
        ]


class Allowance:
    """Counts requests: those of a known caller under one policy, those of an address without a valid token under another."""

    def __init__(self, *, caller: str, address: str, windows: BoundedWindows | None = None):
        self._windows = BoundedWindows() if windows is None else windows
        self._limits: dict[str, RateLimitItem] = {"caller": parse(caller), "address": parse(address)}

    def spend(self, policy: str, who: str) -> Spent:
        limit = self._limits[policy]
        quota, window = limit.amount, limit.get_expiry()
        count, left = self._windows.count(f"{policy}/{who}", window)
        return Spent(policy, quota, window, count <= quota, max(0, quota - count), min(window, ceil(left)))


class LimitRate:
    """Pure ASGI: counts a request before anything is read of it; health is never refused, or a flood would look like a death."""

    def __init__(self, app: ASGIApp, context: ServiceContext):
        self.app = app
        self.context = context
        self.allowance = Allowance(caller=context.settings.limit_caller, address=context.settings.limit_address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(f"/{self.context.service.name}/health/"):
            return await self.app(scope, receive, send)
        spent = self.allowance.spend(*self._who(scope))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *spent.headers]
            await send(message)

        if spent.passes:
            return await self.app(scope, receive, with_headers)
        await answer(_refusal(spent), scope["path"])(scope, receive, with_headers)

    def _who(self, scope: Scope) -> tuple[str, str]:
        kind, _, token = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1").partition(" ")
        try:
            if kind.lower() == "bearer":
                caller = self.context.node.verifier.verify(token.strip(), self.context.node.clock.now())
                scope[VERIFIED] = caller
                return "caller", f"{caller.issuer}/{caller.subject}/{caller.role}"
        except Unauthenticated:
            pass  # the route says so; here it is a request of an address
        return "address", address_of(scope["client"][0] if scope.get("client") else "")


def address_of(host: str) -> str:
    """Whom an address counts for: of IPv6 the /64 that one customer has, else whoever has one would have 2^64."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)


def _refusal(spent: Spent) -> TooManyRequests:
    said = f"{spent.window} 秒内至多 {spent.quota} 次，请 {spent.resets} 秒后再试 At most {spent.quota} requests in {spent.window} s: ask again in {spent.resets} s."
    return TooManyRequests(said, headers={"Retry-After": str(max(1, spent.resets))})
