"""What many people have in common, so that the machine code meets it as the number of a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.matching.kernel.shapes import I16, I32, I64
from services.matching.rules.columns import Bytes, People
from services.matching.rules.weights import Weights

MOST_VIEWS = 64


@dataclass(frozen=True)
class Classes:
    """Numbers of people's kinds of needs, days, groups and provinces, and what each number stands for.

    `mask` has a bit for each reserve group and one for `open`; `view` numbers the different masks, or is 0 for everybody
    under one mask of all groups where there are too many: then a bar is lower than need be, and only costs time.
    """

    needs: I16
    needs_rows: Bytes
    day: I32
    days: I32
    group_points: I64
    mask: I64
    view: I16
    view_masks: I64
    provinces: tuple[str, ...]


def classes_of(people: People, weights: Weights) -> Classes:
    needs, needs_rows = numbered_bits(people.needs)
    kinds, rows = numbered_bits(people.groups)
    days, day = numbered(people.available_from)
    points, masks = _groups(rows, weights)
    different, view = np.unique(masks, return_inverse=True)
    if not 0 < len(different) <= MOST_VIEWS:
        different, view = np.array([(2 << len(weights.reserve_groups)) - 1]), np.zeros(len(masks), np.int64)
    provinces = tuple(sorted({county[:2] for county in people.county.names}))
    return Classes(
        needs.astype(np.int16), needs_rows, day.astype(np.int32), days.astype(np.int32), points[kinds], masks[kinds],
        view[kinds].astype(np.int16), different.astype(np.int64), provinces,
    )  # fmt: skip


def _groups(rows: Bytes, weights: Weights) -> tuple[I64, I64]:
    """Group points and seat types of each kind of groups."""
    points = np.zeros(rows.shape[1], np.int64)
    masks = np.full(rows.shape[1], 1 << len(weights.reserve_groups), np.int64)
    for at, name in enumerate(sorted(weights.groups)):
        held = (rows[at // 8] >> np.uint8(at % 8) & np.uint8(1)).astype(np.int64)
        points += held * weights.group_points.get(name, 0)
        if name in weights.reserve_groups:
            masks |= held << weights.reserve_groups.index(name)
    return points, masks


def numbered_bits(sets: Bytes) -> tuple[npt.NDArray[np.int64], Bytes]:
    """Sets of shape (bytes, n) as numbers of the different ones, which come back with shape (bytes, kinds)."""
    number = np.zeros(sets.shape[1], np.int64)
    for row in sets:
        _, number = numbered(number * 256 + row)
    first = np.zeros(int(number.max(initial=-1)) + 1, np.int64)
    first[number] = np.arange(len(number))
    kinds = sets[:, first]
    return number, kinds if kinds.shape[1] else np.zeros((len(sets), 1), np.uint8)


def numbered(values: npt.NDArray[np.integer]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The different values, ascending, and for each value its number among them; by counting where they lie close."""
    if not len(values):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    least = int(values.min())
    if int(values.max()) - least > 2**20:
        different, number = np.unique(values, return_inverse=True)
        return different.astype(np.int64), number.astype(np.int64)
    shifted = values.astype(np.int64) - least
    present = np.bincount(shifted) > 0
    return np.flatnonzero(present) + least, (np.cumsum(present) - 1)[shifted]


def province_of(counties: Sequence[str], provinces: Sequence[str]) -> I16:
    return np.array([provinces.index(county[:2]) for county in counties], np.int16)
