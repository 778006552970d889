"""One Arrow column to numbers: values, and which rows (from 0) hold something that the facts do not allow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from services.matching.rules.columns import Bytes, CodedColumn, ListColumn, Numbers, TextColumn

Bad = npt.NDArray[np.bool_]
LONGEST_ID = 36


def numbers(column: pa.ChunkedArray, least: int, most: int, *, null: int | None = None) -> tuple[Numbers, Bad]:
    """Whole numbers from `least` to `most`; `null` stands for an absent value, without it that is a fault."""
    absent = pc.is_null(column).to_numpy()
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    values = np.zeros(len(column), np.int64) if pa.types.is_null(column.type) else _filled(column)
    if values.dtype.kind == "f":
        broken = ~np.isfinite(values) | (np.floor(values) != values)
        whole = np.where(broken, 0, np.clip(values, -(2**62), 2**62)).astype(np.int64)
    else:
        broken, whole = np.zeros(len(values), bool), values.astype(np.int64)
    bad = broken | (whole < least) | (whole > most)
    if null is None:
        return whole, bad | absent
    return np.where(absent, null, whole), bad & ~absent


def _filled(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = pc.fill_null(column, 0).to_numpy() if column.null_count else column.to_numpy()
    return np.minimum(array, 2**62).astype(np.int64) if array.dtype == np.uint64 else array


def identifiers(column: pa.ChunkedArray) -> tuple[TextColumn, Bad]:
    """Ids of 1 to 36 characters from ! to ~."""
    texts = _texts(column)
    lengths = np.diff(texts.offsets)
    bad = (lengths < 1) | (lengths > LONGEST_ID)
    strange = np.flatnonzero((texts.data < 0x21) | (texts.data > 0x7E))
    bad[np.searchsorted(texts.offsets, strange, side="right") - 1] = True
    return texts, bad


def _texts(column: pa.ChunkedArray) -> TextColumn:
    array = pc.fill_null(column, "").cast(pa.large_string()).combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], pa.large_string())
    offsets = (
        np.frombuffer(array.buffers()[1], np.int64, len(array) + 1, array.offset * 8)
        if len(array)
        else np.zeros(1, np.int64)
    )
    data = np.frombuffer(array.buffers()[2] or b"", np.uint8)
    return TextColumn(data[offsets[0] : offsets[-1]].copy(), offsets - offsets[0])


def coded(
    column: pa.ChunkedArray, pattern: str | None = None, names: Sequence[str] | None = None, *, null: bool = False
) -> tuple[CodedColumn, Bad]:
    """Texts as numbers of their different values; each must match `pattern`, or be one of `names` and get its number there."""
    codes, found = _encoded(_plain(column))
    absent = codes < 0
    right = _right(found, pattern, names)
    bad = ~right[codes]
    bad[absent] = not null
    if names is None:
        return CodedColumn(codes, found), bad
    numbered = np.array([names.index(name) if name in names else -1 for name in (*found, "")], np.int32)
    return CodedColumn(numbered[codes], tuple(names)), bad


def lists(column: pa.ChunkedArray, pattern: str) -> tuple[ListColumn, Bad]:
    """Lists of texts that match `pattern`; a null list is empty, a null in a list is a fault."""
    offsets, codes, found = _flat(column)
    return ListColumn(offsets, codes, found), _rows_with(~_right(found, pattern, None)[codes] | (codes < 0), offsets)


def bits(column: pa.ChunkedArray, names: Sequence[str]) -> tuple[Bytes, Bad]:
    """Sets of `names` as bits, shape (bytes, rows): name i is bit i % 8 of byte i // 8."""
    offsets, codes, found = _flat(column)
    held = np.zeros((max(1, -(-len(names) // 8)), len(column)), np.uint8)
    rows = np.repeat(np.arange(len(column)), np.diff(offsets))
    for code, name in enumerate(found):
        if name in names:
            byte, bit = divmod(names.index(name), 8)
            held[byte, rows[codes == code]] |= np.uint8(1 << bit)
    return held, _rows_with(~_right(found, None, names)[codes] | (codes < 0), offsets)


def _right(found: Sequence[str], pattern: str | None, names: Sequence[str] | None) -> Bad:
    """For each different value, and at the end for none, whether it is allowed."""
    form = re.compile(pattern or "")
    return np.array(
        [name in names if names is not None else bool(form.fullmatch(name)) for name in found] + [True], bool
    )


def _rows_with(bad: Bad, offsets: Numbers) -> Bad:
    rows = np.zeros(len(offsets) - 1, bool)
    rows[np.searchsorted(offsets, np.flatnonzero(bad), side="right") - 1] = True
    return rows


def _flat(column: pa.ChunkedArray) -> tuple[Numbers, npt.NDArray[np.int32], tuple[str, ...]]:
    if pa.types.is_null(column.type):
        return np.zeros(len(column) + 1, np.int64), np.zeros(0, np.int32), ()
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return offsets, *_encoded(_plain(pc.list_flatten(column)))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column whose type is null holds no value at all; as text it holds the same."""
    return column.cast(pa.string()) if pa.types.is_null(column.type) else column


def _encoded(column: pa.ChunkedArray) -> tuple[npt.NDArray[np.int32], tuple[str, ...]]:
    """Numbers of the different values, -1 for null, and the values themselves."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries()
    if not column.num_chunks:
        return np.zeros(0, np.int32), ()
    parts = [pc.fill_null(chunk.indices, -1).to_numpy(zero_copy_only=False) for chunk in column.chunks]
    return np.concatenate(parts).astype(np.int32), tuple(column.chunk(0).dictionary.to_pylist())
