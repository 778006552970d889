"""A query parameter that the operation does not have is refused: a filter that is misspelt would answer with everybody.

One that is given twice is refused as well: only one of the two would be asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from fastapi.dependencies.models import Dependant
from starlette.datastructures import QueryParams

from libs.common.problems import FieldError, Invalid, one_of


class UnknownParameter(Invalid):
    title = "没有这个查询参数 No such query parameter"


class RepeatedParameter(Invalid):
    title = "查询参数重复 A query parameter is given twice"


def check_query(query: QueryParams, known: Collection[str]) -> None:
    """422 for a parameter that is unknown or given twice. Pages stand in no OpenAPI document and take what a link brings along."""
    given = Counter(name for name, _ in query.multi_items())
    if unknown := [name for name in given if name not in known]:
        raise UnknownParameter(
            one_of(known),
            errors=[FieldError(f"/query/{name}", "unknown", f"没有「{name}」 There is no {name}.") for name in unknown],
        )
    if repeated := [name for name, times in given.items() if times > 1]:
        raise RepeatedParameter(
            errors=[
                FieldError(f"/query/{name}", "repeated", f"「{name}」只给一次 Give {name} once.") for name in repeated
            ]
        )


def parameters_of(operation: Dependant) -> list[str]:
    """The query parameters of an operation, those that its dependencies take included."""
    own = [field.alias for field in operation.query_params]
    return own + [name for needed in operation.dependencies for name in parameters_of(needed)]
