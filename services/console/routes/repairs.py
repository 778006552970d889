"""Rows of an import that came back, put right in place (更正退回的行): what is wrong stands at its cell, one press gives all of them again."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, File, Request, Response, UploadFile

from libs.common.values import sound_filename
from services.console.clients import FILE_SECONDS, Answer
from services.console.rendering import link
from services.console.rendering.words import N_
from services.console.routes.import_doors import door_for
from services.console.routes.pages import go_to
from services.console.routes.session import Filter, Visitor, visits
from services.console.rules.imports import UNDER_WAY
from services.console.rules.repairs import Grid, Said, grid_of, rows_given, said_again, typed_of

pages = APIRouter(include_in_schema=False)

# Rows that are put right at once.
ROWS = "20"
# So long a clerk waits for the worker; a page tells of what takes longer.
_WAIT = 20
Repairing = Annotated[Visitor, visits("registry.import.repair")]


def where(questioned: Filter = "", row: Filter = "", after: Filter = "") -> dict[str, str]:
    """Which rows: those that are in and odd, one alone, or those behind a cursor."""
    asked = {"questioned": "true" if questioned else "", "row": row, "after": after}
    return {name: said for name, said in asked.items() if said}


Where = Annotated[dict[str, str], Depends(where)]


@pages.get("/imports/{number}/refused")
async def open_rows(visitor: Repairing, number: UUID, asked: Where) -> Response:
    answer = await ask_rows(visitor, number, asked)
    if answer.ok and not answer.items and asked:
        return go_to(f"/imports/{number}")
    return _page(visitor, number, asked, answer, Said())


@pages.post("/imports/{number}/refused")
async def repair_rows(request: Request, visitor: Repairing, number: UUID, asked: Where) -> Response:
    """Only what is other is given again; what is refused again stands there as it was given last."""
    posted = await request.form()
    typed = typed_of((name, value) for name, value in posted.multi_items() if isinstance(value, str))
    shown = await ask_rows(visitor, number, asked)
    if not shown.ok:
        return _page(visitor, number, asked, shown, Said())
    given = rows_given(typed, shown.data)
    if not given:
        return go_to(_back(number, asked), said=N_("没有改动，什么都没有存。"))
    path = f"{door_for(visitor).address}/{number}/refused"
    done = await visitor.send("POST", path, {"rows": given}, key=str(posted.get("key", "")), wait=_WAIT)
    if not done.ok:
        said = said_again(typed, given, done.problem.errors if done.problem else ())
        return _page(visitor, number, asked, shown, said, done)
    return _done(number, asked, done)


@pages.post("/imports/{number}/refused.xlsx")
async def hand_back(visitor: Repairing, number: UUID, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """The workbook that was fetched, put right."""
    if file is None or not file.filename:
        return go_to(f"/imports/{number}", said=N_("请选择改好的表。"))
    files = {"file": (sound_filename(file.filename), file.file)}
    path, headers = f"{door_for(visitor).address}/{number}/refused.xlsx", {"Prefer": f"wait={_WAIT}"}
    done = await visitor.neighbours.exchange("POST", path, visitor.token, headers, files=files, timeout=FILE_SECONDS)
    if done.ok:
        return _done(number, {}, done)
    return _page(visitor, number, {}, await ask_rows(visitor, number, {}), Said(), done)


async def ask_rows(visitor: Visitor, number: UUID, asked: dict[str, str]) -> Answer:
    return await visitor.ask(f"{door_for(visitor).address}/{number}/refused", limit=ROWS, **asked)


def _done(number: UUID, asked: dict[str, str], done: Answer) -> Response:
    if done.data["state"] in UNDER_WAY:
        return go_to(f"/imports/{done.data['id']}", said=N_("已收到更正，正在核对。"))
    waits = "accepted" in (done.data["answers"] or {}).values()
    if done.data["refused"]:
        said = N_("改好的行已记下，确认导入时存入；还有行仍不对，原因在格子下面。") if waits else _SOME
        return go_to(_back(number, asked), said=said)
    said = N_("改好的行已记下，确认导入时存入。") if waits else N_("改好的行已存入。")
    return go_to(_back(number, {name: each for name, each in asked.items() if name != "row"}), said=said)


_SOME = N_("改好的行已存入；还有行仍不对，原因在格子下面。")


def _back(number: UUID, asked: dict[str, str]) -> str:
    return link(f"/imports/{number}/refused", **asked) if asked else f"/imports/{number}"


def _page(
    visitor: Visitor, number: UUID, asked: dict[str, str], answer: Answer, said: Said, refused: Answer | None = None
) -> Response:
    grid = grid_of(answer.data, said, whole="row" in asked) if answer.ok else Grid()
    service = door_for(visitor).service
    return visitor.show(
        "import_refused.html", answer, refused, number=number, asked=asked, grid=grid, service=service, key=str(uuid4())
    )
