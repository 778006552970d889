"""The cadre's app at /m (手机端): its shell, which holds nobody's data, and the phone's own session and tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, cast

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from libs.common.api import ContextOf, Tx, open_to_all
from libs.common.api.exception_handlers import answer
from libs.common.problems import Forbidden, NotFound, Problem, Unauthenticated
from libs.common.values import Token
from services.console.operations import phones, sessions
from services.console.rendering.phone_shell import Shell, shell
from services.console.routes.cookies import drop_word
from services.console.routes.forms.matching import SIGNING
from services.console.routes.forms.registry import FORMS, NEW, VISIT
from services.console.routes.pages import page, page_context_of
from services.console.routes.session import APP, TOKEN_LIFETIME, Visitor, cookie_of, guest_of, person_of, visits
from services.console.rules.accounts import Account
from services.console.settings import ConsoleSettings

pages = APIRouter(include_in_schema=False)

_WRITTEN = (
    ("visit", VISIT),
    ("enter", NEW),
    ("correct", FORMS["/people/{person}/correct"]),
    ("depart", FORMS["/people/{person}/depart"]),
    ("sign", SIGNING),
)
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


class PhoneWord(BaseModel):
    """What a phone shows for a token."""

    model_config = ConfigDict(extra="forbid")

    word: Annotated[Token, Field(min_length=43, max_length=43)]


def _shell() -> Shell:
    return shell(_WRITTEN)


@pages.get("/m")
@open_to_all
async def go_in() -> Response:
    """The app's scope ends with a slash: without it, it would be every address that begins with m."""
    return RedirectResponse("/m/", status_code=308)


@pages.get("/m/")
@open_to_all
async def show_shell(request: Request) -> HTMLResponse:
    """The same for everybody, so that the browser may keep it; who is at it, the app asks."""
    return page(page_context_of(request.scope), "phone.html", app=_shell())


@pages.get("/m/sw.js")
@open_to_all
async def give_worker() -> Response:
    return Response(_shell().worker(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@pages.get("/m/manifest.webmanifest")
@open_to_all
async def give_manifest(context: ContextOf) -> Response:
    """What makes the page an app on a phone's screen."""
    app = _shell()
    icons = [("any", "seal.svg", "any"), ("192x192", "icon-192.png", "any"), ("512x512", "icon-512.png", "any")]
    icons.append(("512x512", "icon-maskable.png", "maskable"))
    told = {
        "id": "/m/",
        "name": f"协力 {context.node.name}",
        "short_name": "协力",
        "lang": "zh-CN",
        "start_url": "/m/",
        "scope": "/m/",
        "display": "standalone",
        "background_color": "#f4f5f7",
        "theme_color": "#7d1f1b",
        "icons": [{"src": app.address(name), "sizes": sizes, "purpose": use} for sizes, name, use in icons],
    }
    return JSONResponse(told, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@pages.get("/m/app/{version}/{name}")
@open_to_all
async def give_file(
    version: Annotated[Token, Path(max_length=12)], name: Annotated[Token, Path(max_length=40)]
) -> Response:
    """A file of this version; of another one there is none any more."""
    app = _shell()
    if version != app.version or name not in app.files:
        raise NotFound("没有此文件，请重新打开 No such file: open the app again.")
    file = app.files[name]
    return Response(file.content, media_type=file.kind, headers=_KEPT)


@pages.get("/m/who")
@open_to_all
async def say_who(request: Request, context: ContextOf) -> Response:
    """Who is signed in at this browser, for the app that has nobody yet."""
    person = await person_of(request, context)
    return JSONResponse({"login": person.login, "role": person.role} if person else {"login": None})


@pages.post("/m/phone")
async def add_phone(
    request: Request, context: ContextOf, tx: Tx, visitor: Visitor = visits("registry.sync.pull")
) -> Response:
    """A session of the phone's own: its word goes into what the PIN seals. What was begun for the app ends with it, and its cookie goes;
    a session that the browser had before stays the browser's."""
    account = visitor.account
    word = await phones.add_phone(tx, account, guest_of(request, context, account.login))
    if begun := request.cookies.get(cookie_of(context, APP)):
        await sessions.sign_out(tx, begun)
    made = JSONResponse({"word": word, "login": account.login, "regions": list(account.regions)}, status_code=201)
    drop_word(made, context, APP)
    return made


@pages.post("/m/token")
@open_to_all
async def give_token(request: Request, context: ContextOf, tx: Tx, given: PhoneWord) -> Response:
    """Minutes of the cadre's own rights: 401 when the phone has to sign in again, 403 `phone-wiped` when it has to wipe itself."""
    away = timedelta(days=cast(ConsoleSettings, context.settings).console_phone_days)
    try:
        account = await phones.use_phone(tx, given.word, away)
    except (Unauthenticated, Forbidden) as refused:
        return _say(refused, request)
    return JSONResponse({"token": _token(context, account), "seconds": int(TOKEN_LIFETIME.total_seconds())})


def _token(context: ContextOf, account: Account) -> str:
    home = context.node
    return home.signer.issue(
        home.clock.now(),
        subject=account.login,
        role=account.role,
        regions=account.regions,
        organisation=account.organisation,
        purpose="phone",
        lifetime=TOKEN_LIFETIME,
    )


def _say(refused: Problem, request: Request) -> Response:
    """As JSON: the app reads it, nobody else."""
    return answer(refused, request.url.path)
