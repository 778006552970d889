"""People as columns: a province's file in a second, refused with the same sentence as a small one."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from services.matching.files import decode
from services.matching.files.decode import Bad
from services.matching.files.rows import MAY_BE_MISSING, PEOPLE, Source, read_people, refuse_twice
from services.matching.files.values import FIRST_DAY, LAST_DAY, fits, no_text, plain_type, plainly
from services.matching.rules.columns import Bytes, CodedColumn, Codes, Numbers, People, TextColumn
from services.matching.rules.facts import (
    ELSEWHERE,
    FELLOWS_LEAST,
    FELLOWS_MOST,
    FELLOWS_WHY,
    IDENTIFIER,
    TOGETHER,
    WAGE_MOST,
    FactsRefused,
)
from services.matching.rules.weights import Weights

T = TypeVar("T")
SIX_DIGITS, OCCUPATION = r"[0-9]{6}", r"[0-9]+-[0-9]{2}"
# Few different values: Parquet's own dictionaries are read as they are.
# Pages in other encodings (DELTA_BYTE_ARRAY …) cannot be read as dictionaries.
_AS_DICTIONARY = frozenset({"PLAIN", "RLE", "BIT_PACKED", "PLAIN_DICTIONARY", "RLE_DICTIONARY"})
REPEATED = ["county", "occupation", "elsewhere", "relatives_city", "together", "fellows"]


@dataclass
class Door:
    """A people file column by column, so that no two columns are ever whole in memory as Arrow."""

    file: pq.ParquetFile
    worst: dict[str, int] = field(default_factory=dict)

    def take(self, name: str, how: Callable[[pa.ChunkedArray], tuple[T, Bad]]) -> T:
        column = self.column(name)
        try:
            values, bad = how(column)
        except UnicodeDecodeError:
            raise no_text("people", name, column) from None
        if bad.any():
            self.worst[name] = int(np.argmax(bad))
        return values

    def column(self, name: str) -> pa.ChunkedArray:
        if name not in self.file.schema_arrow.names:
            return pa.chunked_array([pa.nulls(self.file.metadata.num_rows)])
        try:
            return plainly(self.file.read(columns=[name]).column(0))
        except pa.ArrowNotImplementedError as error:
            raise FactsRefused("people", 0, name, f"cannot be read as it is written: {error}") from error


def read_columns(source: Source, weights: Weights) -> tuple[People, tuple[str, ...]]:
    """The people, and the names of columns that nobody asked for; raises FactsRefused naming row and column."""
    door = Door(_open(source))
    unknown = _judge_columns(door.file.schema_arrow)
    people = _people(door, weights)
    if door.worst:
        _refuse(door.file, min(door.worst.values()), weights)
    _refuse_doubles(people.person)
    _refuse_partners(people, door.column("partner"))
    _refuse_groups(people.fellows)
    return people, unknown


def _open(source: Source) -> pq.ParquetFile:
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    plain = pq.ParquetFile(file)
    found, written = plain.schema_arrow, _encodings(plain.metadata)
    repeated = [
        name
        for name in REPEATED
        if found.names.count(name) == 1
        and pa.types.is_string(found.field(name).type)
        and written.get(name, frozenset()) <= _AS_DICTIONARY
    ]
    if not repeated:
        return plain
    plain.close()
    return pq.ParquetFile(file, read_dictionary=repeated)


def _encodings(metadata: pq.FileMetaData) -> dict[str, frozenset[str]]:
    """Column -> how its pages are written, over all row groups."""
    found: dict[str, frozenset[str]] = {}
    for group in range(metadata.num_row_groups):
        for at in range(metadata.num_columns):
            column = metadata.row_group(group).column(at)
            found[column.path_in_schema] = found.get(column.path_in_schema, frozenset()) | set(column.encodings)
    return found


def _judge_columns(found: pa.Schema) -> tuple[str, ...]:
    refuse_twice("people", found.names, PEOPLE)
    for wanted in PEOPLE:
        if wanted.name not in found.names and wanted.name not in MAY_BE_MISSING:
            raise FactsRefused("people", 0, wanted.name, "a missing column")
        if wanted.name in found.names and not fits(found.field(wanted.name).type, wanted.type):
            raise FactsRefused("people", 0, wanted.name, f"an unknown column type {found.field(wanted.name).type}")
    return tuple(name for name in found.names if name not in PEOPLE.names)


def _people(door: Door, weights: Weights) -> People:
    number = decode.numbers
    groups = sorted(weights.groups)
    person = door.take("person", decode.identifiers)
    people = People(
        person=person,
        county=door.take("county", lambda column: decode.coded(column, SIX_DIGITS)),
        age=door.take("age", lambda column: number(column, 0, 120)).astype(np.int16),
        education=door.take("education", lambda column: number(column, 0, 5)).astype(np.int8),
        occupation=door.take("occupation", lambda column: decode.coded(column, OCCUPATION)),
        experience=np.minimum(door.take("experience", lambda column: number(column, 0, 2**62)), 10).astype(np.int8),
        certificates=door.take("certificates", lambda column: decode.bits(column, weights.certificates)),
        restrictions=door.take("restrictions", lambda column: decode.bits(column, weights.restrictions)),
        accommodations=door.take("accommodations", lambda column: decode.bits(column, weights.accommodations)),
        wage_expected=door.take("wage_expected", lambda column: number(column, 0, WAGE_MOST)),
        wage_reserve=door.take("wage_reserve", lambda column: number(column, 0, WAGE_MOST)),
        available_from=door.take("available_from", lambda column: number(column, FIRST_DAY, LAST_DAY)).astype(np.int32),
        destinations=door.take("destinations", lambda column: decode.lists(column, SIX_DIGITS)),
        elsewhere=door.take("elsewhere", lambda column: decode.coded(column, names=ELSEWHERE)).codes.astype(np.int8),
        refused=door.take("refused", lambda column: decode.lists(column, SIX_DIGITS)),
        relatives_city=door.take("relatives_city", lambda column: decode.coded(column, SIX_DIGITS, null=True)),
        needs=door.take("needs", lambda column: decode.bits(column, tuple(weights.offers))),
        groups=door.take("groups", lambda column: decode.bits(column, groups)),
        burden=door.take("burden", lambda column: number(column, 0, 100)).astype(np.int16),
        shared=door.take("shared", lambda column: number(column, 0, weights.household_most, null=0)).astype(np.int16),
        partner=_partners(door.column("partner"), door.column("person")),
        together=door.take("together", lambda column: decode.coded(column, names=TOGETHER, null=True)).codes.astype(
            np.int8
        ),
        fellows=_fellows(door),
    )
    above = group_points(people.groups, weights) + people.burden + people.shared > weights.household_most
    if people.shared.any() and above.any():
        door.worst["shared"] = min(int(np.argmax(above)), door.worst.get("shared", len(person)))
    return people


def _fellows(door: Door) -> CodedColumn | None:
    if "fellows" not in door.file.schema_arrow.names:
        return None
    found = door.take("fellows", lambda column: decode.coded(column, IDENTIFIER.pattern, null=True))
    return found if (found.codes >= 0).any() else None


def group_points(groups: Bytes, weights: Weights) -> Numbers:
    """Points of each person's groups, from the bits of shape (bytes, n)."""
    points = np.zeros(groups.shape[1], np.int64)
    for at, name in enumerate(sorted(weights.groups)):
        held = groups[at // 8] >> np.uint8(at % 8) & np.uint8(1)
        points += held * np.int64(weights.group_points.get(name, 0))
    return points


def _partners(partner: pa.ChunkedArray, person: pa.ChunkedArray) -> Codes:
    """Rows of the partners; -1: none, -2: named and not there."""
    rows = np.full(len(person), -1, np.int32)
    named = np.flatnonzero(pc.is_valid(partner).to_numpy())
    if len(named):
        found = pc.index_in(pc.drop_null(partner).cast(person.type), value_set=person.combine_chunks())
        rows[named] = pc.fill_null(found, -2).to_numpy()
    return rows


def _refuse(file: pq.ParquetFile, row: int, weights: Weights) -> None:
    """Says what is wrong with a row in the words that rows have: reads that one alone."""
    table = file.read().slice(row, 1)
    alone = table.set_column(table.column_names.index("partner"), "partner", pa.nulls(1, pa.string()))
    plain = pa.table({name: _simple(alone.column(name)) for name in alone.column_names})
    sink = io.BytesIO()
    pq.write_table(plain, sink)
    try:
        read_people(sink.getvalue(), weights)
    except FactsRefused as fault:
        raise FactsRefused("people", row + 1, fault.column, fault.why) from None
    raise AssertionError(f"row {row + 1} was found bad by columns and good by rows")


def _simple(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(plain_type(column.type))


def _refuse_doubles(ids: TextColumn) -> None:
    known: set[bytes] = set()
    column = pa.Array.from_buffers(
        pa.large_binary(), len(ids), [None, pa.py_buffer(ids.offsets), pa.py_buffer(ids.data)]
    )
    if len(ids) == 0 or pc.count_distinct(column).as_py() == len(ids):
        return
    for row, one in enumerate(column.to_pylist(), start=1):
        if one in known:
            raise FactsRefused("people", row, "person", "a duplicate id")
        known.add(one)


def _refuse_partners(people: People, named: pa.ChunkedArray) -> None:
    """A partner that does not exist, does not answer or has another `together`."""
    partner, rows = people.partner, np.arange(len(people))
    missing = partner == -2
    silent = (partner >= 0) & ((partner[partner] != rows) | (partner == rows))
    other = (partner >= 0) & (people.together[partner] != people.together)
    for bad, column, why in (
        (missing, "partner", "does not exist"),
        (silent, "partner", "does not answer"),
        (other, "together", "the partner has another"),
    ):
        if bad.any():
            raise FactsRefused("people", int(np.argmax(bad)) + 1, column, why)


def _refuse_groups(fellows: CodedColumn | None) -> None:
    """A group that one person or more than twenty name."""
    if fellows is None:
        return
    sizes = np.bincount(fellows.codes + 1, minlength=len(fellows.names) + 1)
    bad = (fellows.codes >= 0) & ((sizes < FELLOWS_LEAST) | (sizes > FELLOWS_MOST))[fellows.codes + 1]
    if bad.any():
        raise FactsRefused("people", int(np.argmax(bad)) + 1, "fellows", FELLOWS_WHY)
