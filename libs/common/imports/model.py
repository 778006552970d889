"""A sheet as it was handed in, and what is kept of its import."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any
from uuid import UUID


@dataclass(frozen=True)
class Sheet:
    """A file of a region; `as_of` is the day on which its facts hold, where the file does not say it itself."""

    kind: str
    content: IO[bytes]
    filename: str
    region: str
    as_of: date | None


@dataclass(frozen=True, kw_only=True)
class ImportRecord:
    """`report` is the JSON that officers read; `refused` the workbook of refused rows, sealed, None when all went in."""

    id: UUID
    kind: str
    region: str
    filename: str
    as_of: date
    by: str
    report: dict[str, Any]
    refused: bytes | None


# What a list takes of the report.
TOTALS = ("total_rows", "accepted", "refused", "flagged", "added")


@dataclass(frozen=True, kw_only=True)
class ListedImport:
    """What a list shows of an import; `undone_at` when it was taken back."""

    id: UUID
    kind: str
    region: str
    filename: str
    as_of: date
    by: str
    total_rows: int
    accepted: int
    refused: int
    flagged: int
    added: int
    undone_at: datetime | None = None
