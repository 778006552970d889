"""Sign-up for a fair without an account (扫码报名): a poster with a code, the page behind it, and the desk that finds who it was.

The page asks other services as the node itself, says the same to everybody, and keeps nothing: what is given goes to the register.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from libs.common.api import ContextOf
from libs.common.api.dependencies import open_to_all
from libs.common.api.rate_limits import BoundedWindows, address_of
from libs.common.service import ServiceContext
from libs.common.values import Text
from services.console.clients import Answer, Neighbours
from services.console.rendering.qr import qr
from services.console.rendering.words import N_
from services.console.routes.fairs import FAIRS
from services.console.routes.pages import go_to, page, page_context_of
from services.console.routes.session import Visitor, visits
from services.console.rules.forms import Field, errors_by_field
from services.console.rules.forms import Form as Fields

pages = APIRouter(include_in_schema=False)

_LIFETIME = timedelta(minutes=1)
# A hall behind one address signs up; a program that tries numbers is slowed down, and learns nothing anyway.
_MOST, _WINDOW = 120, 3600
_TRIES = BoundedWindows()
_POSTS = "200"
Typed = Annotated[Text, Form(max_length=60)]
# Beside which field a refusal stands.
_FIELDS = Fields(
    "registry.self_sign_up.give",
    N_("报名"),
    "POST",
    "",
    (Field("name", N_("姓名")), Field("tail", N_("身份证号后六位")), Field("phone", N_("手机号"))),
    "",
)


def _given_at(fair: UUID) -> str:
    return f"/registry/v1/fairs/{fair}/self-sign-ups"


@pages.get("/f/{fair}")
@open_to_all
async def open_sign_up(request: Request, context: ContextOf, fair: UUID) -> Response:
    return await _sign_up_page(request, context, fair)


@pages.post("/f/{fair}")
@open_to_all
async def sign_up(
    request: Request, context: ContextOf, fair: UUID, name: Typed = "", tail: Typed = "", phone: Typed = ""
) -> Response:
    """Whoever is in the register and whoever is not reads the same."""
    count, left = _TRIES.count(address_of(request.client.host if request.client else ""), _WINDOW)
    filled = {"name": name, "tail": tail, "phone": phone}
    if count > _MOST:
        return await _sign_up_page(request, context, fair, filled=filled, status=429, seconds=ceil(left))
    neighbours: Neighbours = request.app.state.neighbours
    known = await neighbours.ask(f"{FAIRS}/{fair}", _token(context))
    if not known.ok or known.data["state"] != "open":
        return await _sign_up_page(request, context, fair, filled=filled, status=409)
    done = await neighbours.send("POST", _given_at(fair), _token(context), {**filled, "day": known.data["day"]})
    return await _sign_up_page(request, context, fair, filled=filled, done=done, status=200 if done.ok else done.status)


async def _sign_up_page(
    request: Request,
    context: ServiceContext,
    fair: UUID,
    *,
    filled: dict[str, str] | None = None,
    done: Answer | None = None,
    status: int = 200,
    seconds: int = 0,
) -> Response:
    neighbours: Neighbours = request.app.state.neighbours
    known = await neighbours.ask(f"{FAIRS}/{fair}", _token(context))
    posts = await neighbours.ask(f"{FAIRS}/{fair}/vacancies", _token(context), limit=_POSTS)
    beside, others = errors_by_field(_FIELDS, done.problem.errors if done and done.problem else ())
    answer = page(
        page_context_of(request.scope),
        "fair_sign_up.html",
        status=status if known.ok else known.status,
        known=known,
        posts=posts,
        filled=filled or {},
        taken=done is not None and done.ok,
        refused=done if done is not None and not done.ok else None,
        beside=beside,
        others=others,
        seconds=seconds,
    )
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _token(context: ServiceContext) -> str:
    """As the node itself: whoever asks here is nobody yet."""
    home = context.node
    return home.signer.issue(
        home.clock.now(), subject="console", role="service", regions=[home.code], lifetime=_LIFETIME
    )


@pages.get("/fairs/{fair}/poster")
async def print_poster(visitor: Annotated[Visitor, visits("matching.fair.sign")], fair: UUID) -> Response:
    """报名海报: the fair, its firms, and the way to the page as a QR code, with nobody's data in it."""
    answer = await visitor.ask(f"{FAIRS}/{fair}")
    posts = await visitor.ask(f"{FAIRS}/{fair}/vacancies", limit=_POSTS)
    address = f"{visitor.context.settings.gateway.rstrip('/')}/f/{fair}"
    return visitor.show(
        "print_fair_poster.html",
        answer,
        back=f"/fairs/{fair}",
        printed_at=visitor.context.node.clock.now().isoformat(),
        posts=posts,
        path=f"/f/{fair}",
        picture=qr(address, scale=6),
    )


@pages.get("/fairs/{fair}/scanned/{sign_up}")
async def show_scanned(
    visitor: Annotated[Visitor, visits("registry.self_sign_up.show")], fair: UUID, sign_up: UUID
) -> Response:
    return await _scanned(visitor, fair, sign_up)


@pages.post("/fairs/{fair}/scanned/{sign_up}")
async def settle_scanned(
    visitor: Annotated[Visitor, visits("registry.self_sign_up.settle")], fair: UUID, sign_up: UUID, person: Typed = ""
) -> Response:
    """Somebody of the register is signed up and then what was given is taken away: broken off in between, it is done again."""
    done = await visitor.send("POST", f"{FAIRS}/{fair}/sign-ups", {"people": [person]}) if person else None
    problem: Mapping[str, Any] | None = (
        next((each["problem"] for each in done.items if each["problem"]), None) if done else None
    )
    if (done is None or done.ok) and problem is None:
        done = await visitor.send("POST", f"{_given_at(fair)}/{sign_up}/settle", {"person": person or None})
        if done.ok:
            return go_to(f"/fairs/{fair}/scanned", said=N_("已登记报名。") if person else N_("已放弃这条扫码报名。"))
    return await _scanned(visitor, fair, sign_up, refused=done, problem=problem)


async def _scanned(
    visitor: Visitor,
    fair: UUID,
    sign_up: UUID,
    *,
    refused: Answer | None = None,
    problem: Mapping[str, Any] | None = None,
) -> Response:
    answer = await visitor.ask(f"{_given_at(fair)}/{sign_up}")
    return visitor.show("fair_scanned.html", answer, refused, problem=problem, back=f"/fairs/{fair}/scanned")
