"""The people of a run as columns of numbers: what a province's file becomes, for programs that count in millions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from libs.common.calendar import add_days
from services.matching.rules.facts import ELSEWHERE, Person
from services.matching.rules.weights import Weights

Bytes = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TextColumn:
    """n texts laid end to end: text i is `data[offsets[i]:offsets[i + 1]]`."""

    data: Bytes
    offsets: Numbers

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, at: int) -> str:
        return self.data[self.offsets[at] : self.offsets[at + 1]].tobytes().decode()

    def listed(self) -> list[bytes]:
        """All of them, one by one."""
        data, offsets = self.data.tobytes(), self.offsets.tolist()
        return [data[first:last] for first, last in pairwise(offsets)]

    def taken(self, rows: npt.NDArray[np.integer]) -> TextColumn:
        """The texts of some rows, in their order."""
        return TextColumn(*_laid_anew(self.data, self.offsets, rows))


@dataclass(frozen=True)
class CodedColumn:
    """n texts as numbers of their different values; -1 stands for none."""

    codes: Codes
    names: tuple[str, ...]

    def taken(self, rows: npt.NDArray[np.integer]) -> CodedColumn:
        return CodedColumn(self.codes[rows], self.names)


@dataclass(frozen=True)
class ListColumn:
    """n lists of texts: list i is `codes[offsets[i]:offsets[i + 1]]`, numbers of the different values."""

    offsets: Numbers
    codes: Codes
    names: tuple[str, ...]

    def taken(self, rows: npt.NDArray[np.integer]) -> ListColumn:
        codes, offsets = _laid_anew(self.codes, self.offsets, rows)
        return ListColumn(offsets, codes, self.names)


def _one_after_another(parts: Sequence[Any]) -> Any:
    """Columns of the same kind as one; names that only a later part has come behind."""
    first = parts[0]
    if isinstance(first, np.ndarray):
        return np.concatenate(parts, axis=-1)
    known: dict[str, int] = {}
    ends = np.cumsum([0, *(len(part.data if isinstance(first, TextColumn) else part.codes) for part in parts)])
    offsets = (
        []
        if isinstance(first, CodedColumn)
        else [np.zeros(1, np.int64), *(part.offsets[1:] + end for part, end in zip(parts, ends, strict=False))]
    )
    if isinstance(first, TextColumn):
        return TextColumn(np.concatenate([part.data for part in parts]), np.concatenate(offsets))
    recoded = [
        np.array([*(known.setdefault(name, len(known)) for name in part.names), -1], np.int32)[part.codes]
        for part in parts
    ]
    codes, names = np.concatenate(recoded), tuple(known)
    return (
        CodedColumn(codes, names)
        if isinstance(first, CodedColumn)
        else ListColumn(np.concatenate(offsets), codes, names)
    )


def _no_names(count: int) -> CodedColumn:
    return CodedColumn(np.full(count, -1, np.int32), ())


def _laid_anew(
    data: npt.NDArray[Any], offsets: Numbers, rows: npt.NDArray[np.integer]
) -> tuple[npt.NDArray[Any], Numbers]:
    """Entries of some rows laid end to end again: what they hold, and where each begins (and the last ends)."""
    first, length = offsets[rows], (offsets[1:] - offsets[:-1])[rows]
    begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(length)])
    return data[np.repeat(first - begins[:-1], length) + np.arange(begins[-1])], begins


@dataclass(frozen=True)
class People:
    """n people in file order; sets of names are bits in the order of the weights, eight to a row of shape (bytes, n)."""

    person: TextColumn
    county: CodedColumn
    age: npt.NDArray[np.int16]
    education: npt.NDArray[np.int8]
    occupation: CodedColumn
    experience: npt.NDArray[np.int8]
    certificates: Bytes
    restrictions: Bytes
    accommodations: Bytes
    wage_expected: Numbers
    wage_reserve: Numbers
    # Days since 1970-01-01.
    available_from: Codes
    destinations: ListColumn
    # Number in facts.ELSEWHERE.
    elsewhere: npt.NDArray[np.int8]
    refused: ListColumn
    relatives_city: CodedColumn
    # Bits in the order of the weights' offers, and of sorted(weights.groups).
    needs: Bytes
    groups: Bytes
    burden: npt.NDArray[np.int16]
    shared: npt.NDArray[np.int16]
    # Row of the partner or -1, and number in facts.TOGETHER or -1.
    partner: Codes
    together: npt.NDArray[np.int8]
    # The group of fellow villagers; None: nobody is in one, as in every file of v1.
    fellows: CodedColumn | None = None

    def __len__(self) -> int:
        return len(self.person)

    def taken(self, rows: npt.NDArray[np.integer]) -> People:
        """Some rows, in their order, each without partner and fellows: their rows would lie elsewhere, or nowhere."""
        alone: dict[str, Any] = {
            "partner": np.full(len(rows), -1, np.int32),
            "together": np.full(len(rows), -1, np.int8),
            "fellows": None,
        }
        parts: dict[str, Any] = {
            name: column.taken(rows) if isinstance(column, TextColumn | CodedColumn | ListColumn) else column[..., rows]
            for name, column in vars(self).items()
            if name not in alone
        }
        return People(**parts, **alone)

    @classmethod
    def plain(cls, ids: TextColumn, weights: Weights, county: str = "", occupation: str = "") -> People:
        """People of one county and trade who have said nothing: no wish, no group, nobody to go with."""
        count = len(ids)

        def numbers(kind: type, value: int = 0) -> npt.NDArray[Any]:
            return np.full(count, value, kind)

        def names(known: Collection[str]) -> Bytes:
            return np.zeros((max(1, -(-len(known) // 8)), count), np.uint8)

        nowhere = ListColumn(np.zeros(count + 1, np.int64), np.zeros(0, np.int32), ())
        return cls(
            person=ids,
            county=CodedColumn(numbers(np.int32), (county,) if count else ()),
            age=numbers(np.int16),
            education=numbers(np.int8),
            occupation=CodedColumn(numbers(np.int32), (occupation,) if count else ()),
            experience=numbers(np.int8),
            certificates=names(weights.certificates),
            restrictions=names(weights.restrictions),
            accommodations=names(weights.accommodations),
            wage_expected=numbers(np.int64),
            wage_reserve=numbers(np.int64),
            available_from=numbers(np.int32),
            destinations=nowhere,
            elsewhere=numbers(np.int8),
            refused=nowhere,
            relatives_city=_no_names(count),
            needs=names(weights.offers),
            groups=names(weights.groups),
            burden=numbers(np.int16),
            shared=numbers(np.int16),
            partner=numbers(np.int32, -1),
            together=numbers(np.int8, -1),
        )

    @classmethod
    def joined(cls, parts: Sequence[People]) -> People:
        """People one after another; partners stand within their own part."""
        alike = [replace(part, fellows=part.fellows or _no_names(len(part))) for part in parts]
        columns: dict[str, Any] = {
            name: _one_after_another([getattr(part, name) for part in alike]) for name in vars(alike[0])
        }
        begins = np.repeat(np.cumsum([0, *(len(part) for part in parts[:-1])]), [len(part) for part in parts])
        columns["partner"] = np.where(columns["partner"] >= 0, columns["partner"] + begins, -1).astype(np.int32)
        return cls(**columns)


@dataclass(frozen=True)
class Claimed:
    """A result as somebody claims it, row by row: row of the person (-1 unknown), row of the vacancy and number of the seat
    type (-1 none, -2 unknown), utility and priority (-1 none)."""

    person: Numbers
    vacancy: Numbers
    seat: Numbers
    utility: Numbers
    priority: Numbers


def person_at(people: People, row: int, weights: Weights, shared: int, refused: Iterable[str]) -> Person:
    """One row as the plain rules know a person, with the points that a couple shares and the cities it rules out; no partner."""
    groups = sorted(weights.groups)
    return Person(
        person=people.person[row],
        county=_name(people.county, row) or "",
        age=int(people.age[row]),
        education=int(people.education[row]),
        occupation=_name(people.occupation, row) or "",
        experience=int(people.experience[row]),
        certificates=_set(people.certificates, row, weights.certificates),
        restrictions=_set(people.restrictions, row, weights.restrictions),
        accommodations=_set(people.accommodations, row, weights.accommodations),
        wage_expected=int(people.wage_expected[row]),
        wage_reserve=int(people.wage_reserve[row]),
        available_from=add_days(date(1970, 1, 1), int(people.available_from[row])),
        destinations=_list(people.destinations, row),
        elsewhere=ELSEWHERE[people.elsewhere[row]],
        refused=frozenset((*_list(people.refused, row), *refused)),
        relatives_city=_name(people.relatives_city, row),
        needs=_set(people.needs, row, tuple(weights.offers)),
        groups=_set(people.groups, row, groups),
        burden=int(people.burden[row]),
        shared=shared or None,
    )


def _name(coded: CodedColumn, row: int) -> str | None:
    return coded.names[coded.codes[row]] if coded.codes[row] >= 0 else None


def _list(lists: ListColumn, row: int) -> tuple[str, ...]:
    return tuple(lists.names[code] for code in lists.codes[lists.offsets[row] : lists.offsets[row + 1]])


def _set(sets: Bytes, row: int, names: Sequence[str]) -> frozenset[str]:
    return frozenset(name for at, name in enumerate(names) if sets[at // 8, row] >> (at % 8) & 1)
