"""What many people have in common, so that the machine code meets it as the number of a row."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from services.matching.kernel.array_types import I16, I32, I64
from services.matching.rules.columns import Bytes, People
from services.matching.rules.weights import Weights

MOST_VIEWS = 64
Kind = TypeVar("Kind", bound=Hashable)


@dataclass(frozen=True)
class Kinds:
    """What the numbers of classes stand for; `needs` and `views` hold sets of names as bits, needs as bytes.

    A view is a mask of seat types under which people look at the cutoffs. Where there are too many masks, the others look
    through one of all groups: then a bar is lower than need be, and only costs time.
    """

    occupations: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    needs: tuple[bytes, ...] = ()
    views: tuple[int, ...] = ()


@dataclass(frozen=True)
class Classes:
    """Everybody's numbers among the kinds, and points and seat types by groups: a bit for each reserve group and one for `open`."""

    kinds: Kinds
    occupation: I32
    county: I32
    needs: I16
    group_points: I64
    mask: I64
    view: I16


def classes_of(people: People, weights: Weights, known: Kinds = Kinds()) -> Classes:
    """The classes of people; kinds that are not known come behind those that are, so that numbers once given stay."""
    needs, needs_rows = numbered_bits(people.needs)
    groups, groups_rows = numbered_bits(people.groups)
    points, masks = _groups(groups_rows, weights)
    occupations, occupation = joined(known.occupations, people.occupation.names)
    counties, county = joined(known.counties, people.county.names)
    provinces, _ = joined(known.provinces, sorted({name[:2] for name in people.county.names}))
    kinds_of_needs, need = joined(known.needs, [column.tobytes() for column in needs_rows.T])
    views, view = _views(known.views, masks.tolist(), (2 << len(weights.reserve_groups)) - 1)
    return Classes(
        Kinds(occupations, counties, provinces, kinds_of_needs, views),
        occupation[people.occupation.codes],
        county[people.county.codes],
        need[needs].astype(np.int16),
        points[groups],
        masks[groups],
        view[groups].astype(np.int16),
    )


def joined(known: Sequence[Kind], more: Sequence[Kind]) -> tuple[tuple[Kind, ...], I32]:
    """The known values and then the new ones, each once; and the number of each of `more` among them."""
    values = tuple(dict.fromkeys((*known, *more)))
    number = {value: at for at, value in enumerate(values)}
    return values, np.array([number[value] for value in more], np.int32)


def _views(known: Sequence[int], masks: Sequence[int], every: int) -> tuple[tuple[int, ...], I32]:
    views, view = joined(known, masks)
    if len(views) <= MOST_VIEWS:
        return views, view
    views, _ = joined(known, [every])
    return views, np.array([views.index(mask if mask in views else every) for mask in masks], np.int32)


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
