"""Rows as facts (行与事实): what a store reads becomes a frozen dataclass of the domain, without checking what the database has checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Column, Row, Table

F = TypeVar("F")


class NotItsColumns(TypeError):
    """A statement and the dataclass of its rows do not name the same."""


def columns_of(table: Table, kind: type[Any]) -> list[Column[Any]]:
    """The columns of a table that a dataclass has, in its order: for a select, or for what a write returns."""
    return [table.c[field.name] for field in fields(kind) if field.name in table.c]


def maker_of(kind: type[F], names: Iterable[str]) -> Callable[[Sequence[Any]], F]:
    """Makes one of a row of these columns. Written into the object at once: a page of fifty costs what named tuples cost."""
    told = tuple(names)
    if set(told) != {field.name for field in fields(kind)}:  # type: ignore[arg-type]
        raise NotItsColumns(f"{kind.__name__} is not made of {', '.join(told)}")

    def make(row: Sequence[Any]) -> F:
        made = object.__new__(kind)
        made.__dict__.update(zip(told, row, strict=True))
        return made

    return make


def replaced(one: F, **changes: object) -> F:
    """As `dataclasses.replace`, which passes every field through `__init__`: of a person's row that costs ten times as much."""
    if not vars(one).keys() >= changes.keys():
        raise NotItsColumns(f"{type(one).__name__} has no {', '.join(changes.keys() - vars(one).keys())}")
    made = object.__new__(type(one))
    made.__dict__.update(vars(one), **changes)
    return made


def read_row(kind: type[F], row: Row[Any]) -> F:
    """One row of an ordinary statement; `read_rows` for many."""
    return maker_of(kind, row._fields)(row)


def read_rows(kind: type[F], rows: Iterable[Row[Any]]) -> list[F]:
    make: Callable[[Sequence[Any]], F] | None = None
    made = []
    for row in rows:
        make = make or maker_of(kind, row._fields)
        made.append(make(row))
    return made
