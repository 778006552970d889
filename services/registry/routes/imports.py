"""The door for files: people and wishes in, refused rows back."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Response
from sqlalchemy import Row

from libs.common.api import Idempotency, Reading, Tx, allow, answer_once, made_at
from libs.common.api.document import exported
from libs.common.api.uploads import File
from libs.common.exports import HEADER as EXPORT
from libs.common.identity import Caller
from libs.common.values import Day
from services.registry.operations import imports
from services.registry.operations.imports import Sheet
from services.registry.schemas import ImportShown

router = APIRouter(prefix="/registry/v1", tags=["imports"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.post(
    "/imports",
    status_code=201,
    responses=made_at("/registry/v1/imports/{id}"),
    summary="导入名册或求职意愿 Import people or wishes",
)
async def import_sheet(
    caller: Annotated[Caller, allow("registry.import.create")],
    file: File,
    tx: Tx,
    once: Idempotency,
    kind: Annotated[Literal["people", "wishes"], Form(description="Which file it is")],
    as_of: Annotated[
        Day | None, Form(description="The day on which it holds; the end of the file's 年度 when left out")
    ] = None,
) -> ImportShown:
    """Good rows go in, refused ones can be fetched with their reasons. Imported again, a file changes nothing.

    A file that cannot be read as a whole (not xlsx or CSV, no header row, columns missing, empty, another county's) is a
    problem that says why, and changes nothing.
    """
    sheet = Sheet(kind, file.content, file.filename, as_of)

    async def create() -> ImportShown:
        return _shown(await imports.import_sheet(tx, caller, sheet))

    answer: ImportShown = await answer_once(tx, once, create)
    return answer


@router.get("/imports/{number}", summary="查看一次导入 One import and its findings")
async def show_import(_: Annotated[Caller, allow("registry.import.show")], tx: Reading, number: UUID) -> ImportShown:
    """What the file held, row by row what was found, and where the refused rows are."""
    return _shown(await imports.show_import(tx, number))


@router.get(
    "/imports/{number}/refused.xlsx",
    summary="退回的行 The refused rows with reasons",
    response_class=Response,
    responses=exported(XLSX, "The refused rows as they were, and 退回原因"),
)
async def show_refused(caller: Annotated[Caller, allow("registry.import.refused")], tx: Tx, number: UUID) -> Response:
    """An xlsx with the refused rows as they came and the reason in the last column; it says on a sheet of its own who took it."""
    workbook, mark = await imports.show_refused(tx, caller, number)
    headers = {"Content-Disposition": f'attachment; filename="refused-{number}.xlsx"', EXPORT: str(mark.export)}
    return Response(workbook, media_type=XLSX, headers=headers)


def _shown(row: Row[Any]) -> ImportShown:
    address = f"/registry/v1/imports/{row.id}/refused.xlsx" if row.refused_sealed is not None else None
    told = {name: value for name, value in row.report.items() if name != "as_of"}
    return ImportShown(id=row.id, kind=row.kind, filename=row.filename, as_of=row.as_of, refused_rows=address, **told)
