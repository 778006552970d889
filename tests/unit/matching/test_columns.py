"""People read as columns are the people read as rows, and bad ones are refused with the same row, column and sentence."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from services.matching import files
from services.matching.files.columns import read_columns
from services.matching.rules.columns import person_at
from services.matching.rules.facts import FactsRefused, Person
from tests.unit.matching import rich
from tests.unit.matching.markets import published_weights, sample

WEIGHTS = published_weights()


@settings(max_examples=40, deadline=None)
@given(rich.people())
def test_columns_hold_what_rows_hold(persons: dict[str, Person]) -> None:
    columns, unknown = read_columns(files.write_people(persons.values()), WEIGHTS)
    assert unknown == ()
    for row, person in enumerate(persons.values()):
        found = person_at(columns, row, WEIGHTS, 0, ())
        assert found == Person(
            **{**{name: getattr(person, name) for name in person.__slots__}, "experience": min(10, person.experience)}
        )


def _changed(column: str, value: Any, row: int = 4) -> bytes:
    table = pq.read_table(sample("small").folder / "people.parquet")
    values = table.column(column).to_pylist()
    values[row] = value
    sink = io.BytesIO()
    pq.write_table(table.set_column(table.column_names.index(column), column, pa.array(values)), sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("person", ""),
        ("person", "with space"),
        ("person", "p" * 37),
        ("person", None),
        ("county", "4331"),
        ("age", 121),
        ("age", -1),
        ("age", float("nan")),
        ("age", 30.5),
        ("age", None),
        ("education", 6),
        ("occupation", "6"),
        ("experience", -1),
        ("certificates", ["flying"]),
        ("restrictions", [None]),
        ("wage_expected", -1),
        ("wage_reserve", None),
        ("available_from", None),
        ("destinations", ["44"]),
        ("elsewhere", "moon"),
        ("refused", ["x"]),
        ("relatives_city", "Shenzhen"),
        ("needs", ["car"]),
        ("groups", ["rich"]),
        ("burden", 101),
        ("burden", -1),
        ("together", "maybe"),
    ],
)
def test_bad_people_are_refused_in_the_words_of_rows(column: str, value: Any) -> None:
    source = _changed(column, value)
    with pytest.raises(FactsRefused) as by_rows:
        files.read_people(source, sample("small").weights)
    with pytest.raises(FactsRefused) as by_columns:
        read_columns(source, sample("small").weights)
    assert (by_columns.value.row, by_columns.value.column) == (5, column)
    assert str(by_columns.value) == str(by_rows.value)


def _without(column: str) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pq.read_table(sample("small").folder / "people.parquet").drop_columns([column]), sink)
    return sink.getvalue()


def test_missing_strange_and_double() -> None:
    with pytest.raises(FactsRefused, match="burden: a missing column"):
        read_columns(_without("burden"), sample("small").weights)
    with pytest.raises(FactsRefused, match="age: an unknown column type"):
        read_columns(_texted("age"), sample("small").weights)
    with pytest.raises(FactsRefused, match="row 5, person: a duplicate id"):
        read_columns(_changed("person", next(iter(sample("small").people))), sample("small").weights)
    with pytest.raises(FactsRefused, match="row 5, partner: does not exist"):
        read_columns(_changed("partner", "nobody"), sample("small").weights)
    with pytest.raises(FactsRefused, match="row 5, partner: does not answer"):
        read_columns(_changed("partner", next(iter(sample("small").people))), sample("small").weights)


def _texted(column: str) -> bytes:
    table = pq.read_table(sample("small").folder / "people.parquet")
    sink = io.BytesIO()
    pq.write_table(
        table.set_column(table.column_names.index(column), column, table.column(column).cast(pa.string())), sink
    )
    return sink.getvalue()


def test_an_unknown_column_is_noted() -> None:
    table = pq.read_table(sample("small").folder / "people.parquet")
    sink = io.BytesIO()
    pq.write_table(table.append_column("shoe_size", pa.array([40] * table.num_rows)), sink)
    assert read_columns(sink.getvalue(), sample("small").weights)[1] == ("shoe_size",)
