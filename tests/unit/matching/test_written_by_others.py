"""The same people, written by other programs: as categories, enumerations, views and long lists, in every encoding of Parquet."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from services.matching import files
from services.matching.files.columns import read_columns
from services.matching.rules.columns import person_at
from services.matching.rules.facts import Person
from tests.unit.matching.markets import sample

CASES = Path(__file__).parents[2] / "data" / "cases"
PEOPLE = sample("small").folder / "people.parquet"
WEIGHTS = sample("small").weights
WRITTEN = sorted([*CASES.glob("35-*/*.parquet"), *CASES.glob("36-*/*.parquet")])
TYPES: dict[str, Callable[[pa.DataType], pa.DataType | None]] = {
    **{
        f"categories counted in {index}": lambda kind, index=index: (  # type: ignore[misc]
            pa.dictionary(index, pa.string()) if pa.types.is_string(kind) else None
        )
        for index in (pa.int16(), pa.int32(), pa.uint16(), pa.uint32(), pa.int64())
    },
    "an ordered enumeration": lambda kind: (
        pa.dictionary(pa.uint16(), pa.string(), ordered=True) if pa.types.is_string(kind) else None
    ),
    "long texts": lambda kind: pa.large_string() if pa.types.is_string(kind) else None,
    "views of texts": lambda kind: pa.string_view() if pa.types.is_string(kind) else None,
    "long lists of long texts": lambda kind: pa.large_list(pa.large_string()) if pa.types.is_list(kind) else None,
    "lists of views": lambda kind: pa.list_(pa.string_view()) if pa.types.is_list(kind) else None,
    "wide numbers": lambda kind: pa.int64() if pa.types.is_integer(kind) else None,
}
WAYS: dict[str, dict[str, Any]] = {
    "plain": {"use_dictionary": False},
    "pages of version 2": {"data_page_version": "2.0", "version": "2.6"},
    "small row groups": {"row_group_size": 37},
    **{codec: {"compression": codec} for codec in ("none", "gzip", "zstd", "lz4", "brotli")},
}
DELTAS = ("DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY")


def everybody(source: bytes | Path) -> list[Person]:
    columns, _ = read_columns(source, WEIGHTS)
    return [person_at(columns, row, WEIGHTS, 0, ()) for row in range(len(columns))]


def written(table: pa.Table, **how: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **how)
    return sink.getvalue()


def in_types(change: Callable[[pa.DataType], pa.DataType | None]) -> pa.Table:
    table = pq.read_table(PEOPLE)
    for at, field in enumerate(table.schema):
        if wanted := change(field.type):
            values = pa.chunked_array([pa.array(table.column(at).to_pylist(), wanted)])
            table = table.set_column(at, field.name, values)
    return table


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_a_file_of_the_field_holds_the_people_of_the_sample(path: Path) -> None:
    assert everybody(path) == everybody(PEOPLE)
    assert files.read_people(path, WEIGHTS) == files.read_people(PEOPLE, WEIGHTS)


@pytest.mark.parametrize("kind", TYPES)
def test_how_a_column_is_typed_changes_nobody(kind: str) -> None:
    source = written(in_types(TYPES[kind]))
    assert everybody(source) == everybody(PEOPLE)
    assert files.read_people(source, WEIGHTS) == files.read_people(PEOPLE, WEIGHTS)


@pytest.mark.parametrize("way", WAYS)
def test_how_a_file_is_packed_changes_nobody(way: str) -> None:
    assert everybody(written(pq.read_table(PEOPLE), **WAYS[way])) == everybody(PEOPLE)


@pytest.mark.parametrize("encoding", DELTAS)
@pytest.mark.parametrize("column", ["person", "county", "occupation", "elsewhere", "relatives_city", "together"])
def test_how_a_column_is_encoded_changes_nobody(column: str, encoding: str) -> None:
    source = written(pq.read_table(PEOPLE), use_dictionary=False, column_encoding={column: encoding})
    assert everybody(source) == everybody(PEOPLE)


def test_vacancies_may_be_written_in_categories_as_well() -> None:
    path = sample("small").folder / "vacancies.parquet"
    table = pq.read_table(path)
    for name in ("vacancy", "city", "occupation"):
        categories = pa.array(table.column(name).to_pylist(), pa.dictionary(pa.uint32(), pa.string()))
        table = table.set_column(table.column_names.index(name), name, categories)
    assert files.read_vacancies(written(table), WEIGHTS) == files.read_vacancies(path, WEIGHTS)


def test_a_column_that_cannot_be_read_is_named() -> None:
    from services.matching.rules.facts import FactsRefused

    odd = pq.read_table(PEOPLE).set_column(1, "county", pa.array([True] * 400))
    with pytest.raises(FactsRefused) as caught:
        read_columns(written(odd), WEIGHTS)
    assert caught.value.column == "county"
