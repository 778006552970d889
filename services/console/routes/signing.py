"""Sign in and out (登录、退出)."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from libs.common.api import OfficeOf, Tx
from libs.common.values import Password, Text
from services.console import operations
from services.console.operations.sessions import Refusal
from services.console.routes.asking import cookie_of, person_of, stay_of
from services.console.routes.paper import frame_of, page
from services.console.rules.signing_in import local_path
from services.console.settings import ConsoleSettings

pages = APIRouter(include_in_schema=False)

_STATUS = {Refusal.WRONG: 401, Refusal.LOCKED: 429}


@pages.get("/sign-in")
async def show_sign_in(request: Request, office: OfficeOf, next: Annotated[Text, Query(max_length=2000)] = "/") -> Response:
    if await person_of(request, office):
        return RedirectResponse(local_path(next), status_code=303)
    return page(frame_of(request.scope), "sign_in.html", next=local_path(next), login="", refusal=None)


@pages.post("/sign-in")
async def sign_in(
    request: Request, office: OfficeOf, tx: Tx, login: Annotated[Text, Form(max_length=64)] = "",
    password: Annotated[Password, Form()] = "", next: Annotated[Text, Form(max_length=2000)] = "/",
) -> Response:  # fmt: skip
    """A new session, whatever session there was before; or the page again with the reason."""
    if old := request.cookies.get(cookie_of(office)):
        await operations.sign_out(tx, old)
    word = await operations.sign_in(tx, login.strip(), password, stay_of(office))
    if isinstance(word, Refusal):
        return page(frame_of(request.scope), "sign_in.html", status=_STATUS[word], next=local_path(next), login=login, refusal=word.value)
    answer = RedirectResponse(local_path(next), status_code=303)
    secure = cast(ConsoleSettings, office.settings).secure
    answer.set_cookie(cookie_of(office), word, httponly=True, samesite="lax", secure=secure, path="/")
    return answer


@pages.post("/sign-out")
async def sign_out(request: Request, office: OfficeOf, tx: Tx) -> Response:
    if word := request.cookies.get(cookie_of(office)):
        await operations.sign_out(tx, word)
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(cookie_of(office), path="/", secure=cast(ConsoleSettings, office.settings).secure, httponly=True, samesite="lax")
    return answer
