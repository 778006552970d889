"""The door for files: people and wishes in, refused rows back."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from libs.common.api import Idempotency, Reading, Tx, allow, made_at
from libs.common.api.uploads import File
from libs.common.database import Transaction
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
from libs.common.values import Day
from services.registry.operations.imports import IMPORTS
from services.registry.operations.sealing import open_field
from services.registry.operations.undoing import undo_import as undo_batch
from services.registry.rules.masking import mask_fact
from services.registry.rules.templates import TEMPLATES
from services.registry.rules.undoing import Undo
from services.registry.schemas import ImportShown
from services.registry.schemas.undoing import UndoShown
from services.registry.store import batches, people, places, undoing

router = APIRouter(prefix="/registry/v1", tags=["imports"])


@router.post(
    "/imports",
    status_code=202,
    responses=answers_of_import(made_at("/registry/v1/imports/{id}"), ImportShown),
    response_model=ImportShown,
    summary="导入名册或求职意愿 Import people or wishes",
)
async def import_sheet(
    request: Request,
    caller: Annotated[Caller, allow("registry.import.create")],
    file: File,
    tx: Tx,
    once: Idempotency,
    wait: Wait,
    kind: Annotated[Literal["people", "wishes"], Form(description="Which file it is")],
    as_of: Annotated[
        Day | None, Form(description="The day on which it holds; the end of the file's 年度 when left out")
    ] = None,
    tried_first: TriedFirst = False,
    dry_run: Trial = False,
    rows_after: RowsAfter = 0,
) -> Any:
    """202 at once: the worker takes the file in, and the import's address tells how far it is. `Prefer: wait=60` waits so long for
    the end, and hears 201 with what it did or the problem why it failed.

    Good rows go in, refused ones can be fetched with their reasons. Imported again, a file changes nothing.

    A file that cannot be read as a whole (not xlsx or CSV, no header row, columns missing, empty, another county's) is a
    problem that says why, and changes nothing. `dry_run` answers 200 and stores nothing: the same report and, of 500 accepted
    rows behind `rows_after`, what would be stored, masked as lists are. `tried_first` keeps what was tried (state `tried`): rows that
    came back are put right by the same addresses as ever, then all of it goes in by `confirm`, or nothing by `cancel`.
    """
    sheet = Sheet(kind, file.content, file.filename, tx.node.code, as_of, tried_first=tried_first)
    if dry_run:
        return answer_of_trial(await IMPORTS.try_out(tx, sheet), sheet, rows_after)
    return await DOOR.receive(request, caller, tx, once, sheet, wait)


@router.get(
    "/imports/templates/{kind}.xlsx", summary="导入模板 A form to fill in", response_class=Response, responses=TEMPLATE
)
async def show_template(
    _: Annotated[Caller, allow("registry.import.template")], tx: Reading, kind: Literal["people", "wishes"]
) -> Response:
    """Headings as the reader knows them, drop-downs with the register's lists and the county's villages, and what belongs where."""
    template, villages = TEMPLATES[kind], await places.list_places(tx)
    node = f"{tx.node.name} {tx.node.id}"
    return template_workbook(await asyncio.to_thread(write_template, template, node, villages), template)


@router.get("/imports/{number}", summary="查看一次导入 One import and its findings")
async def show_import(_: Annotated[Caller, allow("registry.import.show")], tx: Reading, number: UUID) -> ImportShown:
    """What the file held, row by row what was found, where the refused rows are, and what taking it back did."""
    record, undo = await IMPORTS.get(tx, number), await undoing.find_undo(tx, number)
    return _shown(record, await _undone(tx, number, undo) if undo else None)


@router.post(
    "/imports/{number}/undo",
    responses={202: {"model": UndoShown, "description": "正在后台撤回 Under way: the worker takes it back"}},
    summary="撤回整批 Take a whole import back",
)
async def undo_import(
    request: Request,
    response: Response,
    caller: Annotated[Caller, allow("registry.import.undo")],
    tx: Tx,
    wait: Wait,
    number: UUID,
) -> UndoShown:
    """Whoever is as the file left them is as before it: who came in with it goes, with the household if nobody else is in it.

    Whoever was changed or visited since, or on whom anything hangs, stays as they are and is named in `kept` with the reasons. It is done
    in the background: 202 with how far it is (`seen` of `people`), 200 when it is over, also for whoever prefers to wait. An import
    that has not begun is cancelled. `cancel` stops it; asked for again, it goes on, and when it is over it answers the same.
    """
    shown = await _undone(tx, number, await undo_batch(tx, caller, number))
    response.status_code = 200 if shown.undone_at else 202
    told: UndoShown = DOOR.goes_on(
        request, shown, number, 0 if shown.undone_at else wait, partial(_show_undone, number)
    )
    return told


async def _show_undone(number: UUID, tx: Transaction) -> UndoShown:
    undo = await undoing.find_undo(tx, number)
    assert undo
    return await _undone(tx, number, undo)


def _shown(record: ImportRecord, undone: UndoShown | None = None) -> ImportShown:
    return ImportShown.model_validate(facts_of(record, "registry", undone=undone))


async def _undone(tx: Transaction, number: UUID, undo: Undo) -> UndoShown:
    """With the masked names of those who stay."""
    stays = await people.list_people_by_id(tx, [each.person for each in undo.kept])
    names = {each.id: mask_fact("name", open_field(tx.node.vault, "person.name", each.name_sealed)) for each in stays}
    kept = [{"person": each.person, "name": names.get(each.person, ""), "reasons": each.reasons} for each in undo.kept]
    return UndoShown.model_validate({**vars(undo), "import": number, "kept": kept})


DOOR = Door(IMPORTS, _shown)
add_import_routes(router, DOOR, ImportShown, batches.list_imports)
