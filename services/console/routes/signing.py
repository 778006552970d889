"""Sign in and out (登录、退出): the password, then whatever else is asked before pages open."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from libs.common.api import ContextOf, Tx, open_to_all
from libs.common.api.intake import guard
from libs.common.problems import Unauthenticated
from libs.common.values import Password, Text, Token
from services.console.operations import sessions
from services.console.operations.sessions import Guest, Visit
from services.console.rendering.qr import qr
from services.console.routes.accounts import hasher_of
from services.console.routes.cookies import drop_word, hand_device, hand_word
from services.console.routes.pages import page, page_context_of
from services.console.routes.session import Visitor, cookie_of, guest_of, stay_of, visit_of, visits
from services.console.rules import passwords, second_factor
from services.console.rules.signing_in import Step, local_path

pages = APIRouter(include_in_schema=False)

Next = Annotated[Text, Query(max_length=2000)]
NextForm = Annotated[Text, Form(max_length=2000)]
Code = Annotated[Text, Form(max_length=40)]


@guard
async def halfway(request: Request, context: ContextOf) -> Visit:
    """Somebody with a session; whoever has none is shown the door."""
    visit = await visit_of(request, context, _door(request, context))
    if visit is None:
        raise Unauthenticated("请先登录 Please sign in.")
    return visit


def _door(request: Request, context: ContextOf) -> str:
    """The cookie of the sign-in that this address goes on with: what is proved is proved for the session that was looked at."""
    return cookie_of(context, request.query_params.get("next", ""))


halfway.action = "console.account.own"  # type: ignore[attr-defined]
Halfway = Annotated[Visit, Depends(halfway)]


@pages.get("/sign-in")
@open_to_all
async def show_sign_in(request: Request, context: ContextOf, next: Next = "/") -> Response:
    if visit := await visit_of(request, context, cookie_of(context, next)):
        return _onward(visit.step, next)
    return page(
        page_context_of(request.scope),
        "sign_in.html",
        next=local_path(next),
        login="",
        refusal=None,
        seconds=0,
        openid=request.app.state.openid is not None,
    )


@pages.post("/sign-in")
@open_to_all
async def sign_in(
    request: Request,
    context: ContextOf,
    login: Annotated[Text, Form(max_length=64)] = "",
    password: Annotated[Password, Form()] = "",
    next: NextForm = "/",
) -> Response:
    """A new session, whatever session there was before; or the page again with the reason.

    The try is counted and committed before the password is compared, and no transaction is open while it is.
    """
    guest, old = guest_of(request, context, login.strip()), request.cookies.get(cookie_of(context, next))
    async with context.database.transaction() as tx:
        if old:
            await sessions.sign_out(tx, old)
        wait, secret = await sessions.knock(tx, guest), await sessions.kept_secret(tx, guest.login)
    if wait:
        return _refused(request, next, login, "slow", wait)
    word = await _compare(context, guest, password, secret)
    if word is None:
        async with context.database.transaction() as tx:
            await sessions.refuse(tx, guest)
        return _refused(request, next, login, "wrong")
    return await _arrive(context, guest, word, next)


async def _compare(context: ContextOf, guest: Guest, password: str, secret: str | None) -> str | None:
    """A session's word when the password is right."""
    hasher = hasher_of(context)
    if not await hasher.matches(password, secret) or secret is None:
        return None
    better = await hasher.keep(password) if passwords.is_stale(secret) else None
    async with context.database.transaction() as tx:
        return await sessions.come_in(tx, guest, secret, better)


async def _arrive(context: ContextOf, guest: Guest, word: str, next: str) -> Response:
    """On to the page asked for, or to what is still missing; a browser is known once everything was right."""
    async with context.database.transaction() as tx:
        visit = await sessions.find_visit(tx, word, stay_of(context))
        step = visit.step if visit else None
        answer = _onward(step, next)
        hand_word(answer, context, word, next=next)
        if step is None:
            hand_device(answer, context, await sessions.remember_device(tx, guest.login, guest.device))
    return answer


@pages.get("/sign-in/code")
async def show_code(request: Request, visit: Halfway, next: Next = "/") -> Response:
    if visit.step is not Step.CODE:
        return _onward(visit.step, next)
    return page(page_context_of(request.scope), "sign_in_code.html", next=local_path(next), refusal=None, seconds=0)


@pages.post("/sign-in/code")
async def give_code(
    request: Request, context: ContextOf, visit: Halfway, code: Code = "", next: NextForm = "/"
) -> Response:
    if visit.step is not Step.CODE:
        return _onward(visit.step, next)
    word = request.cookies[_door(request, context)]
    async with context.database.transaction() as tx:
        right = await sessions.try_code(tx, visit.account, word, code)
    if right is not True:
        wait = right if isinstance(right, timedelta) else timedelta(0)
        return _again(request, "sign_in_code.html", "slow" if wait else "wrong", wait, next=local_path(next))
    return await _arrive(context, guest_of(request, context, visit.account.login), word, next)


@pages.get("/sign-in/password")
async def show_first_password(request: Request, visit: Halfway, next: Next = "/") -> Response:
    if visit.step is not Step.PASSWORD:
        return _onward(visit.step, next)
    return page(
        page_context_of(request.scope),
        "sign_in_password.html",
        next=local_path(next),
        refusal="",
        shortest=passwords.SHORTEST,
    )


@pages.post("/sign-in/password")
async def choose_first_password(
    request: Request,
    context: ContextOf,
    visit: Halfway,
    password: Annotated[Password, Form()] = "",
    again: Annotated[Password, Form()] = "",
    next: NextForm = "/",
) -> Response:
    """A password of one's own in place of the initial one."""
    if visit.step is not Step.PASSWORD:
        return _onward(visit.step, next)
    complaint = await complaint_of(context, visit, password, again)
    if complaint:
        return _again(
            request, "sign_in_password.html", complaint, next=local_path(next), shortest=passwords.SHORTEST, status=422
        )
    secret, word = await hasher_of(context).keep(password), request.cookies[_door(request, context)]
    async with context.database.transaction() as tx:
        await sessions.change_password(tx, visit.account, word, secret)
    return await _arrive(context, guest_of(request, context, visit.account.login), word, next)


async def complaint_of(context: ContextOf, visit: Visit, password: str, again: str) -> str | None:
    if password != again:
        return "两次输入的密码不同 The two passwords differ"
    if await hasher_of(context).matches(password, visit.account.secret):
        return "新密码与原密码相同 This is the password that is to be changed"
    return passwords.complaint(password, visit.account.login)


@pages.get("/sign-in/enrol")
async def show_enrolment(request: Request, context: ContextOf, visit: Halfway, next: Next = "/") -> Response:
    if visit.account.totp is not None or visit.step not in (Step.ENROL, None) or visit.account.issuer:
        return _onward(visit.step, next)
    return enrolment(request, context, visit, second_factor.new_secret(), next)


@pages.post("/sign-in/enrol")
async def enrol(
    request: Request,
    context: ContextOf,
    tx: Tx,
    visit: Halfway,
    secret: Annotated[Token, Form(pattern=r"^[A-Z2-7]{32}$")],
    code: Code = "",
    next: NextForm = "/",
) -> Response:
    """The telephone has proved that it knows the secret: recovery codes, shown once."""
    if visit.account.totp is not None or visit.step not in (Step.ENROL, None) or visit.account.issuer:
        return _onward(visit.step, next)
    codes = await sessions.enrol(tx, visit.account, request.cookies[_door(request, context)], secret, code)
    if codes is None:
        return enrolment(request, context, visit, secret, next, refusal="wrong")
    answer = page(page_context_of(request.scope), "recovery_codes.html", codes=codes, next=local_path(next))
    guest = guest_of(request, context, visit.account.login)
    hand_device(answer, context, await sessions.remember_device(tx, guest.login, guest.device))
    return answer


def enrolment(
    request: Request, context: ContextOf, visit: Visit, secret: str, next: str, refusal: str | None = None
) -> Response:
    address = second_factor.address_of(secret, visit.account.login, context.node.name)
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return page(
        page_context_of(request.scope),
        "sign_in_enrol.html",
        status=401 if refusal else 200,
        picture=qr(address),
        secret=secret,
        grouped=grouped,
        next=local_path(next),
        refusal=refusal,
    )


@pages.post("/session")
async def extend_session(
    request: Request, visitor: Annotated[Visitor, visits("console.page.show")], next: NextForm = "/"
) -> Response:
    """One press goes on: whoever asks for anything is there. A script is told until when; without one, the page comes again."""
    ends = visitor.frame.ends
    if "hx-request" in request.headers and ends:
        return Response(status_code=204, headers={"X-Session-Ends": ends.at.isoformat()})
    return RedirectResponse(local_path(next), status_code=303)


@pages.post("/sign-out")
@open_to_all
async def sign_out(request: Request, context: ContextOf, tx: Tx) -> Response:
    if word := request.cookies.get(cookie_of(context)):
        await sessions.sign_out(tx, word)
    answer = RedirectResponse("/sign-in", status_code=303)
    drop_word(answer, context)
    return answer


def _onward(step: Step | None, next: str) -> RedirectResponse:
    wanted = local_path(next)
    return RedirectResponse(f"{step.value}?next={quote(wanted, safe='')}" if step else wanted, status_code=303)


def _refused(request: Request, next: str, login: str, why: str, wait: timedelta = timedelta(0)) -> Response:
    return _again(
        request,
        "sign_in.html",
        why,
        wait,
        next=local_path(next),
        login=login,
        openid=request.app.state.openid is not None,
    )


def _again(
    request: Request, template: str, refusal: str, wait: timedelta = timedelta(0), status: int = 401, **more: object
) -> Response:
    """The page again; when somebody has to wait, for how long."""
    seconds = ceil(wait.total_seconds())
    answer = page(
        page_context_of(request.scope),
        template,
        status=429 if seconds else status,
        refusal=refusal,
        seconds=seconds,
        **more,
    )
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer
