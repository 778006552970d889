"""Saved views (常用名单) of whoever asks: over HTTP, and as the forms beside a list, which ask the same address."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response

from libs.common.api import Reading, Tx, allow, made_at
from libs.common.identity import Caller
from libs.common.values import Text
from services.console.operations import views
from services.console.rendering.words import N_
from services.console.routes.pages import go_to
from services.console.routes.session import Visitor, owner_of, visits
from services.console.rules.signing_in import local_path
from services.console.schemas.views import ListPath, ViewNew, ViewOut, ViewsOut

VIEWS = "/console/v1/views"
router = APIRouter(prefix="/console/v1", tags=["views"])
pages = APIRouter(include_in_schema=False)

Field = Annotated[Text, Form(max_length=2000)]
REFUSED = "没有保存 Not saved"


@router.get("/views", summary="常用名单 Saved views", description="One's own, of one list or of all.")
async def list_views(
    caller: Annotated[Caller, allow("console.view.own")], tx: Reading, page: Annotated[ListPath | None, Query()] = None
) -> ViewsOut:
    found = await views.list_views(tx, owner_of(caller, tx.node), page)
    return ViewsOut(items=[ViewOut.model_validate(one) for one in found])


@router.post("/views", status_code=201, responses=made_at("/console/v1/views/{id}"), summary="保存常用名单 Save a view")
async def save_view(caller: Annotated[Caller, allow("console.view.own")], tx: Tx, new: ViewNew) -> ViewOut:
    """The same name once more stands for the new condition, so that sending it twice makes one."""
    saved = await views.save_view(tx, owner_of(caller, tx.node), new.page, new.name, new.query)
    return ViewOut.model_validate(saved)


@router.get("/views/{view}", summary="一个常用名单 One saved view", description="One's own, by its id.")
async def show_view(caller: Annotated[Caller, allow("console.view.own")], tx: Reading, view: UUID) -> ViewOut:
    return ViewOut.model_validate(await views.get_view(tx, owner_of(caller, tx.node), view))


@router.delete(
    "/views/{view}",
    status_code=204,
    summary="删除常用名单 Drop a view",
    description="One's own; the list stays as it is.",
)
async def drop_view(caller: Annotated[Caller, allow("console.view.own")], tx: Tx, view: UUID) -> None:
    await views.drop_view(tx, owner_of(caller, tx.node), view)


@pages.post("/views")
async def keep_view(
    visitor: Annotated[Visitor, visits("console.view.own")], page: Field, name: Field = "", query: Field = ""
) -> Response:
    """From a list, and back to it."""
    saved = await visitor.send("POST", VIEWS, {"page": page, "name": name, "query": query})
    return (
        go_to(local_path(saved.data["address"]), said=N_("已存为常用名单。"))
        if saved.ok
        else visitor.refuse(REFUSED, saved)
    )


@pages.post("/views/{view}/drop")
async def leave_view(visitor: Annotated[Visitor, visits("console.view.own")], view: UUID, page: Field) -> Response:
    dropped = await visitor.send("DELETE", f"{VIEWS}/{view}")
    return go_to(local_path(page), said=N_("已删除。")) if dropped.ok else visitor.refuse(REFUSED, dropped)
