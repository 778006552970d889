"""What only the whole file shows (跨行核对): the same number twice, perhaps the same person, households that do not fit.

Household checks look at all rows whose cells are where they belong, refused ones included; numbers are compared only when
they are sound. A file is gone through twice in the same order: `look` keeps some thirty bytes of a row, so that a county's whole
export fits into memory, `judge` tells of each row what does not fit.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from libs.common.imports.report import Findings, add_finding
from libs.common.sheets import Row
from libs.common.sheets.text import compact, tidy_name
from services.registry.rules.heads import Kin, judge_household
from services.registry.rules.numbers import LONGEST_LIFE, IdNumber, has_lost_digits
from services.registry.rules.values import read_listed, read_place_name

Numbers = Mapping[int, IdNumber]
Whole = NDArray[np.int64]
# Of a row without a sound number, without a household, that is like no other.
_NONE = -1


def judge_across(rows: Sequence[Row], numbers: Numbers, findings: Findings) -> None:
    """Rows of which all are in memory."""
    across = Across()
    for row in rows:
        across.look(row, numbers[row.number])
    across.settle()
    for row in rows:
        across.judge(row, numbers[row.number], findings)


class Across:
    """A file's rows as columns of numbers; the 18th character of an identity number follows from the others."""

    def __init__(self) -> None:
        self._rows, self._numbers, self._alike, self._homes = array("q"), array("q"), array("q"), array("q")
        self._kin = array("H")
        self._kinships: dict[str, int] = {}
        self._groups: dict[tuple[object, ...], list[tuple[str, str]]] = {}
        self._judged = 0

    def look(self, row: Row, number: IdNumber) -> None:
        """Before anything is judged, each sound row in its order."""
        name, household = tidy_name(row.get("姓名")), row.get("户编号")
        home = "" if has_lost_digits(household) else compact(household)
        kinship = read_listed(row.get("与户主关系"))
        self._rows.append(row.number)
        self._numbers.append(int(number.number[:17]) if number.number else _NONE)
        self._alike.append(hash(_alike(row, number, name)) if number.number and name else _NONE)
        self._homes.append(hash(home) if home else _NONE)
        self._kin.append(self._kinships.setdefault(kinship, len(self._kinships)))

    def settle(self, as_of: date | None = None) -> None:
        """Everything has been seen. Nobody bears a number on a day before birth or 120 years after."""
        numbers = np.array(self._numbers, dtype=np.int64)
        if as_of is not None:
            numbers[~_borne_on(numbers, as_of)] = _NONE
        rows = np.frombuffer(self._rows, dtype=np.int64)
        self._twice = set(rows[_repeated(numbers)].tolist())
        alike = np.where(numbers == _NONE, _NONE, np.array(self._alike, dtype=np.int64))
        self._candidates = set(alike[_repeated(alike)].tolist())
        self._told = self._judge_households(numbers, rows)

    def judge(self, row: Row, number: IdNumber, findings: Findings) -> None:
        """Each row again, in the same order."""
        at, self._judged = self._judged, self._judged + 1
        if row.number in self._twice:
            add_finding(findings, row.number, "id_duplicate", "证件号码")
        if number.number and self._alike[at] in self._candidates:
            self._find_lookalike(row, number, findings)
        for code in self._told.get(row.number, ()):
            add_finding(findings, row.number, code, "证件号码" if code == "spouse_same_sex" else "与户主关系")

    def _find_lookalike(self, row: Row, number: IdNumber, findings: Findings) -> None:
        """Another number, but same village, same birth date, names of one length differing in at most one character."""
        assert number.number
        name = tidy_name(row.get("姓名"))
        earlier = self._groups.setdefault(_alike(row, number, name), [])
        if any(other != number.number and is_nearly_equal(name, known) for other, known in earlier):
            add_finding(findings, row.number, "possible_duplicate", "姓名")
        earlier.append((number.number, name))

    def _judge_households(self, numbers: Whole, rows: Whole) -> dict[int, list[str]]:
        told: dict[int, list[str]] = {}
        words = list(self._kinships)
        for members in _groups(np.frombuffer(self._homes, dtype=np.int64)):
            kin = [Kin(int(rows[at]), words[self._kin[at]], _sex(int(numbers[at]))) for at in members]
            for row, code in judge_household(kin):
                told.setdefault(row, []).append(code)
        return told


def is_nearly_equal(one: str, other: str) -> bool:
    """Names of one length that differ in at most one character."""
    return sum(a != b for a, b in zip(one, other, strict=True)) <= 1


def _alike(row: Row, number: IdNumber, name: str) -> tuple[object, ...]:
    return read_place_name(row.get("乡")), read_place_name(row.get("村")), number.birth, len(name)


def _borne_on(numbers: Whole, on: date) -> NDArray[np.bool_]:
    """As `IdNumber.of_somebody_alive`: the 7th to 14th digits are the day of birth."""
    born = numbers // 1000 % 10**8
    alive: NDArray[np.bool_] = (born <= on.year * 10_000 + on.month * 100 + on.day) & (
        born // 10_000 >= on.year - LONGEST_LIFE
    )
    return alive


def _sex(number: int) -> str | None:
    return None if number == _NONE else "男" if number % 2 else "女"


def _repeated(values: Whole) -> Whole:
    """Where a value stands that stood before."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    again = (ordered[1:] == ordered[:-1]) & (ordered[1:] != _NONE)
    later: Whole = order[1:][again]
    return later


def _groups(values: Whole) -> Iterator[list[int]]:
    """Where each value stands, group by group."""
    order = np.argsort(values, kind="stable")
    order = order[values[order] != _NONE]
    starts = np.flatnonzero(np.diff(values[order], prepend=_NONE)).tolist()
    for start, end in zip(starts, [*starts[1:], *([len(order)] if starts else [])], strict=True):
        yield order[start:end].tolist()
