"""The lottery (抽签): SipHash-2-4 of every id under the seed of the run. Source: Aumasson and Bernstein, 2012."""

from __future__ import annotations

import numpy as np

from services.matching.kernel.array_types import I64, U8, U64
from services.matching.kernel.jit import compiled, inlined


@inlined
def _turn(x: np.uint64, by: int) -> np.uint64:
    return (x << np.uint64(by)) | (x >> np.uint64(64 - by))


@inlined
def _round(a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    a += b
    c += d
    b = _turn(b, 13) ^ a
    d = _turn(d, 16) ^ c
    a = _turn(a, 32)
    c += b
    a += d
    b = _turn(b, 17) ^ c
    d = _turn(d, 21) ^ a
    c = _turn(c, 32)
    return a, b, c, d


@compiled
def draw_all(data: U8, offsets: I64, key0: np.uint64, key1: np.uint64, drawn: U64) -> None:
    """`h(id)` of each text `data[offsets[i]:offsets[i + 1]]`."""
    for i in range(len(offsets) - 1):
        first, length = offsets[i], offsets[i + 1] - offsets[i]
        a, b = key0 ^ np.uint64(0x736F6D6570736575), key1 ^ np.uint64(0x646F72616E646F6D)
        c, d = key0 ^ np.uint64(0x6C7967656E657261), key1 ^ np.uint64(0x7465646279746573)
        for word in range(length // 8 + 1):
            m = np.uint64(0)
            for at in range(min(8, length - 8 * word)):
                m |= np.uint64(data[first + 8 * word + at]) << np.uint64(8 * at)
            if word == length // 8:
                m |= np.uint64(length & 255) << np.uint64(56)
            d ^= m
            a, b, c, d = _round(a, b, c, d)
            a, b, c, d = _round(a, b, c, d)
            a ^= m
        c ^= np.uint64(255)
        for _ in range(4):
            a, b, c, d = _round(a, b, c, d)
        drawn[i] = a ^ b ^ c ^ d
