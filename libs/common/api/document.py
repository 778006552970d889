"""The OpenAPI document says what each operation can answer: which refusals, with which shape, and what headers come along.

Derived from the operation itself: whoever has a token in hand can be refused it, what has a body can be too large for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

from libs.common import problems
from libs.common.api.answers import Responses
from libs.common.exports import HEADER

Json = dict[str, Any]
VERBS = ("get", "put", "post", "patch", "delete")
KINDS = (
    problems.BadRequest,
    problems.Unauthenticated,
    problems.Forbidden,
    problems.NotFound,
    problems.RequestTimeout,
    problems.Conflict,
    problems.Gone,
    problems.Stale,
    problems.TooLarge,
    problems.Unsupported,
    problems.Invalid,
    problems.PreconditionRequired,
    problems.TooManyRequests,
    problems.Unavailable,
)


_KIND_OF = {kind.status: kind for kind in KINDS}


class FieldFault(BaseModel):
    """One refused field."""

    pointer: str = Field(description="JSON pointer into the body, or /query/…, /path/…, /header/…")
    code: str
    message: str


class Problem(BaseModel):
    """问题 A refusal (RFC 9457); a kind may have members of its own, which its operation tells."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:xieli:problem:invalid",
                    "title": problems.Invalid.title,
                    "status": 422,
                    "instance": "/jobs/v1/vacancies",
                    "errors": [
                        {
                            "pointer": "/openings",
                            "code": "greater_than_equal",
                            "message": "Input should be greater than or equal to 0",
                        }
                    ],
                }
            ]
        },
    )

    type: str = Field(description="Stable: `urn:xieli:problem:` and the name of the kind")
    title: str
    status: int
    detail: str = ""
    instance: str
    errors: list[FieldFault] = []
    version: str = Field(default="", description="412: the ETag of the version that there is")
    current: dict[str, Any] = Field(
        default={}, description="412 on a person or a household: what stands there now of the fields that were sent"
    )


def binary(media_type: str, description: str) -> Responses:
    """For `responses` of a route that answers with a file."""
    return {
        200: {"description": description, "content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}
    }


def exported(media_type: str, description: str) -> Responses:
    """The same for a file that carries a mark: which export it is stands in a header, too."""
    said = {
        "description": "导出编号 Which export this is, as in the file and in the trail",
        "schema": {"type": "string", "format": "uuid"},
    }
    return {200: {**binary(media_type, description)[200], "headers": {HEADER: said}}}


def describe(app: FastAPI) -> None:
    """Let the application's document say what is true of every operation."""
    plain = app.openapi

    def openapi() -> Json:
        if app.openapi_schema is None:
            complete(plain())
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def complete(document: Json) -> None:
    """Refusals, their schemas and the headers of answers, in place."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for model in (FieldFault, Problem):
        schemas[model.__name__] = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas[model.__name__].pop("$defs", None)
    document["tags"] = [
        {"name": tag}
        for tag in dict.fromkeys(tag for *_, operation in _operations(document) for tag in operation.get("tags", []))
    ]
    for array in _arrays(document):
        array.setdefault("items", {"anyOf": array["prefixItems"]} if "prefixItems" in array else {})
    for schema in schemas.values():
        for example in (*schema.get("examples", []), schema.get("example")):
            _restore_nulls(example, schema, schemas)
    for path, verb, operation in _operations(document):
        _complete_success(operation, schemas)
        if verb == "get" and "ETag" in operation["responses"].get("200", {}).get("headers", {}):
            _complete_condition(operation)
        _complete_operation(operation, verb, limited="/health/" not in path)
    used = {status for *_, operation in _operations(document) for status in operation["responses"]}
    document["components"] |= {
        "responses": {kind.__name__: _refusal(kind) for kind in KINDS if str(kind.status) in used},
        "headers": {name: _header("string", text) for name, text in _LIMITS.items()},
    }


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        yield from ((path, verb, methods[verb]) for verb in VERBS if verb in methods)


def _arrays(value: Any) -> Iterator[Json]:
    """Every schema of an array; of a pair, too, a reader asks what its items are."""
    if isinstance(value, dict) and value.get("type") == "array":
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _arrays(inner)


def _restore_nulls(example: Any, schema: Json, schemas: Json) -> None:
    """The framework leaves nulls out of examples: what must be there and is not, is null."""
    if "anyOf" in schema:
        schema = next(each for each in schema["anyOf"] if each.get("type") != "null")
    schema = schemas[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
    if isinstance(example, dict) and "properties" in schema:
        example.update(dict.fromkeys(name for name in schema.get("required", []) if name not in example))
        for name, inner in schema["properties"].items():
            _restore_nulls(example.get(name), inner, schemas)
    for each in example if isinstance(example, list) else ():
        _restore_nulls(each, schema.get("items", {}), schemas)


def _complete_success(operation: Json, schemas: Json) -> None:
    """What has a version says it as an ETag."""
    for status, answer in operation["responses"].items():
        shape = answer.get("content", {}).get("application/json", {}).get("schema", {})
        model = schemas.get(shape.get("$ref", "").rsplit("/", 1)[-1], {})
        if status.startswith("2") and model.get("properties", {}).get("version", {}).get("type") == "integer":
            answer.setdefault("headers", {})["ETag"] = {
                **_header("string", "Version of what is shown, for If-Match and If-None-Match"),
                "required": True,
            }


def _complete_condition(operation: Json) -> None:
    """What says its ETag answers 304 to whoever has it already."""
    known = {
        "name": "If-None-Match",
        "in": "header",
        "description": "ETags that are known already",
        "schema": {"type": "string"},
        "required": False,
    }
    if all(one["name"].lower() != "if-none-match" for one in operation.setdefault("parameters", [])):
        operation["parameters"].append(known)
    operation["responses"]["304"] = {"description": "未变 It is the one that is known already"}


def _complete_operation(operation: Json, verb: str, *, limited: bool) -> None:
    answers: Json = operation["responses"]
    answers.pop("default", None)
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "If-Match" and parameter["in"] == "header" and "anyOf" not in parameter["schema"]:
            parameter["required"] = True
            parameter["schema"].pop("default", None)
    for status in sorted(set(refusals_of(operation, verb, limited=limited)) - {int(status) for status in answers}):
        answers[str(status)] = {"$ref": f"#/components/responses/{_KIND_OF[status].__name__}"}
    if limited:
        for code, answer in answers.items():
            if code < "400":
                answer.setdefault("headers", {}).update(
                    {name: {"$ref": f"#/components/headers/{name}"} for name in _LIMITS}
                )
    operation["responses"] = dict(sorted(answers.items()))


_LIMITS = {
    "RateLimit-Policy": "The limit that counts: how many requests in how many seconds",
    "RateLimit": "What is left of it, and the seconds until it begins anew",
}


def refusals_of(operation: Json, verb: str, *, limited: bool) -> Iterator[int]:
    """Which refusals an operation can give, by what it takes."""
    yield 503
    if limited:
        yield 429
    parameters = operation.get("parameters", [])
    names = {parameter["name"] for parameter in parameters}
    takes_ids = "requestBody" in operation or any(parameter["in"] == "path" for parameter in parameters)
    # Whatever an operation takes in its query, it refuses what it does not take.
    yield 422
    if operation.get("security"):
        yield from (401, 403)
    if takes_ids or "topic" in names:
        yield 404
    if verb != "get" or takes_ids:
        yield 409
    if "topic" in names:
        yield 410
    if "If-Match" in names:
        yield from (
            (412, 428) if any(one["name"] == "If-Match" and one.get("required") for one in parameters) else (412,)
        )
    if "requestBody" in operation:
        yield from (400, 408, 413, 415)


def _refusal(kind: type[problems.Problem]) -> Json:
    answer: Json = {
        "description": kind.title,
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if kind.status in (429, 503):
        answer["headers"] = {"Retry-After": _header("integer", "Seconds to wait")}
    if kind.status == 401:
        answer["headers"] = {"WWW-Authenticate": _header("string", "How to sign in")}
    return answer


def _header(kind: str, text: str) -> Json:
    return {"description": text, "schema": {"type": kind}}
