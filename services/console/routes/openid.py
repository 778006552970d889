"""Sign in with the OpenID provider (统一身份认证登录): out to it, and back with a code."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from libs.common.api import ContextOf, open_to_all
from libs.common.problems import Forbidden, NotFound, Unavailable
from libs.common.service import ServiceContext
from libs.common.telemetry import log
from libs.common.values import Text
from services.console.clients.openid import OpenId, Ticket
from services.console.operations import sessions
from services.console.routes.cookies import hand_word, is_secure
from services.console.routes.session import cookie_of, guest_of
from services.console.rules.openid import WrongProvider
from services.console.rules.signing_in import local_path

pages = APIRouter(include_in_schema=False)

_MINUTES = 10


class NotVouchedFor(Forbidden):
    title = "统一身份认证未通过 The provider did not vouch for you here"


@pages.get("/sign-in/openid")
@open_to_all
async def go_out(request: Request, context: ContextOf, next: Annotated[Text, Query(max_length=2000)] = "/") -> Response:
    """To the provider, with a ticket in this browser's cookie that the way back must match."""
    ticket = Ticket.new()
    try:
        answer = RedirectResponse(await _provider(request).address(ticket), status_code=303)
    except WrongProvider as error:
        log.warning("openid_away", why=str(error))
        raise Unavailable("统一身份认证平台没有应答 The OpenID provider does not answer.") from error
    answer.set_cookie(
        _cookie(context),
        _pack([ticket.state, ticket.nonce, ticket.verifier, local_path(next)]),
        httponly=True,
        samesite="lax",
        secure=is_secure(context),
        path="/",
        max_age=60 * _MINUTES,
    )
    return answer


@pages.get("/sign-in/openid/back")
@open_to_all
async def come_back(
    request: Request,
    context: ContextOf,
    code: Annotated[Text, Query(max_length=2000)] = "",
    state: Annotated[Text, Query(max_length=200)] = "",
) -> Response:
    """A session for whoever the provider names, with the rights that its claims give; nobody without such rights."""
    kept, provider = _unpack(request.cookies.get(_cookie(context), "")), _provider(request)
    if kept is None or not code or state != kept[0]:
        raise NotVouchedFor("请重新登录 This sign-in was not begun in this browser: please begin again.")
    ticket, next = Ticket(*kept[:3]), kept[3]
    try:
        claims = await provider.claims(code, ticket, context.node.clock.now().timestamp())
    except WrongProvider as error:
        log.warning("openid_refused", why=str(error))
        raise NotVouchedFor("身份凭证无法核实 What the provider said could not be verified.") from error
    rights, login = provider.provider.rights_of(claims), provider.provider.login_of(claims)
    if rights is None:
        raise NotVouchedFor("本节点没有您的权限 The provider's claims give no rights at this node.")
    async with context.database.transaction() as tx:
        word = await sessions.welcome(tx, guest_of(request, context, login), provider.provider.issuer, rights)
    if word is None:
        raise NotVouchedFor("账号已停用或登录名已被占用 The account is closed, or its login is somebody else's.")
    answer = RedirectResponse(local_path(next), status_code=303)
    answer.delete_cookie(_cookie(context), path="/", secure=is_secure(context), httponly=True, samesite="lax")
    hand_word(answer, context, word, next=next)
    return answer


def _provider(request: Request) -> OpenId:
    found: OpenId | None = request.app.state.openid
    if found is None:
        raise NotFound("本节点没有设置统一身份认证 This node has no OpenID provider.")
    return found


def _cookie(context: ServiceContext) -> str:
    return f"{cookie_of(context)}-openid"


def _pack(values: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def _unpack(cookie: str) -> list[str] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(cookie))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return (
        values
        if isinstance(values, list) and len(values) == 4 and all(isinstance(one, str) for one in values)
        else None
    )
