"""Prepared queries (预备查询): a statement put together once and asked many times, without what the toolkit does around each."""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Generic, TypeVar

import asyncpg
from sqlalchemy import ARRAY, Select
from sqlalchemy.dialects.postgresql import asyncpg as dialects
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeEngine

from libs.common.row_mapping import maker_of

_DIALECT = dialects.dialect(json_serializer=partial(json.dumps, ensure_ascii=False, default=str))  # type: ignore[no-untyped-call]

Translate = Callable[[Any], Any]
F = TypeVar("F")


class PreparedQuery(Generic[F]):
    """One statement with named parameters, as text; its rows are the facts that they hold (`into`), else named tuples, with the
    values that the toolkit would give."""

    def __init__(self, statement: Select[Any] | ReturningInsert[Any], into: type[F] | None = None):
        compiled = statement.compile(dialect=_DIALECT)
        self._text = str(compiled)
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        self._names = [(name, _to_driver(compiled.binds[name].type)) for name in compiled.positiontup or ()]
        columns = statement.exported_columns
        names = [str(name) for name, _ in columns.items()]
        self._make: Callable[[Any], Any] = maker_of(into, names) if into else namedtuple("Row", names)._make  # type: ignore[attr-defined]
        translated = ((at, _from_driver(column.type)) for at, column in enumerate(columns))
        self._translated = [(at, translate) for at, translate in translated if translate]

    async def ask(self, connection: asyncpg.Connection[Any], given: Mapping[str, Any]) -> list[F]:
        """The rows; a parameter that is not given is the constant of the statement, or NULL."""
        said = {**self._constants, **given}
        values = [translate(said[name]) if translate else said.get(name) for name, translate in self._names]
        rows = await connection.fetch(self._text, *values)
        return [self._make(self._translate(row)) for row in rows]

    def _translate(self, row: asyncpg.Record) -> Any:
        if not self._translated:
            return row
        values = list(row)
        for at, translate in self._translated:
            if values[at] is not None:
                values[at] = translate(values[at])
        return values


def _to_driver(kind: TypeEngine[Any]) -> Translate | None:
    return kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)


def _from_driver(kind: TypeEngine[Any]) -> Translate | None:
    if isinstance(kind, ARRAY) and _from_driver(kind.item_type) is None:
        return None  # the driver's list of values that need nothing is the list
    return kind.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
