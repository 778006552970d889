"""Rows that came back (退回的行): as personal as those that went in, so each is sealed by itself until it is put right or forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from libs.common.privacy import Vault
from libs.common.sheets.model import Finding, Row
from libs.common.sheets.wire import read_cell, write_cell

# refused: kept out; questioned: in, and worth a look; repaired: put right; given: handed in again, not judged yet;
# mended: put right in an import that is tried, and goes in with it when it is confirmed.
RowState = Literal["refused", "questioned", "repaired", "given", "mended"]
Seal = Callable[[Row], bytes]
OPEN: tuple[RowState, ...] = ("refused", "questioned")
PUT_RIGHT: tuple[RowState, ...] = ("repaired", "mended")


@dataclass(frozen=True)
class KeptRow:
    """A row of an import as it is kept; `content` is None once it is put right, by the import `repaired_by`."""

    origin: UUID
    row: int
    state: str
    findings: list[dict[str, str]]
    content: bytes | None
    repaired_by: UUID | None = None

    @property
    def found(self) -> list[Finding]:
        return [Finding(each["code"], each["column"]) for each in self.findings]


def seal_row(row: Row, vault: Vault, context: str) -> bytes:
    """Its cells in their order, those that are yellow, and what was found before they were asked what they say."""
    cells = {column: write_cell(value, row.number) for column, value in row.values.items()}
    faults = [[fault.code, fault.column] for fault in row.faults]
    said = {"cells": cells, "faults": faults, "marked": sorted(row.marked)}
    return vault.encrypt(json.dumps(said, ensure_ascii=False, separators=(",", ":")), context=context)


def open_row(kept: KeptRow, vault: Vault, context: str) -> Row:
    """The row that `seal_row` sealed; without cells where they are gone."""
    said = json.loads(vault.decrypt(kept.content, context=context)) if kept.content else {"cells": {}, "faults": []}
    cells = {column: read_cell(value) for column, value in said["cells"].items()}
    faults = tuple(Finding(code, column) for code, column in said["faults"])
    return Row(kept.row, cells, frozenset(said.get("marked", ())), faults)


def keep_row(origin: UUID, row: Row, state: RowState, found: Sequence[Finding], seal: Seal) -> KeptRow:
    """A row as it is kept, with what was found in it."""
    return KeptRow(origin, row.number, state, findings_as_json(found), seal(row))


def findings_as_json(found: Iterable[Finding]) -> list[dict[str, str]]:
    """In the order of their codes."""
    return [each.as_json() for each in sorted(found)]
