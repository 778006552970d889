"""Many things in order, in the memory of few (存盘序列): the first some thousand stay as they are, more of them lie on disk."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")

# What is not worth a file.
IN_MEMORY = 5_000
_LENGTH_BYTES, _PART = 4, 1 << 20


def gather(
    things: Iterable[T],
    pack: Callable[[T], Any] = lambda thing: thing,
    unpack: Callable[[Any], T] = lambda packed: packed,
) -> Sequence[T]:
    """All of them, read once: a tuple of few, else on disk, packed."""
    left = iter(things)
    few = tuple(islice(left, IN_MEMORY + 1))
    if len(few) <= IN_MEMORY:
        return few
    laid: Laid[T] = Laid(unpack)
    for each in few:
        laid.append(pack(each))
    del few
    for each in left:
        laid.append(pack(each))
    return laid


class Laid(Sequence[T], Generic[T]):
    """On disk in a file without a name, written and read by this process alone, so that what it unpickles is its own."""

    def __init__(self, unpack: Callable[[Any], T]) -> None:
        self._unpack = unpack
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 it goes with whoever holds it last
        self._count = 0

    def append(self, packed: Any) -> None:
        written = pickle.dumps(packed, protocol=5)
        self._file.write(len(written).to_bytes(_LENGTH_BYTES, "big") + written)
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        """From the beginning; several may read at once."""
        self._file.flush()
        held, place = b"", 0
        while part := os.pread(self._file.fileno(), _PART, place):
            held, place = held + part, place + len(part)
            start = 0
            while start + _LENGTH_BYTES <= len(held):
                begin = start + _LENGTH_BYTES
                end = begin + int.from_bytes(held[start:begin], "big")
                if end > len(held):
                    break
                yield self._unpack(pickle.loads(held[begin:end]))
                start = end
            held = held[start:]

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return tuple(islice(self, *place.indices(self._count)))
        if not -self._count <= place < self._count:
            raise IndexError(place)
        return next(islice(self, place % self._count, None))
