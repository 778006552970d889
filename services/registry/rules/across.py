"""What only the whole file shows (跨行核对): the same number twice, perhaps the same person, households that do not fit.

Household checks look at all rows whose cells are where they belong, refused ones included; numbers are compared only when
they are sound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from libs.common.imports.report import Findings, add_finding
from libs.common.sheets import Row
from libs.common.sheets.text import compact, tidy_name
from services.registry.rules.heads import Kin, judge_household
from services.registry.rules.numbers import IdNumber, has_lost_digits
from services.registry.rules.values import read_listed, read_place_name

Numbers = Mapping[int, IdNumber]


def judge_across(rows: Sequence[Row], numbers: Numbers, findings: Findings) -> None:
    _find_duplicates(rows, numbers, findings)
    _find_lookalikes(rows, numbers, findings)
    households: dict[str, list[Row]] = {}
    for row in rows:
        if (household := compact(row.get("户编号"))) and not has_lost_digits(row.get("户编号")):
            households.setdefault(household, []).append(row)
    for members in households.values():
        _judge_members(members, numbers, findings)


def _find_duplicates(rows: Sequence[Row], numbers: Numbers, findings: Findings) -> None:
    seen: set[str] = set()
    for row in rows:
        number = numbers[row.number].number
        if number and number in seen:
            add_finding(findings, row.number, "id_duplicate", "证件号码")
        elif number:
            seen.add(number)


def _find_lookalikes(rows: Sequence[Row], numbers: Numbers, findings: Findings) -> None:
    """Another number, but same village, same birth date, names of one length differing in at most one character."""
    groups: dict[tuple[object, ...], list[tuple[str, str]]] = {}
    for row in rows:
        number, name = numbers[row.number], tidy_name(row.get("姓名"))
        if not number.number or not name:
            continue
        key = (read_place_name(row.get("乡")), read_place_name(row.get("村")), number.birth, len(name))
        earlier = groups.setdefault(key, [])
        if any(other != number.number and is_nearly_equal(name, known) for other, known in earlier):
            add_finding(findings, row.number, "possible_duplicate", "姓名")
        earlier.append((number.number, name))


def is_nearly_equal(one: str, other: str) -> bool:
    """Names of one length that differ in at most one character."""
    return sum(a != b for a, b in zip(one, other, strict=True)) <= 1


def _judge_members(members: Sequence[Row], numbers: Numbers, findings: Findings) -> None:
    kin = [Kin(row.number, read_listed(row.get("与户主关系")), numbers[row.number].sex) for row in members]
    for row, code in judge_household(kin):
        add_finding(findings, row, code, "证件号码" if code == "spouse_same_sex" else "与户主关系")
