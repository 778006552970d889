"""The files as rows: one object of `rules` for each row of Parquet, weights and results as JSON and Parquet."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from services.matching.files.values import fits, plainly, values_of, whole_openings
from services.matching.rules.facts import (
    BEYOND_V1,
    FactsRefused,
    Person,
    Vacancy,
    as_data,
    check_people,
    check_vacancies,
    person_of,
    vacancy_of,
)
from services.matching.rules.results import Place
from services.matching.rules.weights import Weights, weights_of

NAMES = pa.list_(pa.string())
RESERVED = pa.list_(pa.struct([("group", pa.string()), ("openings", pa.int32())]))

PEOPLE = pa.schema(
    [
        ("person", pa.string()),
        ("county", pa.string()),
        ("age", pa.int16()),
        ("education", pa.int8()),
        ("occupation", pa.string()),
        ("experience", pa.int8()),
        ("certificates", NAMES),
        ("restrictions", NAMES),
        ("accommodations", NAMES),
        ("wage_expected", pa.int32()),
        ("wage_reserve", pa.int32()),
        ("available_from", pa.date32()),
        ("destinations", NAMES),
        ("elsewhere", pa.string()),
        ("refused", NAMES),
        ("relatives_city", pa.string()),
        ("needs", NAMES),
        ("groups", NAMES),
        ("burden", pa.int16()),
        ("shared", pa.int16()),
        ("partner", pa.string()),
        ("together", pa.string()),
        ("fellows", pa.string()),
    ]
)
VACANCIES = pa.schema(
    [
        ("vacancy", pa.string()),
        ("city", pa.string()),
        ("openings", pa.int32()),
        ("reserved", RESERVED),
        ("occupation", pa.string()),
        ("age_min", pa.int8()),
        ("age_max", pa.int8()),
        ("education_min", pa.int8()),
        ("certificates", NAMES),
        ("demands", NAMES),
        ("accommodations", NAMES),
        ("wage", pa.int32()),
        ("starts_by", pa.date32()),
        ("offers", NAMES),
        ("experience_points", pa.int8()),
    ]
)
PLACES = pa.schema(
    [
        ("person", pa.string()),
        ("vacancy", pa.string()),
        ("seat", pa.string()),
        ("utility", pa.int16()),
        ("priority", pa.int16()),
    ]
)
MAY_BE_NULL = frozenset({"relatives_city", "partner", "together", "fellows", "shared", "age_min", "age_max"})
# Files written before couples' shared points were exported lack that column; that of fellow villagers is beyond v1.
MAY_BE_MISSING = frozenset({"shared"}) | BEYOND_V1

WEIGHTS = Path(__file__).parents[1] / "weights"

Source = Path | bytes


@cache
def published_weights() -> Mapping[str, Weights]:
    """version -> weights, of the versions that this house ships; every node of a run computes with the same."""
    published = (read_weights(path) for path in sorted(WEIGHTS.glob("*.json")))
    return {weights.version: weights for weights in published}


def weights_file(version: str) -> bytes:
    return (WEIGHTS / f"{version}.json").read_bytes()


def read_weights(source: Source) -> Weights:
    return weights_of(json.loads(source if isinstance(source, bytes) else source.read_bytes()))


def read_people(source: Source, weights: Weights) -> dict[str, Person]:
    """People by pseudonym; raises FactsRefused naming row and column."""
    rows = _rows(source, "people", PEOPLE)
    return check_people([person_of(row) for row in rows], weights)


def read_vacancies(source: Source, weights: Weights) -> dict[str, Vacancy]:
    """Vacancies by id; raises FactsRefused naming row and column."""
    rows = _rows(source, "vacancies", VACANCIES)
    for number, row in enumerate(rows, start=1):
        row["reserved"] = _reserved(number, row["reserved"])
    return check_vacancies([vacancy_of(row) for row in rows], weights)


def unknown_columns(source: Source) -> tuple[str, ...]:
    """Names of columns of a vacancies file that nobody asked for."""
    found = pq.read_schema(io.BytesIO(source) if isinstance(source, bytes) else source).names
    return tuple(name for name in found if name not in VACANCIES.names)


def read_places(source: Source) -> list[Place]:
    return [Place(**row) for row in _open(source).select(PLACES.names).to_pylist()]


def write_people(people: Iterable[Person]) -> bytes:
    """Column by column: a county has more people than one would wish to make a row for."""
    everybody = list(people)
    said = {name for name in BEYOND_V1 if any(getattr(person, name) is not None for person in everybody)}
    schema = pa.schema([each for each in PEOPLE if each.name not in BEYOND_V1 or each.name in said])
    columns = [pa.array([_listed(getattr(person, each.name)) for person in everybody], each.type) for each in schema]
    return _bytes_of(pa.Table.from_arrays(columns, schema=schema))


def _listed(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def people_among(source: Source, names: Iterable[str]) -> bytes:
    """The rows of some people of a people file."""
    table = _open(source)
    return _bytes_of(table.filter(pc.is_in(table["person"], pa.array(list(names), pa.string()))))


def people_in_company(source: Source) -> bytes:
    """The rows of those who name a partner with whom they wish to be together, or fellow villagers."""
    table = _open(source)
    coupled = pc.and_(pc.is_valid(table["partner"]), pc.is_valid(table["together"]))
    return _bytes_of(
        table.filter(pc.or_(coupled, pc.is_valid(table["fellows"])) if "fellows" in table.column_names else coupled)
    )


def people_replaced(source: Source, names: Iterable[str], others: Iterable[Person]) -> bytes:
    """The rows of some people replaced by others, all in the order of their ids and as in a pass's own export: without partners and fellows."""
    staying = _open(people_without(source, names))
    staying = staying.drop_columns([name for name in BEYOND_V1 if name in staying.column_names])
    for name in ("partner", "together"):
        staying = staying.set_column(staying.column_names.index(name), name, pa.nulls(staying.num_rows, pa.string()))
    fresh = _open(write_people(others)).select(staying.column_names)
    return _bytes_of(pa.concat_tables([staying, fresh.cast(staying.schema)]).sort_by("person"))


def people_without(source: Source, names: Iterable[str]) -> bytes:
    """The rows of all others."""
    table = _open(source)
    return _bytes_of(table.filter(pc.invert(pc.is_in(table["person"], pa.array(list(names), pa.string())))))


def write_vacancies(vacancies: Iterable[Vacancy]) -> bytes:
    return _write([_vacancy_row(vacancy) for vacancy in vacancies], VACANCIES)


def write_places(places: Iterable[Place]) -> bytes:
    return _write([asdict(place) for place in sorted(places, key=lambda each: each.person)], PLACES)


def _vacancy_row(vacancy: Vacancy) -> dict[str, Any]:
    reserved = [{"group": group, "openings": openings} for group, openings in vacancy.reserved.items()]
    return {**as_data(vacancy), "starts_by": vacancy.starts_by, "reserved": reserved}


def _write(rows: list[dict[str, Any]], schema: pa.Schema) -> bytes:
    return _bytes_of(pa.Table.from_pylist(rows, schema=schema))


def _bytes_of(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def _reserved(row: int, entries: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    reserved: dict[str, int] = {}
    for entry in entries:
        if entry["group"] is None or entry["openings"] is None:
            raise FactsRefused("vacancies", row, "reserved", "null")
        if entry["group"] in reserved:
            raise FactsRefused("vacancies", row, "reserved", f"{entry['group']!r} twice")
        reserved[entry["group"]] = whole_openings(row, entry["openings"])
    return reserved


def _open(source: Source) -> pa.Table:
    with pq.ParquetFile(io.BytesIO(source) if isinstance(source, bytes) else source) as file:
        return file.read()


def refuse_twice(file: str, found: Sequence[str], wanted: pa.Schema) -> None:
    """Of two columns with one name nobody could say which one holds."""
    for name in wanted.names:
        if found.count(name) > 1:
            raise FactsRefused(file, 0, name, "a column twice")


def _rows(source: Source, file: str, schema: pa.Schema) -> list[dict[str, Any]]:
    table = _open(source)
    refuse_twice(file, table.column_names, schema)
    columns = {name: _column(table, file, schema.field(name)) for name in schema.names}
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    for number, row in enumerate(rows, start=1):
        _refuse_nulls(file, number, row, schema)
    return rows


def _column(table: pa.Table, file: str, wanted: pa.Field) -> list[Any]:
    if wanted.name not in table.column_names:
        if wanted.name in MAY_BE_MISSING:
            return [None] * table.num_rows
        raise FactsRefused(file, 0, wanted.name, "a missing column")
    column = table.column(wanted.name)
    if not fits(column.type, wanted.type):
        raise FactsRefused(file, 0, wanted.name, f"an unknown column type {column.type}")
    return values_of(file, wanted.name, plainly(column))


def _refuse_nulls(file: str, number: int, row: dict[str, Any], schema: pa.Schema) -> None:
    for name, value in row.items():
        if value is None and pa.types.is_list(schema.field(name).type):
            row[name] = []
        elif value is None and name not in MAY_BE_NULL:
            raise FactsRefused(file, number, name, "null")
        elif isinstance(value, list) and None in value:
            raise FactsRefused(file, number, name, "null in a list")
