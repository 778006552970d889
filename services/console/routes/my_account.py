"""My account (我的账号): one's own password, second factor and sessions, and what others have changed in it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from libs.common.api import ContextOf, Tx
from libs.common.problems import Unauthenticated
from libs.common.values import Password
from services.console.operations import accounts, sessions
from services.console.operations.sessions import Visit
from services.console.routes.accounts import hasher_of
from services.console.routes.pages import page, page_context_of
from services.console.routes.session import cookie_of, guest_of
from services.console.routes.signing import Halfway, complaint_of
from services.console.rules import passwords

pages = APIRouter(include_in_schema=False)

_SHOWN = 20


@pages.get("/account")
async def show_my_account(request: Request, context: ContextOf, visit: Halfway) -> Response:
    return await _page(request, context, visit)


@pages.post("/account/password")
async def change_password(
    request: Request,
    context: ContextOf,
    visit: Halfway,
    current: Annotated[Password, Form()] = "",
    password: Annotated[Password, Form()] = "",
    again: Annotated[Password, Form()] = "",
) -> Response:
    """Another password, for whoever knows the current one; every other session ends."""
    account = _inside(visit).account
    async with context.database.transaction() as tx:
        wait = await sessions.count_guess(tx, account)
    if wait:
        pause = int(wait.total_seconds()) + 1
        return await _page(
            request, context, visit, f"请在 {pause} 秒后再试 Please wait {pause} seconds before trying again", 429
        )
    if not await hasher_of(context).matches(current, account.secret):
        async with context.database.transaction() as tx:
            await sessions.refuse(tx, guest_of(request, context, account.login))
        return await _page(request, context, visit, "当前密码不对 The current password is wrong", 422)
    if complaint := await complaint_of(context, visit, password, again):
        return await _page(request, context, visit, complaint, 422)
    secret = await hasher_of(context).keep(password)
    async with context.database.transaction() as tx:
        await sessions.change_password(tx, account, request.cookies[cookie_of(context)], secret)
    return RedirectResponse("/account", status_code=303)


@pages.post("/account/sessions/{session}")
async def end_my_session(context: ContextOf, tx: Tx, visit: Halfway, session: UUID) -> Response:
    await sessions.end_own_session(tx, _inside(visit).account, session)
    return RedirectResponse("/account", status_code=303)


@pages.post("/account/sessions")
async def end_my_sessions(request: Request, context: ContextOf, tx: Tx, visit: Halfway) -> Response:
    """For somebody who has lost a browser or a token."""
    await sessions.end_own_everything(tx, _inside(visit).account, request.cookies[cookie_of(context)])
    return RedirectResponse("/account", status_code=303)


def _inside(visit: Visit) -> Visit:
    """With nothing left to prove."""
    if visit.step is not None:
        raise Unauthenticated("请先完成登录 Please finish signing in.")
    return visit


async def _page(request: Request, context: ContextOf, visit: Visit, complaint: str = "", status: int = 200) -> Response:
    account = _inside(visit).account
    async with context.database.reading() as tx:
        open_now = await accounts.list_sessions(tx, account.login)
        changes = [change for _, change in await accounts.list_changes(tx, account.login, None, _SHOWN)]
    return page(
        page_context_of(request.scope, account),
        "my_account.html",
        status=status,
        sessions=open_now,
        here=visit.session.id,
        changes=changes,
        complaint=complaint,
        shortest=passwords.SHORTEST,
    )
