"""Importing a file, step by step (导入向导): chosen, tried, put right, confirmed, taken back. The console keeps no file."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from libs.common.values import Label, Text, sound_filename
from services.console.clients import Answer
from services.console.clients.files import A_MOMENT, Sent, try_file
from services.console.rendering.words import N_
from services.console.routes.excel import hand_through
from services.console.routes.import_doors import door_for
from services.console.routes.pages import go_to
from services.console.routes.repairs import ask_rows
from services.console.routes.session import Visitor, visits
from services.console.rules import forms
from services.console.rules.imports import UNDER_WAY, ImportDoor, count_findings
from services.console.rules.listings import Column, Listing
from services.console.rules.repairs import Grid, Said, grid_of

pages = APIRouter(include_in_schema=False)

Listed = Annotated[Visitor, visits("registry.import.list")]
Importing = Annotated[Visitor, visits("registry.import.create")]
Filled = Annotated[Text, Form(max_length=400)]

COLUMNS = (
    Column("filename", N_("文件"), link="/imports/{id}"),
    Column("kind", N_("内容"), "code", "sheet"),
    Column("as_of", N_("截至"), "day"),
    Column("state", N_("状态"), "code", "import_state"),
    Column("total_rows", N_("总行数"), "number"),
    Column("accepted", N_("接收"), "number"),
    Column("refused", N_("退回"), "number"),
    Column("flagged", N_("存疑"), "number"),
    Column("by", N_("导入人")),
    Column("at", N_("导入时间"), "moment"),
    Column("undone_at", N_("撤回时间"), "moment"),
)


@pages.get("/imports")
async def list_imports(visitor: Listed) -> Response:
    door = door_for(visitor)
    listing = Listing(
        f"{door.service}.import.list",
        N_("导入"),
        door.service,
        door.address,
        COLUMNS,
        nothing=N_("还没有导入过文件。点“导入文件”，先试导入，核对后再确认。"),
        sheet=False,
    )
    answer = await visitor.ask_list(door.address)
    offered = [("/imports/new", N_("导入文件"))] if visitor.frame.may(f"{door.service}.import.create") else []
    return await visitor.show_list("list.html", answer, listing=listing, asked={}, people={}, offered=offered)


@pages.get("/imports/new")
async def open_wizard(visitor: Importing) -> Response:
    return _wizard(visitor, {})


@pages.post("/imports/new")
async def take_file(
    request: Request,
    visitor: Importing,
    file: Annotated[UploadFile | None, File()] = None,
    kind: Filled = "",
    as_of: Filled = "",
    key: Filled = "",
) -> Response:
    """Tried first: the import's page tells what would go in, and there it is put right and confirmed."""
    filled = {"kind": [kind], "as_of": [as_of]}
    if file is None or not file.filename:
        return _wizard(visitor, filled, beside={"file": "请选择文件 Choose a file."})
    sent = Sent(file.file, sound_filename(file.filename), {"kind": kind, "as_of": as_of})
    answer = await try_file(visitor.neighbours, door_for(visitor).address, visitor.token, sent, key)
    swapped = "hx-request" in request.headers
    if answer.ok:
        said = N_("已收到文件，正在核对。") if answer.data["state"] in UNDER_WAY else N_("已核对，还没有存。")
        return _done(f"/imports/{answer.data['id']}", said, swapped)
    shown = _wizard(visitor, filled, answer)
    if swapped:
        shown.status_code = 200  # what is refused is told in the part of the page that is swapped, too
    return shown


@pages.get("/imports/templates/{kind}.xlsx")
async def show_template(visitor: Importing, kind: Label) -> Response:
    """A form to fill in, as the service has it, handed through."""
    found = await visitor.neighbours.fetch(f"{door_for(visitor).address}/templates/{kind}.xlsx", visitor.token)
    return _wizard(visitor, {}, found) if isinstance(found, Answer) else hand_through(found)


@pages.get("/imports/{number}")
async def show_import(visitor: Annotated[Visitor, visits("registry.import.show")], number: UUID) -> Response:
    return await _import_page(visitor, number)


@pages.post("/imports/{number}/confirm")
async def confirm_import(visitor: Annotated[Visitor, visits("registry.import.confirm")], number: UUID) -> Response:
    """What was tried goes in, with every row that was put right."""
    done = await visitor.send("POST", f"{door_for(visitor).address}/{number}/confirm", wait=A_MOMENT)
    if done.ok:
        return go_to(f"/imports/{number}", said=N_("正在导入。") if done.data["state"] in UNDER_WAY else N_("已导入。"))
    return await _import_page(visitor, number, done)


@pages.post("/imports/{number}/undo")
async def undo_import(visitor: Annotated[Visitor, visits("registry.import.undo")], number: UUID) -> Response:
    """The whole of it; how far it is, and who stays, is told on the import's page."""
    done = await visitor.send("POST", f"/registry/v1/imports/{number}/undo", wait=A_MOMENT)
    if done.ok:
        return go_to(f"/imports/{number}", said=N_("已撤回整批。") if done.data["undone_at"] else N_("正在撤回。"))
    return await _import_page(visitor, number, done)


@pages.post("/imports/{number}/cancel")
async def cancel_import(visitor: Annotated[Visitor, visits("registry.import.cancel")], number: UUID) -> Response:
    """Nothing more of it goes in; what is in is told on the import's page."""
    done = await visitor.send("POST", f"{door_for(visitor).address}/{number}/cancel")
    return (
        go_to(f"/imports/{number}", said=N_("已取消导入。")) if done.ok else await _import_page(visitor, number, done)
    )


@pages.get("/imports/{number}/refused.xlsx")
async def show_refused(visitor: Annotated[Visitor, visits("registry.import.refused")], number: UUID) -> Response:
    """The refused rows as the service gives them to this person, handed through."""
    address = f"{door_for(visitor).address}/{number}/refused.xlsx"
    found = await visitor.neighbours.fetch(address, visitor.token)
    return await _import_page(visitor, number, found) if isinstance(found, Answer) else hand_through(found)


def _done(path: str, said: str, swapped: bool) -> Response:
    """On to the import's page; a part that is swapped asks the browser to go there."""
    there = go_to(path, said=said)
    if swapped:
        there.status_code = 200
        there.headers["HX-Redirect"] = path
        del there.headers["location"]
    return there


def _wizard(
    visitor: Visitor, filled: forms.Filled, answer: Answer | None = None, *, beside: dict[str, str] | None = None
) -> Response:
    door = door_for(visitor)
    form = form_of(door)
    told, others = forms.errors_by_field(form, answer.problem.errors if answer and answer.problem else ())
    return visitor.show(
        "import_new.html",
        answer,
        form=form,
        filled=filled,
        service=door.service,
        beside={**told, **(beside or {})},
        others=others,
        key=str(uuid4()),
    )


def form_of(door: ImportDoor) -> forms.Form:
    """What is said of a file beside the file itself."""
    fields = (
        forms.Field("kind", N_("内容"), "choice", "sheet", options=door.kinds, needed=True),
        forms.Field("as_of", N_("截至日期"), "day", hint=N_("文件里的情况是哪一天的；不填按文件年度或今天。")),
    )
    return forms.Form(f"{door.service}.import.create", N_("导入文件"), "POST", door.address, fields, "/imports/{id}")


async def _import_page(visitor: Visitor, number: UUID, refused: Answer | None = None) -> Response:
    door = door_for(visitor)
    answer = await visitor.ask(f"{door.address}/{number}")
    findings = count_findings(answer.data["findings"]) if answer.ok else []
    under_way = answer.ok and answer.data["state"] in UNDER_WAY
    grid = await _grid(visitor, number, answer)
    return visitor.show(
        "import.html",
        answer,
        refused,
        door=door,
        findings=findings,
        under_way=under_way,
        grid=grid,
        asked={},
        key=str(uuid4()),
    )


async def _grid(visitor: Visitor, number: UUID, answer: Answer) -> Grid:
    """The first rows that came back, where there are any and this person may put them right."""
    open_rows = answer.ok and answer.data["open_refused"] and not answer.data["undone"]
    if not open_rows or not visitor.frame.may(f"{door_for(visitor).service}.import.repair"):
        return Grid()
    rows = await ask_rows(visitor, number, {})
    return grid_of(rows.data, Said()) if rows.ok else Grid()
