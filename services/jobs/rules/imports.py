"""An imported sheet (导入批次) as it is kept: what it held, and the refused rows that go back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class SheetImport:
    """`report` is the JSON that officers read; `refused` the workbook of refused rows, encrypted, None when all went in."""

    id: UUID
    kind: str
    city: str
    filename: str
    as_of: date
    by: str
    report: dict[str, Any]
    refused: bytes | None
