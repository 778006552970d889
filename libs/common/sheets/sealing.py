"""Refused rows at rest: as personal as the accepted ones, so the workbook is kept sealed by the node's own key."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from libs.common.privacy import Vault
from libs.common.sheets.model import Table
from libs.common.sheets.writer import write_refused


def seal_refused(table: Table, reasons: Mapping[int, str], vault: Vault, *, context: str) -> bytes | None:
    """The rows that have a reason (row number -> words) as a sealed xlsx with 退回原因; None when every row went in."""
    if not reasons:
        return None
    workbook = write_refused(table.columns, (row for row in table.rows if row.number in reasons), reasons)
    return vault.encrypt(base64.b64encode(workbook).decode(), context=context)


def open_refused(sealed: bytes, vault: Vault, *, context: str) -> bytes:
    """The xlsx that `seal_refused` sealed for the same context."""
    return base64.b64decode(vault.decrypt(sealed, context=context))
