"""Refusals: problems as JSON for programs (as everywhere), as a page for people; who is not signed in is shown the door to it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote, urlsplit

from authlib.oauth2.rfc6749.errors import InvalidRequestError, OAuth2Error
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.datastructures import MutableHeaders

from libs.common.api.exception_handlers import HANDLERS as JSON_HANDLERS
from services.console.routes import token
from services.console.routes.drafts import draft_in, keep_draft
from services.console.routes.pages import page, page_context_of, wants_page
from services.console.routes.security import add_headers
from services.console.rules.signing_in import local_path

MY = re.compile(r"/my(/|$)")
Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]


def _for_people(answer: Handler) -> Handler:
    """The same refusal, as a page where a page was asked for."""

    async def handle(request: Request, error: Exception) -> Response:
        refused = await answer(request, error)
        if not wants_page(request.url.path):
            return _for_clients(request, refused, error)
        if refused.status_code == 401:
            return await _to_the_door(request)
        if "hx-boosted" in request.headers and request.method == "GET":
            return _go(request, _address(request))
        body = json.loads(bytes(refused.body))
        shown = page(
            page_context_of(request.scope),
            "refusal.html",
            status=refused.status_code,
            title=body["title"],
            detail=body.get("detail", ""),
            fields=body.get("errors", []),
        )
        _add_house_headers(shown, request)
        return shown

    return handle


def _for_clients(request: Request, refused: Response, error: Exception) -> Response:
    """At the token endpoint, what is wrong with the form itself is said as OAuth says it (RFC 6749, 5.2)."""
    unreadable = refused.status_code == 400 or isinstance(error, RequestValidationError)
    if request.url.path != token.PATH or not unreadable:
        return refused
    fields = ", ".join(
        item["pointer"].strip("/")
        for item in json.loads(bytes(refused.body)).get("errors", [])
        if item["pointer"].isascii()
    )
    return token.refuse(
        InvalidRequestError(
            f"The form cannot be read: {fields}." if fields.isidentifier() else "The form cannot be read."
        )
    )


def _add_house_headers(answer: Response, request: Request) -> None:
    """The page of an unexpected error is made outside of the middleware that adds them."""
    add_headers(MutableHeaders(raw=answer.raw_headers), request.scope)


def _address(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


async def _to_the_door(request: Request) -> Response:
    """With what was filled in, where the session has ended under a form."""
    draft = await draft_in(request)
    answer = _go(request, _door_of(request, again=draft is not None or request.method == "GET"))
    if draft is not None:
        keep_draft(answer, request.app.state.context, draft)
    return answer


def _door_of(request: Request, *, again: bool) -> str:
    """The sign-in page, and from there back to the page that was asked for; a labourer has a door of her own."""
    if MY.match(request.url.path):
        return "/my/enter"
    wanted = request.headers.get("hx-current-url") or _address(request)
    return f"/sign-in?next={quote(local_path(_path_of(wanted)) if again else '/', safe='')}"


def _path_of(address: str) -> str:
    """Without the site, as a browser's script tells where it is."""
    return urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()


def _go(request: Request, address: str) -> Response:
    """To another page as a whole, also where a script has asked for a part of one."""
    if "hx-request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


HANDLERS: dict[int | type[Exception], Handler] = {
    OAuth2Error: token.on_refusal,
    **{kind: _for_people(answer) for kind, answer in JSON_HANDLERS.items()},
}
