"""Lists laid end to end (where each begins, and what they hold) in another order."""

from __future__ import annotations

from services.matching.kernel.array_types import I16, I32, I64
from services.matching.kernel.jit import compiled


@compiled
def lay_in_order(first: I64, numbers: I16, order: I32, begins: I64, out: I16) -> None:
    """The list that begins at first[order[k]] goes to out[begins[k]:begins[k + 1]]."""
    for at in range(len(order)):
        start, begin = first[order[at]], begins[at]
        for k in range(begins[at + 1] - begin):
            out[begin + k] = numbers[start + k]
