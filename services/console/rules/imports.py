"""What the import wizard knows (导入向导): which files a level of node takes, how findings are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.console.rules.levels import Level

# States of an import that is not over.
UNDER_WAY = ("received", "reading", "judging", "writing", "undoing", "trying")
# Rows that are named for one kind of finding; the rest are in the workbook of refused rows.
_NAMED = 8


@dataclass(frozen=True)
class ImportDoor:
    """The service that takes a level's files, and their kinds."""

    service: str
    kinds: tuple[str, ...]

    @property
    def address(self) -> str:
        return f"/{self.service}/v1/imports"


_DOORS: Mapping[Level, ImportDoor] = {
    "county": ImportDoor("registry", ("people", "wishes")),
    "city": ImportDoor("jobs", ("employers", "vacancies")),
}


@dataclass(frozen=True)
class FindingCount:
    """One kind of finding in one column: how many rows have it, and the first of them."""

    code: str
    column: str
    rows: int
    first: list[str]


def door_of(level: Level) -> ImportDoor | None:
    """None where no files are imported."""
    return _DOORS.get(level)


def count_findings(findings: Mapping[str, Sequence[Mapping[str, str]]]) -> list[FindingCount]:
    """By kind and column, the most frequent first."""
    rows: dict[tuple[str, str], list[str]] = {}
    for row, found in findings.items():
        for each in found:
            rows.setdefault((each["code"], each["column"]), []).append(row)
    counted = [FindingCount(code, column, len(each), each[:_NAMED]) for (code, column), each in rows.items()]
    return sorted(counted, key=lambda each: (-each.rows, each.code))
