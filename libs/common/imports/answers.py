"""What the door says of an import: where the refused rows are, these rows as a workbook with the mark of who took it, and a dry run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Response
from fastapi.responses import JSONResponse

from libs.common.api.document import exported
from libs.common.api.pagination import Page, page_of
from libs.common.calendar import written_at
from libs.common.exports import HEADER, ExportMark
from libs.common.imports.model import ImportRecord, ListedImport, Sheet
from libs.common.imports.report import Report
from libs.common.imports.schemas import ImportListed, TrialShown
from libs.common.values import Asked, Count, Flag

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A page of a dry run: what a clerk looks through, and no more than an answer should hold of a county's file.
TRIAL_ROWS = 500
REFUSED_ROWS = exported(XLSX, "The refused rows as they were, and 退回原因")

Trial = Annotated[Asked[Flag], Form(description="只试不存: only say what would happen, 200 instead of 201")]
RowsAfter = Annotated[
    Asked[Count], Form(description="With `dry_run`: the rows behind this one, `rows_next` of the answer before")
]


def with_trial(responses: dict[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """The answers of an import, a dry run's among them."""
    return responses | {200: {"model": TrialShown, "description": "试导入，未存储 Tried: nothing was stored"}}


def tried(report: Report, sheet: Sheet, after: int) -> Response:
    """The answer of a dry run."""
    return JSONResponse(TrialShown.model_validate(facts_of_trial(report, sheet, after)).model_dump(mode="json"))


def facts_of(record: ImportRecord, service: str) -> dict[str, Any]:
    """The report with what the record says, as the service's own shape shows it."""
    address = f"/{service}/v1/imports/{record.id}/refused.xlsx" if record.refused is not None else None
    return {**vars(record), **record.report, "as_of": record.as_of, "kind": record.kind, "refused_rows": address}


def facts_of_trial(report: Report, sheet: Sheet, after: int) -> dict[str, Any]:
    """The report of a dry run with what would be stored of `TRIAL_ROWS` rows behind `after`; `rows_next` asks for those that follow."""
    rows = [(row, said) for row, said in sorted(report.stored().items()) if row > after]
    following = rows[TRIAL_ROWS - 1][0] if len(rows) > TRIAL_ROWS else None
    shown = {str(row): said for row, said in rows[:TRIAL_ROWS]}
    return report.summary() | {
        "kind": sheet.kind,
        "region": sheet.region,
        "filename": sheet.filename,
        "rows": shown,
        "rows_next": following,
    }


def refused_workbook(workbook: bytes, mark: ExportMark, number: UUID) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="refused-{number}.xlsx"', HEADER: str(mark.export)}
    return Response(workbook, media_type=XLSX, headers=headers)


def page_of_imports(found: Sequence[ListedImport], limit: int) -> Page[ImportListed]:
    """A page of a service's imports, the newest first."""
    shown = [ImportListed.model_validate({**vars(each), "at": written_at(each.id)}) for each in found]
    return page_of(shown, limit, lambda each: each.id)
