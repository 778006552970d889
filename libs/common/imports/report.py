"""What an import reports (导入报告): findings by row, which rows are out, and the totals as offices know them. Nothing is stored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from libs.common.imports.reading import word_note
from libs.common.sheets.model import Finding, Note, Table

# Rows of which a report tells what was found; of a county's file with the same fault in every row it would be longer than the file.
MOST_TOLD = 20_000

Findings = dict[int, list[Finding]]
Stored = Mapping[str, object]


def add_finding(findings: Findings, row: int, code: str, column: str) -> None:
    """One finding once, whatever how often it holds in a cell."""
    found, finding = findings.setdefault(row, []), finding_of(code, column)
    if finding not in found:
        found.append(finding)


@cache
def finding_of(code: str, column: str) -> Finding:
    """Of a file of many rows the same few findings are told again and again."""
    return Finding(code, column)


def findings_of_reading(table: Table) -> Findings:
    """What was found before any cell was asked what it says."""
    return {row.number: list(row.faults) for row in table.rows if row.faults}


@dataclass(frozen=True)
class Report(ABC):
    """What every kind of sheet reports. `severity` says of each code whether it keeps the row out (error) or is worth a look (warning)."""

    severity: ClassVar[Mapping[str, str]]

    table: Table
    findings: Mapping[int, Sequence[Finding]]

    @classmethod
    def is_refused(cls, found: Sequence[Finding]) -> bool:
        return any(cls.severity[finding.code] == "error" for finding in found)

    @classmethod
    def has_warning(cls, found: Sequence[Finding]) -> bool:
        return any(cls.severity[finding.code] == "warning" for finding in found)

    @staticmethod
    @abstractmethod
    def word(found: Sequence[Finding]) -> str:
        """Why a row came back, in words."""

    @property
    def refused_rows(self) -> frozenset[int]:
        return frozenset(row for row, found in self.findings.items() if self.is_refused(found))

    def is_questioned(self, row: int) -> bool:
        """Whether something in a row is odd that does not keep it out."""
        found = self.findings.get(row, ())
        return self.has_warning(found) and not self.is_refused(found)

    def summary(self) -> dict[str, Any]:
        """Totals, findings and what was left out, without anything about a single row that went in.

        `sheets` are those that were read: a row n of one with `offset` is numbered `offset + n` wherever rows are named.
        """
        refused = self.refused_rows
        told = sorted((row, found) for row, found in self.findings.items() if found)
        doubtful = (row for row, found in self.findings.items() if self.has_warning(found))
        return {
            "total_rows": len(self.table.rows),
            "accepted": len(self.table.rows) - len(refused),
            "refused": len(refused),
            "flagged": len(set(doubtful) - refused),
            "findings": {str(row): [finding.as_json() for finding in sorted(found)] for row, found in told[:MOST_TOLD]},
            "findings_left_out": max(0, len(told) - MOST_TOLD),
            "header_row": self.table.header_row,
            "ignored_rows": {str(row): why for row, why in self.table.ignored.items()},
            "notes": [_note_as_json(note) for note in self.table.notes],
            "sheets": [part.as_json() for part in self.table.parts],
        }

    def stored(self) -> Iterator[tuple[int, Stored]]:
        """Each accepted row with what would be stored of it, masked as the service's lists are."""
        return iter(())

    def as_json(self) -> dict[str, Any]:
        """As a dry run prints it: with every row."""
        return self.summary() | {"rows": {str(row): said for row, said in self.stored()}}


def _note_as_json(note: Note) -> dict[str, object]:
    chinese, english = word_note(note)
    return note.as_json() | {"zh": chinese, "en": english}
