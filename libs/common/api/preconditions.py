"""Versions as ETags, and what HTTP says about them and about methods (RFC 9110 sections 9.3.2, 13.1, 15.5.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header
from fastapi.routing import iter_route_contexts
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.common import problems
from libs.common.values import HeaderText

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
_LIST = re.compile(rf"\s*{_TAG.pattern}\s*(?:,\s*(?:{_TAG.pattern})?\s*)*")
_VERSION = re.compile(r"v([0-9]{1,18})")

# The versions of a row that a change may be based on; None is `*`, whichever there is.
Versions = frozenset[int] | None


def etag(version: int) -> str:
    """The ETag of a row's version."""
    return f'"v{version}"'


def strong_tags(text: str) -> set[str]:
    """The strong ETags of a list: a weak one never matches a change (section 8.8.3.2)."""
    return {found[2] for found in _TAG.finditer(text) if not found[1]} if _LIST.fullmatch(text) else set()


def matches_weakly(text: str, tag: str) -> bool:
    """Whether an If-None-Match names this ETag; `*` names every one."""
    wanted = _TAG.fullmatch(tag)
    return text.strip() == "*" or (wanted is not None and any(found[2] == wanted[2] for found in _TAG.finditer(text)))


def if_match(
    if_match: Annotated[
        HeaderText, Header(alias="If-Match", description='ETag of the version that was read, `"v3"`')
    ] = "",
) -> Versions:
    """The versions a change is based on; 428 when none is said, 412 when none is ours."""
    if not if_match.strip():
        raise problems.PreconditionRequired("请在 If-Match 中给出读到的 ETag Send the ETag you read as If-Match.")
    if if_match.strip() == "*":
        return None
    versions = frozenset(int(found[1]) for tag in strong_tags(if_match) if (found := _VERSION.fullmatch(tag)))
    if not versions:
        raise problems.Stale("ETag 无效 This ETag is none of ours.")
    return versions


IfMatch = Annotated[Versions, Depends(if_match)]


def is_current(expected: Versions | int, actual: int) -> bool:
    """Whether a change is based on the version that there is."""
    known = frozenset({expected}) if isinstance(expected, int) else expected
    return known is None or actual in known


def check_version(expected: Versions | int, actual: int) -> None:
    """Refuse a change that is based on an older version (412)."""
    if not is_current(expected, actual):
        raise stale(actual)


def stale(actual: int, current: Mapping[str, Any] | None = None) -> problems.Stale:
    """The refusal, with the version there is and, where a form can show both, the values that stand there now."""
    said = {"version": etag(actual)} | ({"current": current} if current is not None else {})
    return problems.Stale(f"当前版本为「{etag(actual)}」 The current version is {etag(actual)}.", extensions=said)


def allowed_methods(app: FastAPI, scope: Scope) -> str:
    """Every method of an address, over all its routes: the framework knows those of the first one alone."""
    methods = {"OPTIONS"}
    for context in iter_route_contexts(app.routes):
        if context.methods and context.matches(scope)[0] is not Match.NONE:
            methods |= context.methods
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


class Conditional:
    """Pure ASGI: HEAD is a GET without its body, and a GET whose ETag the client has already is a 304."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return await self.app(scope, receive, send)
        known = ", ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match")
        if scope["method"] == "GET" and not known:
            return await self.app(scope, receive, send)
        await self.app({**scope, "method": "GET"}, receive, _Bodiless(send, known, head=scope["method"] == "HEAD"))


class _Bodiless:
    """`send` of one answer: without its body for HEAD, and as 304 when the client has it."""

    def __init__(self, send: Send, known: str, *, head: bool):
        self._send, self._known, self._drop = send, known, head

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            tag = dict(message["headers"]).get(b"etag", b"").decode("latin-1")
            if message["status"] == 200 and self._known and tag and matches_weakly(self._known, tag):
                self._drop = True
                kept = [pair for pair in message["headers"] if pair[0] not in (b"content-length", b"content-type")]
                message = {**message, "status": 304, "headers": kept}
        elif self._drop and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)
