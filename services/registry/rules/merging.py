"""Two people become one (合并) and two again (撤销合并): what hangs on them moves row by row, and goes back as it was.

What came after the merge stays with the one who stays; the other is then as on the day of the merge.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Self
from uuid import UUID

from libs.common.problems import Conflict, FieldError, Gone, NotFound
from services.registry.rules.changes import text_of
from services.registry.rules.comparing import TOGETHER
from services.registry.rules.people import Facts
from services.registry.rules.undoing import facts_before

# What stands in the person's row of who goes; nobody records it by hand.
MERGED = "merged"
MergeState = Literal["standing", "undone"]


class PersonMerged(Gone):
    title = "此人已并入另一人 This person was merged into another"


class MergeNotFound(NotFound):
    title = "没有这次合并 No such merge"


class MergeRefused(Conflict):
    title = "现在不能合并 These two cannot become one now"


class UndoRefused(Conflict):
    title = "现在不能撤销合并 This merge cannot be undone now"


class Key(NamedTuple):
    """A row of one person: its table, and what tells it from the person's other rows there."""

    table: str
    key: str


Content = Mapping[str, Any]
Rows = Mapping[Key, Content]


@dataclass(frozen=True)
class MovedRow:
    """One row as both had it before the merge, and as the one who stays has it after."""

    key: Key
    stays: Content | None
    goes: Content | None
    after: Content


@dataclass(frozen=True)
class Unmoved:
    """What undoing does to the rows: back to who went, as before for who stays; `later` was written since and stays."""

    back: list[Key]
    again: list[MovedRow]
    restored: list[MovedRow]
    later: list[Key]


@dataclass(frozen=True, kw_only=True)
class Merge:
    """When and by whom two people became one, and whose values were taken over; `before_sealed` is what stood there."""

    id: UUID
    goes: UUID
    stays: UUID
    on: date
    taken: list[str]
    before_sealed: bytes
    reason: str | None
    merged_by: str
    merged_at: datetime
    state: str = "standing"
    undone_by: str | None = None
    undone_at: datetime | None = None
    undone_reason: str | None = None
    later: list[str]
    version: int = 1

    def undone(self, by: str, at: datetime, reason: str, later: Collection[str]) -> Self:
        return replace(
            self,
            state="undone",
            undone_by=by,
            undone_at=at,
            undone_reason=reason,
            later=sorted(later),
            version=self.version + 1,
        )


def merge_rows(stays: Rows, goes: Rows, made: Rows) -> list[MovedRow]:
    """What moves: whatever of who goes stands at no day of the other, who is believed there; and what the decision itself says."""
    moved = [MovedRow(key, None, row, row) for key, row in goes.items() if key not in stays and key not in made]
    return moved + [MovedRow(key, stays.get(key), goes.get(key), row) for key, row in made.items()]


def undo_rows(moved: Collection[MovedRow], now: Rows) -> Unmoved:
    """Rows that are as the merge left them go back; of one that says otherwise now, who went has what was theirs."""
    undo = Unmoved([], [], [], [])
    for row in moved:
        same = now.get(row.key) == row.after
        if same and row.stays is None and row.goes == row.after:
            undo.back.append(row.key)
            continue
        if same:
            undo.restored.append(row)
        elif row.key in now:
            undo.later.append(row.key)
        if row.goes is not None:
            undo.again.append(row)
    return undo


def taken_over(stays: Facts, goes: Facts, taken: Collection[str]) -> Facts:
    """The facts of who stays, with those of the other that were chosen and what comes with them."""
    names = {name for choice in taken for name in TOGETHER.get(choice, (choice,)) if hasattr(stays, name)}
    return replace(stays, **{name: getattr(goes, name) for name in names})


def given_back(now: Facts, before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Facts, list[str]]:
    """The facts as before the merge, but for those that somebody has stated since, which are told."""
    later = [name for name in before if text_of(getattr(now, name)) != after[name]]
    return facts_before(now, {name: text for name, text in before.items() if name not in later}), later


def refuse_merged(stays: UUID) -> PersonMerged:
    address = f"/registry/v1/labourers/{stays}"
    return PersonMerged(
        f"已并入「{address}」，请打开该记录 Merged into {address}: open that person.",
        extensions={"merged_into": address},
    )


def refuse_merge(code: str, words: str, pointer: str = "/stays") -> MergeRefused:
    return MergeRefused(words, errors=[FieldError(pointer, code, words)])
