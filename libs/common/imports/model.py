"""A sheet as it was handed in, and what is kept of its import: how far it is, and what it held."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any
from uuid import UUID

# 状态: waiting, then under way, then over. What was taken back is over too, and known by its own day.
WAITING = "received"
UNDER_WAY = ("reading", "judging", "writing")
UNDOING = "undoing"
OVER = ("done", "failed", "cancelled", "expired")
# 先试后存: judged, then at rest until somebody confirms it.
TRYING, TRIED = "trying", "tried"
AT_REST = (*OVER, TRIED)


@dataclass
class Seen:
    """How many rows have been read and judged so far, counted by the thread that does it."""

    read: int = 0
    judged: int = 0

    def count_read(self) -> None:
        self.read += 1

    def count_judged(self) -> None:
        self.judged += 1


@dataclass(frozen=True)
class Sheet:
    """A file of a region; `as_of` is the day on which its facts hold, where the file does not say it itself.

    `tried_first`: nothing of it goes in before it is confirmed.
    """

    kind: str
    content: IO[bytes]
    filename: str
    region: str
    as_of: date | None
    repairs: UUID | None = None
    tried_first: bool = False
    seen: Seen = field(default_factory=Seen, compare=False)


@dataclass(frozen=True, kw_only=True)
class ImportRecord:
    """`report` is the JSON that officers read; `open_refused` and `open_questioned` count the rows that may still be put right.

    `total` is the number of its rows, None until it is known; `position` the last row that is in, `stored` how many are, and `done`
    what they did so far. `asked` is who handed it in, as the trail names them; `problem` why a failed one failed; `repairs`
    the import whose rows it gives again, None for a file; `undone` that it was taken back.
    """

    id: UUID
    kind: str
    region: str
    filename: str
    as_of: date | None
    by: str
    report: dict[str, Any]
    state: str
    asked: dict[str, str]
    total: int | None
    rows_read: int
    rows_judged: int
    position: int
    stored: int
    done: dict[str, int]
    problem: dict[str, Any] | None
    repairs: UUID | None = None
    open_refused: int = 0
    open_questioned: int = 0
    undone: bool = False

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_at_rest(self) -> bool:
        """Whether the worker has nothing to do with it: it is over, or waits to be confirmed."""
        return self.state in AT_REST


def received(number: UUID, sheet: Sheet, asked: dict[str, str]) -> ImportRecord:
    """The record of a file, or of rows given again, that has just come in."""
    return ImportRecord(
        id=number,
        kind=sheet.kind,
        region=sheet.region,
        filename=sheet.filename,
        as_of=sheet.as_of,
        by=asked["actor"],
        report={},
        state=TRYING if sheet.tried_first else WAITING,
        asked=asked,
        total=None,
        rows_read=0,
        rows_judged=0,
        position=0,
        stored=0,
        done={},
        problem=None,
        repairs=sheet.repairs,
    )


# What a list takes of the report.
TOTALS = ("total_rows", "accepted", "refused", "flagged", "added")


@dataclass(frozen=True, kw_only=True)
class ListedImport:
    """What a list shows of an import; `undone_at` when it was taken back."""

    id: UUID
    kind: str
    region: str
    filename: str
    as_of: date | None
    by: str
    state: str
    total_rows: int | None
    accepted: int | None
    refused: int | None
    flagged: int | None
    added: int | None
    undone_at: datetime | None = None
