"""A labourer's sign-in (凭码登录): the code is counted here by address and in the registry by code, before it is looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from libs.common.api import ContextOf, open_to_all
from libs.common.service import ServiceContext
from libs.common.values import Text
from services.console.clients import Answer, Neighbours
from services.console.operations import own_sessions, sessions
from services.console.operations.sessions import Guest
from services.console.routes.cookies import hand_word
from services.console.routes.pages import page, page_context_of
from services.console.routes.session import cookie_of, guest_of, stay_of
from services.console.rules.guessing import knocker_of

pages = APIRouter(include_in_schema=False)

REDEMPTIONS = "/registry/v1/codes/redemptions"
_LIFETIME = timedelta(minutes=1)
Typed = Annotated[Text, Form(max_length=40)]


@pages.get("/my/enter")
@open_to_all
async def ask_code(request: Request) -> Response:
    return page(page_context_of(request.scope), "my_enter.html", refusal="", seconds=0)


@pages.post("/my/enter")
@open_to_all
async def give_code(request: Request, context: ContextOf, code: Typed = "") -> Response:
    """A session for exactly the person of the code, whatever session there was; or the page again, without saying what was wrong."""
    guest, old = guest_of(request, context, knocker_of(code)), request.cookies.get(cookie_of(context))
    async with context.database.transaction() as tx:
        if old:
            await sessions.sign_out(tx, old)
        wait = await sessions.knock(tx, guest)
    if wait:
        return _again(request, "slow", 429, ceil(wait.total_seconds()))
    answer = await _redeem(request.app.state.neighbours, context, code)
    if not answer.ok:
        return _again(request, "away", 503) if answer.away else _again(request, "wrong", 401)
    if answer.data["person"] is None:
        return _again(request, "wrong", 401)
    return await _arrive(request, context, guest, UUID(answer.data["person"]))


async def _redeem(neighbours: Neighbours, context: ServiceContext, code: str) -> Answer:
    """Asked as the node itself: nobody else may try codes."""
    home = context.node
    token = home.signer.issue(
        home.clock.now(), subject="console", role="service", regions=[home.code], lifetime=_LIFETIME
    )
    return await neighbours.send("POST", REDEMPTIONS, token, {"code": code})


async def _arrive(request: Request, context: ServiceContext, guest: Guest, person: UUID) -> Response:
    async with context.database.transaction() as tx:
        await sessions.forgive(tx, guest)
        word = await own_sessions.welcome_labourer(tx, replace(guest, login=str(person)))
    if word is None:
        return _again(request, "wrong", 401)
    answer = RedirectResponse("/my", status_code=303)
    hand_word(answer, context, word, stay_of(context).own)
    return answer


def _again(request: Request, refusal: str, status: int, seconds: int = 0) -> Response:
    answer = page(page_context_of(request.scope), "my_enter.html", status=status, refusal=refusal, seconds=seconds)
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer
