"""Fellow villagers who want to travel together (同村结伴): officers give the people of one village a common name in 结伴小组."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from libs.common.imports.report import Findings, add_finding
from libs.common.sheets.model import CellValue
from libs.common.sheets.text import word
from services.registry.rules.report import KnownPerson, WishRow

COLUMN = "结伴小组"
# Matching v1 gathers no larger group.
MOST_FELLOWS = 20
NAME_LIMIT = 20
# Never to be changed: every group would get another id.
_GROUPS = UUID("3d8b1c44-1bdb-4eca-ba1a-5712a56959cc")
_NONE = ("无", "没有", "暂无", "否", "空", "未填", "×")

Group = tuple[str, str, str]


def read_group(value: CellValue) -> str | None:
    """The group's name as it is kept and compared: no spaces, half width, simplified, lower case; 无 and empty are none."""
    name = word(value).lower()
    return name if name.strip("-/、.") and name not in _NONE else None


def group_id(county: str, township: str, village: str, name: str) -> UUID:
    """The same for all who name the group in this village: so it is told of without its name."""
    return uuid5(_GROUPS, "\n".join((county, township, village, name)))


def judge_fellows(
    wishes: Sequence[WishRow], known: Mapping[str, KnownPerson], findings: Findings
) -> tuple[WishRow, ...]:
    """The accepted wishes with groups settled; of whom no village is known, township or county make the group."""
    named = tuple(_without_long_name(wish, findings) for wish in wishes)
    sizes = Counter(_group_of(wish, known) for wish in named)
    return tuple(_settle(wish, sizes[_group_of(wish, known)], findings) for wish in named)


def _without_long_name(wish: WishRow, findings: Findings) -> WishRow:
    if wish.fellows is None or len(wish.fellows) <= NAME_LIMIT:
        return wish
    add_finding(findings, wish.row, "wish_fellows_too_long", COLUMN)
    return replace(wish, fellows=None)


def _group_of(wish: WishRow, known: Mapping[str, KnownPerson]) -> Group | None:
    if wish.fellows is None:
        return None
    person = known.get(wish.person)
    return (person.township, person.village, wish.fellows) if person else ("", "", wish.fellows)


def _settle(wish: WishRow, size: int, findings: Findings) -> WishRow:
    """Somebody alone keeps the group: the others may stand in another sheet, or be in the register already."""
    if wish.fellows is None:
        return wish
    if size > MOST_FELLOWS:
        add_finding(findings, wish.row, "wish_fellows_too_many", COLUMN)
        return replace(wish, fellows=None)
    if size == 1:
        add_finding(findings, wish.row, "wish_fellows_alone", COLUMN)
    return wish
