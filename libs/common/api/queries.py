"""A query parameter that the operation does not have is refused: a filter that is misspelt would answer with everybody.

One that is given twice is refused as well: only one of the two would be asked for.
"""

from __future__ import annotations

from collections import Counter

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from libs.common.problems import FieldError, Invalid


class UnknownParameter(Invalid):
    title = "没有这个查询参数 No such query parameter"


class RepeatedParameter(Invalid):
    title = "查询参数重复 A query parameter is given twice"


async def check_query(request: Request) -> None:
    """A dependency of every operation; pages stand in no OpenAPI document and take what a link brings along."""
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute) or not route.include_in_schema:
        return
    known = parameters_of(route.dependant)
    given = Counter(name for name, _ in request.query_params.multi_items())
    if unknown := [name for name in given if name not in known]:
        detail = f"可用的有 This operation takes: {', '.join(known) or '—'}"
        raise UnknownParameter(detail, errors=[FieldError(f"/query/{name}", "unknown", f"没有 {name} There is no {name}.") for name in unknown])
    if repeated := [name for name, times in given.items() if times > 1]:
        raise RepeatedParameter(errors=[FieldError(f"/query/{name}", "repeated", f"只给一次 {name} Give {name} once.") for name in repeated])


def parameters_of(operation: Dependant) -> list[str]:
    """The query parameters of an operation, those that its dependencies take included."""
    own = [field.alias for field in operation.query_params]
    return own + [name for needed in operation.dependencies for name in parameters_of(needed)]
