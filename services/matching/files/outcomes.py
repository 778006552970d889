"""The result of a run as a file and as a hash, from columns: a province's in a second."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from services.matching.files.rows import PLACES, refuse_twice
from services.matching.files.values import fits
from services.matching.rules.columns import Claimed, TextColumn
from services.matching.rules.facts import FactsRefused


def texts(ids: TextColumn) -> pa.Array:
    """Ids as Arrow has them, without copying."""
    return pa.Array.from_buffers(pa.large_string(), len(ids), [None, pa.py_buffer(ids.offsets), pa.py_buffer(ids.data)])


def hash_of_columns(person: pa.Array, vacancy: npt.NDArray[np.int32], names: list[str]) -> str:
    """The hash of matching v1, section 1. A tab sorts before any character of an id, so sorted lines are sorted people."""
    placed = np.flatnonzero(vacancy >= 0)
    if not len(placed):
        return hashlib.sha256(b"").hexdigest()
    ends = pa.array([name + "\n" for name in names], pa.large_string()).take(pa.array(vacancy[placed]))
    lines = pc.binary_join_element_wise(person.take(pa.array(placed)), ends, pa.scalar("\t", pa.large_string())).cast(
        pa.large_binary()
    )
    ordered = lines.take(pc.sort_indices(lines))
    begin, end = np.frombuffer(ordered.buffers()[1], np.int64)[[0, len(ordered)]]
    return hashlib.sha256(memoryview(ordered.buffers()[2])[begin:end]).hexdigest()


def write_columns(
    path: Path, person: pa.Array, columns: dict[str, npt.NDArray[Any]], vacancies: list[str], seats: tuple[str, ...]
) -> None:
    """The result in file order; under another name until it is whole. `columns`: vacancy, seat, utility, priority; -1 is null."""
    table = pa.table(
        {
            "person": person.cast(pa.string()),
            "vacancy": _named(columns["vacancy"], vacancies),
            "seat": _named(columns["seat"], list(seats)),
            "utility": _whole(columns["utility"], columns["vacancy"]),
            "priority": _whole(columns["priority"], columns["vacancy"]),
        }
    )
    half = path.with_name(path.name + ".part")
    try:
        pq.write_table(table, half)
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)


def _named(codes: npt.NDArray[Any], names: list[str]) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(codes.astype(np.int32), mask=codes < 0))


def _whole(values: npt.NDArray[Any], vacancy: npt.NDArray[Any]) -> pa.Array:
    return pa.array(values, pa.int16(), mask=vacancy < 0)


def read_claimed(path: Path, ids: TextColumn, vacancies: list[str], seats: tuple[str, ...]) -> Claimed:
    """Somebody's result against the people and vacancies it is about; raises FactsRefused for a missing or strange column."""
    with pq.ParquetFile(path) as file:
        table = file.read()
    refuse_twice("result", table.column_names, PLACES)
    for wanted in PLACES:
        if wanted.name not in table.column_names:
            raise FactsRefused("result", 0, wanted.name, "a missing column")
        if not fits(table.schema.field(wanted.name).type, wanted.type):
            raise FactsRefused(
                "result", 0, wanted.name, f"an unknown column type {table.schema.field(wanted.name).type}"
            )
    person = pc.index_in(_text(table, "person"), value_set=texts(ids))
    return Claimed(
        pc.fill_null(person, -1).to_numpy().astype(np.int64),
        _numbers_of(_text(table, "vacancy"), vacancies),
        _numbers_of(_text(table, "seat"), list(seats)),
        _or_none(table.column("utility")),
        _or_none(table.column("priority")),
    )


def _text(table: pa.Table, name: str) -> pa.ChunkedArray:
    return table.column(name).cast(pa.large_string())


def _numbers_of(column: pa.ChunkedArray, names: list[str]) -> npt.NDArray[np.int64]:
    found = (
        pc.fill_null(pc.index_in(column, value_set=pa.array(names, pa.large_string())), -2).to_numpy().astype(np.int64)
    )
    return np.where(pc.is_null(column).to_numpy(), -1, found)


def _or_none(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    return np.asarray(pc.fill_null(column.cast(pa.int64()), -1).to_numpy())
