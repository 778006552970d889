"""Whatever comes in at a door has a type that refuses what would break further in: found by walking all routes and their models."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import pytest
from fastapi import FastAPI, UploadFile
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel, create_model

from libs.common.values import Kind, Text
from tests.support.doors import SERVICES, door_of, routes_of

ROOT = Path(__file__).parents[2]
BARE = (str, int, float, bool, date, datetime, time, timedelta, bytes)
SOUND = (UUID, UploadFile, NoneType)


@pytest.mark.parametrize("service", SERVICES)
def test_every_value_at_every_door_has_a_type_of_its_kind(service: str, node_files: Path) -> None:
    bare = [f"{where}: {what}" for where, what in bare_values(door_of(service, node_files))]
    assert not bare, "give these a type of libs.common.values"


def test_a_bare_value_is_found_wherever_it_hides() -> None:
    inner = create_model("Inner", sound=(Text, ...), hidden=(dict[Text, list[int]], ...))
    outer = create_model("Outer", inner=(inner | None, None), word=(Annotated[str, "max"], ""), anything=(Any, None))
    found = [what for _, what in values_in("body", outer, (), set())]
    assert found == ["int", "str", "typing.Any"]


def bare_values(app: FastAPI) -> Iterator[tuple[str, str]]:
    for route in routes_of(app):
        for name, annotation, metadata in given_to(route.dependant):
            yield from values_in(f"{' '.join(sorted(route.methods))} {route.path} {name}", annotation, metadata, set())


def given_to(operation: Dependant) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """What a caller may put into the path, the query, headers, cookies and body of an operation and all it depends on."""
    own = (
        operation.path_params,
        operation.query_params,
        operation.header_params,
        operation.cookie_params,
        operation.body_params,
    )
    for field in (field for fields in own for field in fields):
        yield field.alias, field.field_info.annotation, tuple(field.field_info.metadata)
    for needed in operation.dependencies:
        yield from given_to(needed)


def values_in(where: str, annotation: Any, metadata: tuple[Any, ...], seen: set[Any]) -> Iterator[tuple[str, str]]:
    """Every value of a type that is bare: none of the kinds, no list of words, no model."""
    if any(isinstance(mark, Kind) for mark in metadata):
        return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from values_in(where, arguments[0], (*metadata, *arguments[1:]), seen)
    elif origin in (Union, UnionType, list, tuple, dict, set, frozenset):
        for argument in arguments:
            yield from values_in(where, argument, (), seen)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in seen:
            seen.add(annotation)
            for name, field in annotation.model_fields.items():
                yield from values_in(f"{where}.{name}", field.annotation, tuple(field.metadata), seen)
    elif origin is not Literal and not (isinstance(annotation, type) and issubclass(annotation, (*SOUND, Enum))):
        yield where, annotation.__name__ if annotation in BARE else str(annotation)


def test_only_the_calendar_adds_to_a_day() -> None:
    """`day + timedelta(days=1)` has no answer on the last day that there is; `add_days` has."""
    adding = []
    for path in [*(ROOT / "services").rglob("*.py"), *(ROOT / "libs").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.BinOp) and any(_is_days(side) for side in (node.left, node.right)):
                adding.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    # Excel's own days are counted within bounds.
    assert [place.split(":")[0] for place in adding] == ["libs/common/sheets/text.py"]


def _is_days(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "timedelta"
