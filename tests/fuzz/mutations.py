"""Hostile values for every position that an OpenAPI document has: texts, numbers, days, cursors, nesting; made from the document alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.support.doors import operations

Json = Any

# What no text may hold, alone and within a word; a lone surrogate can be written in JSON only.
UNSEEN = ("\x00", "a\x00b", "\x07", "a\x1bb", "\x9f", "\u202eabc", "a\u2066b", "a\u200bb", "\ufeff", "\u2028")
SURROGATE = "a\ud800b"
_NESTED = "[" * 5000 + "]" * 5000


def _cursor(content: str) -> str:
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


TEXTS = (
    "",
    "x" * 70_000,
    "=1+1",
    "<b>",
    "张*",
    "%00",
    "' OR 1=1 --",
    "../../etc",
    "9999-12-31",
    "0001-01-01",
    "0000-00-00",
    "2017-02-30",
    "2017-01-01T00:00:00Z",
    "0000Q1",
    "9999Q4",
    "２０１７Q1",
    "99999999999999999999",
    "-1",
    "1.0",
    "1e400",
    "NaN",
    "true",
    "null",
    "[]",
    "é" * 300,
    _cursor(_NESTED),
    _cursor('["x"]'),
    _cursor('["00000000-0000-0000-0000-000000000000"]'),
    _cursor('{"a": 1}'),
    "A" * 27,
    "=",
    "!",
)
NUMBERS = (2**31, -(2**31) - 1, 2**63, -(2**63) - 1, 10**30, -1, 0)
NO_NUMBERS: tuple[Json, ...] = (True, 1.5, "1", None, [], {}, float("inf"), float("nan"))


@dataclass(frozen=True)
class Attack:
    """One request, and whether it must be refused."""

    operation: str
    method: str
    path: str
    where: str
    value: str
    must_fail: bool
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: Json = field(default=None, compare=False)
    form: bool = False


class Document:
    """A document, read for examples of what it takes."""

    def __init__(self, document: dict[str, Any], ids: list[str]):
        self.document = document
        self.ids = ids

    def attacks(self) -> Iterator[Attack]:
        for method, path, operation in operations(self.document):
            yield from self._parameters(method, path, operation)
            yield from self._bodies(method, path, operation)

    def _parameters(self, method: str, path: str, operation: dict[str, Any]) -> Iterator[Attack]:
        parameters = operation.get("parameters", [])
        name = operation["operationId"]
        sound = {one["name"]: str(self.example(one["schema"])) for one in parameters if one.get("required")}
        for one in parameters:
            kind = self.resolved(one["schema"])
            for value in (*UNSEEN, *(text[:3000] for text in TEXTS), *map(str, NUMBERS)):
                given = {**sound, one["name"]: value}
                yield Attack(
                    name,
                    method,
                    self.path(path, parameters, given),
                    f"{one['in']} {one['name']}",
                    value[:60],
                    must_fail=(_refused_everywhere(value) and one["in"] == "query")
                    or (one["in"] == "query" and not _may_be(kind, value)),
                    query=tuple(
                        (each["name"], given[each["name"]])
                        for each in parameters
                        if each["in"] == "query" and each["name"] in given
                    ),
                    headers=tuple(
                        (
                            each["name"],
                            given[each["name"]].encode("ascii", "ignore").decode().replace("\x00", "").strip(),
                        )
                        for each in parameters
                        if each["in"] == "header" and each["name"] in given
                    ),
                    body=self._body(operation),
                    form=self._is_form(operation),
                )

    def _bodies(self, method: str, path: str, operation: dict[str, Any]) -> Iterator[Attack]:
        base = self._body(operation)
        if base is None:
            return
        parameters = operation.get("parameters", [])
        sound = {one["name"]: str(self.example(one["schema"])) for one in parameters if one.get("required")}
        headers = tuple(
            (one["name"], sound[one["name"]]) for one in parameters if one["in"] == "header" and one["name"] in sound
        )
        values: tuple[Json, ...] = (*UNSEEN, *TEXTS, SURROGATE, *NUMBERS, *NO_NUMBERS)
        for where in positions(base):
            for value in values:
                body = put(base, where, value)
                yield Attack(
                    operation["operationId"],
                    method,
                    self.path(path, parameters, sound),
                    f"body /{'/'.join(map(str, where))}",
                    repr(value)[:60],
                    must_fail=isinstance(value, str) and _refused_everywhere(value),
                    headers=headers,
                    body=body,
                    form=self._is_form(operation),
                )
        for whole in ([], None, "x", 1, {"\ud800": 1}, {"\x00": 1}, json.loads("[" * 900 + "]" * 900)):
            yield Attack(
                operation["operationId"],
                method,
                self.path(path, parameters, sound),
                "body",
                repr(whole)[:40],
                must_fail=False,
                headers=headers,
                body=whole,
            )

    def _is_form(self, operation: dict[str, Any]) -> bool:
        return "application/json" not in operation.get("requestBody", {}).get("content", {"application/json": {}})

    def _body(self, operation: dict[str, Any]) -> Json:
        content = operation.get("requestBody", {}).get("content", {})
        return next((self.example(media["schema"]) for media in content.values()), None)

    def path(self, path: str, parameters: list[dict[str, Any]], given: dict[str, str]) -> str:
        from urllib.parse import quote

        for one in parameters:
            if one["in"] == "path":
                path = path.replace("{" + one["name"] + "}", quote(given[one["name"]], safe="", errors="ignore") or "-")
        return path

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def example(self, schema: dict[str, Any], depth: int = 0) -> Json:
        """Something that the schema takes: its own example, or one put together field by field."""
        schema = self.resolved(schema)
        if "example" in schema or schema.get("examples"):
            return deepcopy(schema["example"] if "example" in schema else schema["examples"][0])
        for union in ("anyOf", "oneOf", "allOf"):
            if union in schema:
                return self.example(schema[union][0], depth)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        return self._plain(schema, depth)

    def _plain(self, schema: dict[str, Any], depth: int) -> Json:
        kind = schema.get("type")
        if kind == "object":
            named = {name: self.example(each, depth + 1) for name, each in schema.get("properties", {}).items()}
            return named if depth < 4 else {}
        if kind == "array":
            return [self.example(schema.get("items", {}), depth + 1)]
        if kind == "string":
            return {"uuid": self.ids[0] if self.ids else "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10", "binary": "x"}.get(
                schema.get("format", ""), "x"
            )
        return {"integer": max(1, schema.get("minimum", 1)), "number": 1.0, "boolean": True}.get(str(kind), "x")


def _refused_everywhere(value: str) -> bool:
    return value in UNSEEN or value == SURROGATE


def _may_be(schema: dict[str, Any], value: str) -> bool:
    """Whether a text could be what a number or truth value of a query is written as; texts are judged by the service."""
    kinds = [each.get("type") for each in schema.get("anyOf", [schema])]
    return "string" in kinds or None in kinds or value.lstrip("-").isdigit() or value in ("true", "false", "1.0")


def positions(value: Json, where: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place within a JSON value where something else could stand."""
    if where:
        yield where
    for key, inner in (
        value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    ):
        yield from positions(inner, (*where, key))


def put(value: Json, where: tuple[str | int, ...], other: Json) -> Json:
    """The value with something else at a place."""
    changed = deepcopy(value)
    inner = changed
    for key in where[:-1]:
        inner = inner[key]
    inner[where[-1]] = other
    return changed
