"""Many rows in one statement (成批写入): each column travels as one array, and triggers of a statement run once for all of them.

The driver's own way with many rows is a statement for each, and `COPY` is not to be had where rows have policies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

from sqlalchemy import ARRAY, Column, Table
from sqlalchemy.dialects.postgresql import JSONB, dialect

from libs.common.database import Transaction, to_json

_DIALECT = dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class ManyRows:
    """Rows of a table in some of its columns, given as objects that have attributes of the same names."""

    table: Table
    names: tuple[str, ...]

    async def insert(self, tx: Transaction, rows: Sequence[object], ending: str = "") -> None:
        """In the order given; `ending` is an ON CONFLICT."""
        if rows:
            await (await tx.raw()).execute(f"{self._insert} {ending}", *self._arrays(rows))

    async def update(self, tx: Transaction, rows: Sequence[object], counted: str = "") -> None:
        """By the first column, which names the row; `counted` is a column that goes up by one."""
        if rows:
            counting = f", {counted} = stands.{counted} + 1" if counted else ""
            text = self._update.format(counting=counting)
            await (await tx.raw()).execute(text, *self._arrays(rows))

    @cached_property
    def _insert(self) -> str:
        return (
            f"INSERT INTO {self.table.fullname} ({', '.join(map(_quoted, self.names))}) "
            f"SELECT {', '.join(self._values)} FROM {self._given}"
        )

    @cached_property
    def _update(self) -> str:
        pairs = zip(self.names[1:], self._values[1:], strict=True)
        told = ", ".join(f"{_quoted(name)} = {value}" for name, value in pairs)
        key = _quoted(self.names[0])
        return f"UPDATE {self.table.fullname} AS stands SET {told}{{counting}} FROM {self._given} WHERE stands.{key} = given.{key}"

    @cached_property
    def _values(self) -> list[str]:
        return [_value(self.table.c[name]) for name in self.names]

    @cached_property
    def _given(self) -> str:
        arrays = (f"${at}::{_sent_as(self.table.c[name])}[]" for at, name in enumerate(self.names, 1))
        return f"unnest({', '.join(arrays)}) AS given({', '.join(map(_quoted, self.names))})"

    @cached_property
    def _texts(self) -> list[tuple[int, Callable[[Any], str]]]:
        """Which columns travel as texts, and how."""
        kinds = [(at, self.table.c[name].type) for at, name in enumerate(self.names)]
        texts = [(at, to_json) for at, kind in kinds if isinstance(kind, JSONB)]
        return texts + [(at, array_text) for at, kind in kinds if isinstance(kind, ARRAY)]

    def _arrays(self, rows: Sequence[object]) -> list[Sequence[Any]]:
        found: list[Sequence[Any]] = list(zip(*map(attrgetter(*self.names), rows), strict=True))
        for at, text_of in self._texts:
            found[at] = [None if value is None else text_of(value) for value in found[at]]
        return found


def array_text(values: Sequence[str] | Sequence[int]) -> str:
    """An array as PostgreSQL writes it, for arrays within arrays are one of more dimensions to it."""
    return "{" + ",".join(str(each) if type(each) is int else _text(str(each)) for each in values) + "}"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _sent_as(column: Column[Any]) -> str:
    return "text" if isinstance(column.type, ARRAY | JSONB) else column.type.compile(dialect=_DIALECT)


def _value(column: Column[Any]) -> str:
    name = f"given.{_quoted(column.name)}"
    return f"{name}::{column.type.compile(dialect=_DIALECT)}" if isinstance(column.type, ARRAY | JSONB) else name


def _quoted(name: str) -> str:
    return f'"{name}"'
