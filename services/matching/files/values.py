"""One Arrow column to the values that facts are made of, or the row (from 1) that holds none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa

from services.matching.rules.facts import FactsRefused

EPOCH = date(1970, 1, 1).toordinal()
# The days that a calendar of four digits has, counted from 1970-01-01.
FIRST_DAY, LAST_DAY = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH


def fits(found: pa.DataType, wanted: pa.DataType) -> bool:
    """The same kind of value; narrower or wider integers hold the same numbers, a column of nulls holds nothing."""
    kinds: list[Callable[[pa.DataType], bool]] = [pa.types.is_integer, pa.types.is_date32, _is_text]
    found = plain_type(found)
    if pa.types.is_null(found):
        return True
    if pa.types.is_list(wanted):
        return _is_list(found) and fits(found.value_type, wanted.value_type)
    if pa.types.is_struct(wanted):
        return pa.types.is_struct(found) and all(
            found.get_field_index(field.name) >= 0 and fits(found.field(field.name).type, field.type)
            for field in wanted
        )
    # Floats are let through to `values_of`, which names the row of a NaN or a fraction.
    if pa.types.is_integer(wanted) and pa.types.is_floating(found):
        return True
    return any(kind(found) and kind(wanted) for kind in kinds)


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The type of the values: dictionaries (categories, enumerations), views and lists of a fixed size are ways to write them down."""
    if pa.types.is_dictionary(kind):
        return plain_type(kind.value_type)
    if pa.types.is_string_view(kind):
        return pa.large_string()
    if _is_list(kind):
        return pa.large_list(plain_type(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, plain_type(field.type)) for field in kind])
    return kind


def plainly(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column in the types that are worked with, however another program has written it; codes of texts stay codes."""
    kind = column.type
    if pa.types.is_dictionary(kind) and kind.index_type == pa.int32() and pa.types.is_string(kind.value_type):
        return column
    return column if plain_type(kind) == kind else column.cast(plain_type(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_list(kind: pa.DataType) -> bool:
    return any(
        is_kind(kind)
        for is_kind in (
            pa.types.is_list,
            pa.types.is_large_list,
            pa.types.is_fixed_size_list,
            pa.types.is_list_view,
            pa.types.is_large_list_view,
        )
    )


def values_of(file: str, name: str, column: pa.ChunkedArray) -> list[Any]:
    """The values row by row; raises FactsRefused for a fraction, a day of no calendar and text that is none."""
    if pa.types.is_date32(column.type):
        _refuse_far_days(file, name, column)
    try:
        values = column.to_pylist()
    except UnicodeDecodeError:
        raise no_text(file, name, column) from None
    return [
        _whole(file, row, name, value) if isinstance(value, float) else value
        for row, value in enumerate(values, start=1)
    ]


def _refuse_far_days(file: str, name: str, column: pa.ChunkedArray) -> None:
    for row, day in enumerate(column.cast(pa.int32()).to_pylist(), start=1):
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise FactsRefused(file, row, name, "a day outside the years 1-9999")


def _whole(file: str, row: int, name: str, value: float) -> int:
    if not value.is_integer():
        raise FactsRefused(file, row, name, f"{value} is not a whole number")
    return int(value)


def no_text(file: str, name: str, column: pa.ChunkedArray) -> FactsRefused:
    """The refusal of a column whose bytes are not UTF-8, by its first such row."""
    row = next(row for row in range(len(column)) if not _is_readable(column[row]))
    return FactsRefused(file, row + 1, name, "not text in UTF-8")


def _is_readable(value: pa.Scalar) -> bool:
    try:
        value.as_py()
    except UnicodeDecodeError:
        return False
    return True


def whole_openings(row: int, value: Any) -> int:
    """The openings of one entry of `reserved`, which may have been written as a float."""
    return _whole("vacancies", row, "reserved", value) if isinstance(value, float) else value
