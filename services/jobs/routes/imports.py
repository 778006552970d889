"""The door for sheets: employers and vacancies in, refused rows back."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, made_at
from libs.common.api.uploads import File
from libs.common.identity import Caller
from libs.common.imports.answers import (
    GIVEN_WORKBOOK,
    REFUSED_ROWS,
    TEMPLATE,
    RowsAfter,
    Trial,
    TriedFirst,
    answer_of_trial,
    answers_of_import,
    answers_of_repair,
    confirmed_later,
    facts_of,
    page_of_imports,
    refused_workbook,
    template_workbook,
)
from libs.common.imports.model import ImportRecord, Sheet
from libs.common.imports.receiving import Door, Wait
from libs.common.imports.refused import Refused
from libs.common.imports.rows import RowState
from libs.common.imports.schemas import ImportListed, RowsGiven, RowsRefused
from libs.common.sheets.template import write_template
from libs.common.values import Asked, Count, Day, Division, Flag
from services.jobs.operations.imports import IMPORTS
from services.jobs.rules.templates import TEMPLATES
from services.jobs.schemas.imports import ImportShown
from services.jobs.store import imports

router = APIRouter(prefix="/jobs/v1")
City = Annotated[Division | None, Form(description="Division code; this node's own when left out")]


@router.post(
    "/imports",
    status_code=202,
    responses=answers_of_import(made_at("/jobs/v1/imports/{id}"), ImportShown),
    response_model=ImportShown,
    tags=["imports"],
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


@router.get("/imports", tags=["imports"], summary="导入清单 List imports")
async def list_imports(
    caller: Annotated[Caller, allow("jobs.import.list")], tx: Reading, after: After = None, limit: Limit = 50
) -> Page[ImportListed]:
    """The newest first, with their totals."""
    found = await imports.list_imports(tx, before=after_id(after, ImportListed), limit=limit + 1)
    return page_of_imports(found, limit)


@router.get(
    "/imports/templates/{kind}.xlsx",
    tags=["imports"],
    summary="导入模板 A form to fill in",
    response_class=Response,
    responses=TEMPLATE,
)
async def show_template(
    _: Annotated[Caller, allow("jobs.import.template")], tx: Reading, kind: Literal["employers", "vacancies"]
) -> Response:
    """Headings as the reader knows them, drop-downs, and what belongs where."""
    template, node = TEMPLATES[kind], f"{tx.node.name} {tx.node.id}"
    return template_workbook(await asyncio.to_thread(write_template, template, node), template)


@router.get("/imports/{number}", tags=["imports"], summary="查看一次导入 One import and its findings")
async def show_import(caller: Annotated[Caller, allow("jobs.import.show")], tx: Reading, number: UUID) -> ImportShown:
    """What the sheet held, row by row what was found, and where the refused rows are."""
    return _show_import(await IMPORTS.get(tx, number))


@router.post("/imports/{number}/cancel", tags=["imports"], summary="取消导入 Cancel an import")
async def cancel_import(caller: Annotated[Caller, allow("jobs.import.cancel")], tx: Tx, number: UUID) -> ImportShown:
    """Nothing more of it goes in; what is in stays in (`progress.stored`). 409 for one that is over."""
    return _show_import(await IMPORTS.cancel(tx, number))


@router.post(
    "/imports/{number}/confirm",
    tags=["imports"],
    responses=confirmed_later(ImportShown),
    summary="确认导入 Confirm a file that was tried",
)
async def confirm_import(
    request: Request,
    response: Response,
    caller: Annotated[Caller, allow("jobs.import.confirm")],
    tx: Tx,
    wait: Wait,
    number: UUID,
) -> ImportShown:
    """What was tried goes in, with every row that was put right since, judged anew beside what is known by then: 202 with how far it
    is, 200 when it is over, also for whoever prefers to wait. Confirmed again, it answers the same. 409 while it, or rows of it, are
    still being judged, and for one that was cancelled, expired or failed.
    """
    shown: ImportShown = await DOOR.confirm(request, response, caller, tx, number, wait)
    return shown


@router.get("/imports/{number}/refused", tags=["imports"], summary="退回的行清单 Rows of an import that came back")
async def list_refused(
    _: Annotated[Caller, allow("jobs.import.list_refused")],
    tx: Reading,
    number: UUID,
    questioned: Annotated[
        Asked[Flag], Query(description="存疑的行: those that are in and in which something is odd")
    ] = False,
    row: Annotated[Asked[Count] | None, Query(description="This row alone")] = None,
    after: After = None,
    limit: Limit = 50,
) -> RowsRefused:
    """Rows that can still be put right, as they came, with what was found in each cell; masked as lists are."""
    state: RowState = "questioned" if questioned else "refused"
    return await Refused(IMPORTS).show_page(tx, number, state, row, after, limit)


@router.post(
    "/imports/{number}/refused",
    status_code=202,
    tags=["imports"],
    responses=answers_of_repair(made_at("/jobs/v1/imports/{id}"), ImportShown),
    response_model=ImportShown,
    summary="更正退回的行 Give rows of an import again",
)
async def repair_rows(
    request: Request,
    caller: Annotated[Caller, allow("jobs.import.repair")],
    tx: Tx,
    once: Idempotency,
    wait: Wait,
    number: UUID,
    asked: RowsGiven,
) -> Any:
    """Rows that were refused, or in which something is odd, put right: an import of its own (202), whose `answers` say of each row
    what became of it, and whose rows count as those of the first. `Prefer: wait=60` waits for the end (201).

    What is not said of a row stays as it came. A row that is put right twice counts once; one that is refused again stays open as it
    was given last. Of a row that is in, the number by which it is known stays.
    """
    return await DOOR.repair_rows(request, caller, tx, once, number, asked, wait)


@router.post(
    "/imports/{number}/refused.xlsx",
    status_code=202,
    tags=["imports"],
    responses=answers_of_repair(made_at("/jobs/v1/imports/{id}"), ImportShown),
    response_model=ImportShown,
    openapi_extra=GIVEN_WORKBOOK,
    summary="交回退回的行 Give the workbook of refused rows again",
)
async def repair_workbook(
    request: Request,
    caller: Annotated[Caller, allow("jobs.import.repair")],
    file: File,
    tx: Tx,
    once: Idempotency,
    wait: Wait,
    number: UUID,
) -> Any:
    """The workbook of refused rows, put right: each row is known by its 原行号. Answered as rows given as JSON are."""
    return await DOOR.repair_workbook(request, caller, tx, once, number, file, wait)


@router.get(
    "/imports/{number}/refused.xlsx",
    tags=["imports"],
    summary="退回的行 The refused rows with reasons",
    response_class=Response,
    responses=REFUSED_ROWS,
)
async def show_refused(caller: Annotated[Caller, allow("jobs.import.refused")], tx: Tx, number: UUID) -> Response:
    """An xlsx with the refused rows as they came and the reason in the last column; it says on a sheet of its own who took it."""
    workbook, mark = await Refused(IMPORTS).take_workbook(tx, caller, number)
    return refused_workbook(workbook, mark, number)


def _show_import(record: ImportRecord) -> ImportShown:
    return ImportShown.model_validate({**facts_of(record, "jobs"), "city": record.region})


DOOR = Door(IMPORTS, _show_import)
