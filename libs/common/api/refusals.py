"""One form for every refusal: problems, validation, unknown paths and methods, bodies too large, the unexpected."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.common import problems
from libs.common.api.safe_headers import SAFE_HEADERS
from libs.common.problems import FieldError, Problem
from libs.common.telemetry import log


class LimitBody:
    """Pure ASGI: refuses a body over the limit with 413, whether it was announced or only turned out to be long."""

    def __init__(self, app: ASGIApp, limit: int):
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self.limit:
            problem = problems.TooLarge(f"上限 {self.limit} 字节 At most {self.limit} bytes.")
            return await answer(problem, scope["path"])(scope, receive, send)
        seen = 0

        async def count() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.limit:
                raise problems.TooLarge(f"上限 {self.limit} 字节 At most {self.limit} bytes.")
            return message

        await self.app(scope, count, send)


class ProblemResponse(JSONResponse):
    """A problem as JSON; a lone surrogate in a name that it repeats is spelt out, since UTF-8 has none."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def answer(problem: Problem, instance: str) -> Response:
    return ProblemResponse(problem.body(instance), status_code=problem.status, media_type=problems.MEDIA_TYPE, headers=SAFE_HEADERS | problem.headers)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer(error, request.url.path)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong_type = _wrong_media_type(request, error)
    if wrong_type:
        return answer(problems.Unsupported(wrong_type), request.url.path)
    fields = [FieldError(_pointer(item), item["type"], item["msg"]) for item in error.errors()]
    return answer(problems.Invalid("请修正所列字段 Correct the fields listed.", errors=fields), request.url.path)


def _wrong_media_type(request: Request, error: RequestValidationError) -> str | None:
    if not any(item["loc"][:1] == ("body",) for item in error.errors()):
        return None
    field = getattr(request.scope.get("route"), "body_field", None)
    media = getattr(getattr(field, "field_info", None), "media_type", "application/json") or "application/json"
    given = request.headers.get("content-type", "").split(";")[0].strip()
    if not given or given == media or given.endswith("+json"):
        return None
    return f"需要 {media}，收到 {given} Expected {media}, got {given}."


def _pointer(wrong: Mapping[str, Any]) -> str:
    """The field as a JSON pointer; a text that is no JSON has no fields, so it is the whole document."""
    where: tuple[int | str, ...] = wrong["loc"] if wrong["type"] != "json_invalid" else ()
    parts = where[1:] if where and where[0] == "body" else where
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kinds = {401: problems.Unauthenticated, 403: problems.Forbidden, 404: problems.NotFound, 405: problems.MethodNotAllowed,
             413: problems.TooLarge, 415: problems.Unsupported, 422: problems.Invalid}  # fmt: skip
    kind = kinds.get(error.status_code, problems.BadRequest)
    return answer(kind(str(error.detail), headers=dict(error.headers or {})), request.url.path)


async def _on_unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected", route=getattr(request.scope.get("route"), "path", ""), exc_info=error)
    return answer(problems.Unexpected("已记录，请凭 traceparent 查询 It is logged under the traceparent."), request.url.path)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    Problem: _on_problem,
    RequestValidationError: _on_invalid,
    HTTPException: _on_http,
    Exception: _on_unexpected,
}
