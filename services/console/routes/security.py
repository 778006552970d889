"""Rules for every answer of the console (pure ASGI): a strict content policy, nothing kept, no change asked for by another site."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.common.problems import Forbidden
from services.console.routes.pages import refuse, wants_page

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class FromElsewhere(Forbidden):
    title = "请求来自其他网站 The request comes from another site"


class SecurityMiddleware:
    """Adds the headers; refuses a POST that the browser says another site has made, or that does not say where it is from."""

    def __init__(self, app: ASGIApp, gateway: str):
        self.app = app
        self.gateway = urlsplit(gateway).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(MutableHeaders(scope=message), scope)
            await send(message)

        if scope["method"] in _SAFE or not wants_page(scope["path"]) or self._from_here(Headers(scope=scope)):
            return await self.app(scope, receive, with_headers)
        await refuse(FromElsewhere("请在本页面内操作 Please use the page itself."), scope)(scope, receive, with_headers)

    def _from_here(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        return urlsplit(headers.get("origin", "")).netloc in {headers.get("host", "-"), self.gateway}


def add_headers(headers: MutableHeaders, scope: Scope) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    static = scope["path"].startswith("/static/") and b"v=" in scope.get("query_string", b"")
    headers.setdefault("Cache-Control", "public, max-age=31536000, immutable" if static else "no-store")
