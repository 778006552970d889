"""The door for sheets: employers and vacancies in, refused rows back."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from libs.common.api import Idempotency, Reading, Tx, allow, made_at
from libs.common.api.uploads import File
from libs.common.identity import Caller
from libs.common.imports.answers import (
    TEMPLATE,
    RowsAfter,
    Trial,
    TriedFirst,
    answer_of_trial,
    answers_of_import,
    facts_of,
    template_workbook,
)
from libs.common.imports.model import ImportRecord, Sheet
from libs.common.imports.receiving import Door, Wait
from libs.common.imports.routes import add_import_routes
from libs.common.sheets.template import write_template
from libs.common.values import Day, Division
from services.jobs.operations.imports import IMPORTS
from services.jobs.rules.templates import TEMPLATES
from services.jobs.schemas.imports import ImportShown
from services.jobs.store import imports

router = APIRouter(prefix="/jobs/v1", tags=["imports"])
City = Annotated[Division | None, Form(description="Division code; this node's own when left out")]


@router.post(
    "/imports",
    status_code=202,
    responses=answers_of_import(made_at("/jobs/v1/imports/{id}"), ImportShown),
    response_model=ImportShown,
    summary="导入企业名单或岗位表 Import an employer list or a vacancy sheet",
)
async def import_sheet(
    request: Request,
    caller: Annotated[Caller, allow("jobs.import.create")],
    file: File,
    tx: Tx,
    once: Idempotency,
    wait: Wait,
    kind: Annotated[Literal["employers", "vacancies"], Form(description="Which sheet it is")],
    city: City = None,
    as_of: Annotated[Day | None, Form(description="The day on which the sheet holds; today when left out")] = None,
    tried_first: TriedFirst = False,
    dry_run: Trial = False,
    rows_after: RowsAfter = 0,
) -> Any:
    """202 at once: the worker takes the file in, and the import's address tells how far it is. `Prefer: wait=60` waits so long for
    the end, and hears 201 with what it did or the problem why it failed.

    Good rows go in, refused ones can be fetched with their reasons; vetted vacancies are announced at once.

    A sheet imported again changes nothing: its rows are counted as `known`. `dry_run` answers 200 and stores nothing: the same
    report and, of 500 accepted rows behind `rows_after`, what would be stored, masked as lists are. `tried_first` keeps what was
    tried (state `tried`): rows that came back are put right by the same addresses as ever, then all of it goes in by `confirm`, or
    nothing by `cancel`.
    """
    sheet = Sheet(
        kind, file.content, file.filename, city or tx.node.code, as_of or tx.node.today(), tried_first=tried_first
    )
    tx.reach.check(sheet.region)
    if dry_run:
        return answer_of_trial(await IMPORTS.try_out(tx, sheet), sheet, rows_after)
    return await DOOR.receive(request, caller, tx, once, sheet, wait)


@router.get(
    "/imports/templates/{kind}.xlsx", summary="导入模板 A form to fill in", response_class=Response, responses=TEMPLATE
)
async def show_template(
    _: Annotated[Caller, allow("jobs.import.template")], tx: Reading, kind: Literal["employers", "vacancies"]
) -> Response:
    """Headings as the reader knows them, drop-downs, and what belongs where."""
    template, node = TEMPLATES[kind], f"{tx.node.name} {tx.node.id}"
    return template_workbook(await asyncio.to_thread(write_template, template, node), template)


@router.get("/imports/{number}", summary="查看一次导入 One import and its findings")
async def show_import(caller: Annotated[Caller, allow("jobs.import.show")], tx: Reading, number: UUID) -> ImportShown:
    """What the sheet held, row by row what was found, and where the refused rows are."""
    return _show_import(await IMPORTS.get(tx, number))


def _show_import(record: ImportRecord) -> ImportShown:
    return ImportShown.model_validate({**facts_of(record, "jobs"), "city": record.region})


DOOR = Door(IMPORTS, _show_import)
add_import_routes(router, DOOR, ImportShown, imports.list_imports)
