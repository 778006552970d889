"""What the door says of an import: where the refused rows are, and these rows as a workbook with the mark of who took it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import Response

from libs.common.api.document import exported
from libs.common.exports import HEADER, ExportMark
from libs.common.imports.model import ImportRecord

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFUSED_ROWS = exported(XLSX, "The refused rows as they were, and 退回原因")


def facts_of(record: ImportRecord, service: str) -> dict[str, Any]:
    """The report with what the record says, as the service's own shape shows it."""
    address = f"/{service}/v1/imports/{record.id}/refused.xlsx" if record.refused is not None else None
    return {**vars(record), **record.report, "as_of": record.as_of, "kind": record.kind, "refused_rows": address}


def refused_workbook(workbook: bytes, mark: ExportMark, number: UUID) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="refused-{number}.xlsx"', HEADER: str(mark.export)}
    return Response(workbook, media_type=XLSX, headers=headers)
