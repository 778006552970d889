"""One form for every refusal: problems, validation, unknown paths and methods, the unexpected."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from libs.common import problems
from libs.common.api.preconditions import allowed_methods
from libs.common.api.safe_headers import SAFE_HEADERS
from libs.common.api.validation_words import words_of
from libs.common.faults import SPOKEN, collides, is_overdue, is_transient
from libs.common.problems import FieldError, Problem
from libs.common.telemetry import log

# A list of thousands of wrong values would make an answer larger than itself.
MOST_FIELDS = 100
CORRECT = "请修正所列字段 Correct the fields listed."


class Collision(problems.Conflict):
    title = "同时有人写入 Written at the same moment"


class ProblemResponse(JSONResponse):
    """A problem as JSON; a lone surrogate in a name that it repeats is spelt out, since UTF-8 has none."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def answer(problem: Problem, instance: str) -> Response:
    return ProblemResponse(
        problem.body(instance),
        status_code=problem.status,
        media_type=problems.MEDIA_TYPE,
        headers=SAFE_HEADERS | problem.headers,
    )


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer(error, request.url.path)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    fields = [FieldError(_pointer(item), item["type"], words_of(item)) for item in found[:MOST_FIELDS]]
    more = len(found) - MOST_FIELDS
    said = f"请修正所列字段，另有 {more} 处 Correct the fields listed and {more} more." if more > 0 else CORRECT
    return answer(problems.Invalid(said, errors=fields), request.url.path)


def _pointer(wrong: Mapping[str, Any]) -> str:
    """The field as a JSON pointer; a text that is no JSON has no fields, so it is the whole document."""
    where: tuple[int | str, ...] = wrong["loc"] if wrong["type"] != "json_invalid" else ()
    parts = where[1:] if where and where[0] == "body" else where
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kinds = {
        401: problems.Unauthenticated,
        403: problems.Forbidden,
        404: problems.NotFound,
        405: problems.MethodNotAllowed,
        413: problems.TooLarge,
        415: problems.Unsupported,
        422: problems.Invalid,
    }
    kind, headers = kinds.get(error.status_code, problems.BadRequest), dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = allowed_methods(request.app, request.scope)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=SAFE_HEADERS | headers)
    return answer(kind(str(error.detail), headers=headers), request.url.path)


async def _on_unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected", route=getattr(request.scope.get("route"), "path", ""), exc_info=error)
    return answer(
        problems.Unexpected("已记录，请凭 traceparent 查询 It is logged under the traceparent."), request.url.path
    )


async def _on_database(request: Request, error: Exception) -> Response:
    """A database that is away or busy, and two who wrote the same at the same moment, are no faults of ours: 503 and 409."""
    if is_transient(error) or is_overdue(error):
        log.warning("database_away", route=getattr(request.scope.get("route"), "path", ""), error=type(error).__name__)
        return answer(
            problems.Unavailable(
                "数据库忙，请稍后再试 The database is busy or away: try again.", headers={"Retry-After": "5"}
            ),
            request.url.path,
        )
    if collides(error):
        log.warning("collision", route=getattr(request.scope.get("route"), "path", ""))
        return answer(Collision("请重试 Somebody wrote the same at this moment: try again."), request.url.path)
    return await _on_unexpected(request, error)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    Problem: _on_problem,
    RequestValidationError: _on_invalid,
    HTTPException: _on_http,
    **dict.fromkeys(SPOKEN, _on_database),
    Exception: _on_unexpected,
}
