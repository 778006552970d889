"""What the door says of an import: where the refused rows are, these rows as a workbook with the mark of who took it, and a dry run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Form, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from libs.common.api.document import binary, exported
from libs.common.api.pagination import Page, after_number, encode_cursor, page_of
from libs.common.calendar import written_at
from libs.common.exports import HEADER, ExportMark
from libs.common.imports.form import SheetForm
from libs.common.imports.model import ImportRecord, ListedImport, Sheet
from libs.common.imports.report import Report
from libs.common.imports.schemas import ImportListed, RowsRefused, TrialShown
from libs.common.sheets.template import Template
from libs.common.values import Asked, Count, Flag

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A page of a dry run: what a clerk looks through, and no more than an answer should hold of a county's file.
TRIAL_ROWS = 500
REFUSED_ROWS = exported(XLSX, "The refused rows as they were, 原行号 and 退回原因")

# The workbook of refused rows on its way back.
GIVEN_WORKBOOK = {"requestBody": {"content": {"multipart/form-data": {"example": {"file": "refused.xlsx"}}}}}

TEMPLATE = binary(XLSX, "An empty form with headings, drop-downs and notes; its version stands in the first line")


def template_workbook(content: bytes, template: Template) -> Response:
    """A form to fill in; nothing in it is of anybody."""
    name = f"{template.title}-{template.version}.xlsx"
    place = f"attachment; filename=\"{template.version}.xlsx\"; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=XLSX, headers={"Content-Disposition": place})


TriedFirst = Annotated[
    Asked[Flag], Form(description="先试后存: judged at once and kept for some days; nothing goes in before `confirm`")
]
Trial = Annotated[Asked[Flag], Form(description="只试不存: only say what would happen, 200 instead of 201")]
RowsAfter = Annotated[
    Asked[Count], Form(description="With `dry_run`: the rows behind this one, `rows_next` of the answer before")
]


def answers_of_import(made: dict[int | str, dict[str, Any]], shown: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Received (202, with its address); in, for whoever preferred to wait (201); tried (200)."""
    headers = made[201]["headers"]
    return {
        200: {"model": TrialShown, "description": "试导入，未存储 Tried: nothing was stored"},
        201: {"model": shown, "description": "已导入（Prefer: wait=N） In, in the time preferred", "headers": headers},
        202: {"description": "已收到，后台导入 Received: the worker takes it in", "headers": headers},
    }


def answers_of_repair(made: dict[int | str, dict[str, Any]], shown: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Received (202, with its address); judged, for whoever preferred to wait (201)."""
    headers = made[201]["headers"]
    return {
        201: {
            "model": shown,
            "description": "已核对（Prefer: wait=N） Judged, in the time preferred",
            "headers": headers,
        },
        202: {"description": "已收到，后台核对 Received: the worker judges them", "headers": headers},
    }


def confirmed_later(shown: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Over (200); under way (202)."""
    return {202: {"model": shown, "description": "正在后台导入 Under way: the worker takes it in"}}


def answer_of_trial(report: Report, sheet: Sheet, after: int) -> Response:
    """The answer of a dry run."""
    return JSONResponse(TrialShown.model_validate(facts_of_trial(report, sheet, after)).model_dump(mode="json"))


# What is said of a file that has not been judged yet.
_NOTHING = {
    "total_rows": 0,
    "accepted": 0,
    "refused": 0,
    "flagged": 0,
    "findings": {},
    "added": 0,
    "changed": 0,
    "known": 0,
}


def facts_of(record: ImportRecord, service: str, *, undone: BaseModel | None = None) -> dict[str, Any]:
    """The report with what the record says, as the service's own shape shows it."""
    address = f"/{service}/v1/imports/{record.id}/refused.xlsx" if record.open_refused else None
    progress = {"rows": record.total, "read": record.rows_read, "judged": record.rows_judged, "stored": record.stored}
    said = {**_NOTHING, **record.done, **record.report}
    state = "undone" if record.undone else record.state
    rows = {row: dict(each) for row, each in said.get("rows", {}).items()}
    own = {"rows": rows, "as_of": record.as_of, "kind": record.kind, "refused_rows": address, "state": state}
    return {**vars(record), **said, **own, "progress": progress, "undone": undone}


def facts_of_trial(report: Report, sheet: Sheet, after: int) -> dict[str, Any]:
    """The report of a dry run with what would be stored of `TRIAL_ROWS` rows behind `after`; `rows_next` asks for those that follow."""
    rows = [(row, said) for row, said in sorted(report.stored(), key=itemgetter(0)) if row > after]
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


def rows_after(after: str | None) -> int:
    """The row that a page of refused rows begins behind."""
    return after_number(after, _ROWS)


_ROWS = "RowsRefused"


def page_of_rows(form: SheetForm, found: Sequence[Mapping[str, Any]], limit: int) -> RowsRefused:
    """A page of rows that came back, from limit + 1 of them, with what may be chosen in each of their columns."""
    items = found[:limit]
    columns = dict.fromkeys(column for row in items for column in row["values"])
    asked = [form.choice_of(column) for column in columns]
    shown = [
        {"column": each.heading, "options": list(each.options), "several": each.several, "kind": each.kind}
        for each in asked
    ]
    following = encode_cursor(_ROWS, items[-1]["row"]) if len(found) > limit else None
    return RowsRefused.model_validate({"items": items, "next": following, "columns": shown})


def page_of_imports(found: Sequence[ListedImport], limit: int) -> Page[ImportListed]:
    """A page of a service's imports, the newest first."""
    shown = [ImportListed.model_validate(_facts_of_listed(each)) for each in found]
    return page_of(shown, limit, lambda each: each.id)


def _facts_of_listed(each: ListedImport) -> dict[str, Any]:
    state = "undone" if each.undone_at else each.state
    return {**vars(each), "state": state, "at": written_at(each.id)}
