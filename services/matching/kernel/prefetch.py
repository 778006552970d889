"""Memory asked for ahead (预取): who looks again stands anywhere in the crowd, so that each column would be a wait of its own.

At 760,000 people a look by somebody at random takes a third less for it; people in the order of the crowd lose nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic as _intrinsic

from services.matching.kernel.array_types import I32, PeopleArrays
from services.matching.kernel.jit import inlined

# How many people ahead: by then a column has come from memory.
AHEAD = 4
# Typed as it is used: numba itself hands over the typing context.
intrinsic: Callable[[Callable[..., Any]], Callable[..., None]] = _intrinsic
_BYTE, _WORD = ir.IntType(8).as_pointer(), ir.IntType(32)
_READ, _KEEP, _DATA = (ir.Constant(_WORD, value) for value in (0, 3, 1))


def _hint(context: Any, builder: Any, kind: Any, array: Any, indices: list[Any]) -> None:
    """Tells the processor that an item will be read. It may be ignored, and never fails."""
    laid = context.make_array(kind)(context, builder, array)
    item = cgutils.get_item_pointer(context, builder, kind, laid, indices)  # type: ignore[no-untyped-call]
    prefetch = builder.module.declare_intrinsic(
        "llvm.prefetch", (_BYTE,), ir.FunctionType(ir.VoidType(), [_BYTE, _WORD, _WORD, _WORD])
    )
    builder.call(prefetch, [builder.bitcast(item, _BYTE), _READ, _KEEP, _DATA])


@intrinsic
def fetch(_: Any, array: Any, at: Any) -> Any:
    """array[at]."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        _hint(context, builder, signature.args[0], given[0], [given[1]])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


@intrinsic
def fetch_columns(_: Any, crowd: Any, i: Any) -> Any:
    """All columns of a person that have one value for each."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = signature.args[0]
        for number, (field, kind) in enumerate(zip(kinds.fields, kinds.types, strict=True)):
            if kind.ndim == 1 and not field.endswith("_cities"):
                _hint(context, builder, kind, builder.extract_value(given[0], number), [given[1]])
        return context.get_dummy_value()

    return types.void(crowd, types.intp), generate


@inlined
def fetch_ahead(who: I32, at: int, last: int, crowd: PeopleArrays) -> None:
    """Whoever looks AHEAD of who[at], and the lists of the next one, whose columns are there by now."""
    if at + AHEAD < last:
        i = np.int64(who[at + AHEAD])
        fetch_columns(crowd, i)
        for byte in range(crowd.lack.shape[0]):
            fetch(crowd.lack[byte], i)
    if at + 1 < last:
        i = np.int64(who[at + 1])
        fetch(crowd.destination_cities, crowd.destinations[i])
        fetch(crowd.refused_cities, crowd.refused[i])
