"""Who is asking for a page (会话): the session behind the cookie, and the short-lived token that goes with each question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, cast

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BeforeValidator

from libs.common.access.grants import grant
from libs.common.access.policy import POLICY
from libs.common.api import BEARER, ContextOf, authenticate
from libs.common.api.intake import guard
from libs.common.api.rate_limits import address_of
from libs.common.api.recording import CALLER
from libs.common.identity import Caller
from libs.common.node import NodeContext
from libs.common.problems import Unauthenticated
from libs.common.service import ServiceContext
from libs.common.values import Day, Text
from services.console.clients import Answer, Neighbours
from services.console.operations import sessions
from services.console.operations.sessions import Guest, Stay, Visit
from services.console.operations.views import list_views
from services.console.routes.pages import (
    SESSION_ENDS,
    SIGNED_IN,
    PageContext,
    SessionEnd,
    page,
    page_context_of,
    remember_list,
)
from services.console.rules.accounts import Account
from services.console.rules.levels import level_of
from services.console.rules.signing_in import WARNED_BEFORE
from services.console.settings import ConsoleSettings

TOKEN_LIFETIME = timedelta(minutes=5)
# Where the cadre's app is (手机端).
APP = "/m/"

# What a list on a page is narrowed to; the service that is asked says whether there is such a value.
Filter = Annotated[Text, Query(max_length=400)]
AsOf = Annotated[
    Day | None,
    BeforeValidator(lambda value: value or None),
    Query(description="截至日期 As of this date; today by default", examples=["2017-12-31"]),
]


@dataclass(frozen=True)
class Visitor:
    """A signed-in person in front of a page: asks other services in that person's name, and puts the answer on a page."""

    account: Account
    frame: PageContext
    context: ServiceContext
    neighbours: Neighbours

    @property
    def me(self) -> str:
        """Of a labourer: her id in the register, which is her login."""
        return self.account.login

    @property
    def token(self) -> str:
        """For one page's questions: issued by the node for this person, with this person's rights and no more."""
        home, account = self.context.node, self.account
        return home.signer.issue(
            home.clock.now(),
            subject=account.login,
            role=account.role,
            regions=account.regions,
            organisation=account.organisation,
            purpose="console",
            lifetime=TOKEN_LIFETIME,
        )

    @property
    def cities(self) -> list[str]:
        """The codes of the cities that this node works with, itself among them where it is one."""
        codes = [node.removeprefix("n") for node in (self.context.node.id, *self.context.node.partners)]
        return sorted(code for code in codes if level_of(code) == "city")

    async def ask(self, path: str, **params: str | None) -> Answer:
        return await self.neighbours.ask(path, self.token, **params)

    async def ask_if(self, action: str, path: str, **params: str | None) -> Answer | None:
        """The same where the table lets this person's role do it; None where it does not."""
        return await self.ask(path, **params) if self.frame.may(action) else None

    async def ask_list(self, path: str, **params: str | None) -> Answer:
        """The page of a list that the address in front of this person names."""
        paging = self.frame.paging
        return await self.ask(path, **params, after=paging.after, limit=str(paging.rows))

    async def send(
        self, method: str, path: str, body: Any = None, *, version: str = "", key: str = "", wait: int = 0
    ) -> Answer:
        """A change, asked for in this person's name; `version` is the ETag it is based on, `key` makes it happen once.

        Of what a worker does the end is heard where it comes within `wait` seconds.
        """
        return await self.neighbours.send(method, path, self.token, body, version=version, key=key, wait=wait)

    def show(
        self, template: str, answer: Answer | None = None, complaint: Answer | None = None, **context: object
    ) -> HTMLResponse:
        """A page that rests on an answer, after a change that was refused with a complaint: a refusal is said and is its status."""
        refused = [said for said in (complaint, answer) if said is not None and not said.ok]
        status = refused[0].status if refused else 200
        return page(self.frame, template, status=status, answer=answer, complaint=complaint, **context)

    async def show_list(
        self,
        template: str,
        answer: Answer,
        complaint: Answer | None = None,
        *,
        offered: Sequence[tuple[str, str]] = (),
        **context: object,
    ) -> HTMLResponse:
        """A list with this person's own views of it and the forms beside it, which the pages of its rows lead back to."""
        owner = owner_of(as_caller(self.account, self.context), self.context.node)
        async with self.context.database.reading() as tx:
            own_views = await list_views(tx, owner, self.frame.path)
        shown = self.show(template, answer, complaint, own_views=own_views, offered=offered, **context)
        return remember_list(shown, self.frame)

    def refuse(self, title: str, answer: Answer) -> HTMLResponse:
        """What another address did not do, as a page of its own."""
        away = "服务暂时没有应答，请稍后再试 The service does not answer for now; try again later."
        fields = answer.problem.errors if answer.problem else ()
        detail = away if answer.away else answer.refusal
        return page(self.frame, "refusal.html", status=answer.status, title=title, detail=detail, fields=fields)


def stay_of(context: ServiceContext) -> Stay:
    settings = cast(ConsoleSettings, context.settings)
    idle, longest = timedelta(minutes=settings.console_idle_minutes), timedelta(hours=settings.console_session_hours)
    second_factor, own = frozenset(settings.console_second_factor.split()), timedelta(days=settings.console_my_days)
    return Stay(idle, longest, second_factor, own)


def cookie_of(context: ServiceContext, next: str = "") -> str:
    """The session cookie's name. Browsers do not tell ports apart, so the nodes of one machine must differ by name.

    Whoever signs in for the app (`next`) has another cookie: the browser's own session goes on beside it.
    """
    secure = cast(ConsoleSettings, context.settings).secure
    name = f"{'__Host-' if secure else ''}xieli-{context.node.id}"
    return f"{name}-app" if next.startswith(APP) else name


def guest_of(request: Request, context: ServiceContext, login: str) -> Guest:
    """Who knocks: from which address (behind trusted gateways the one they name) and with which browser."""
    address = address_of(request.client.host if request.client else "")
    return Guest(
        login, address, request.headers.get("user-agent", "")[:200], request.cookies.get(device_cookie_of(context), "")
    )


def device_cookie_of(context: ServiceContext) -> str:
    return f"{cookie_of(context)}-device"


async def visit_of(request: Request, context: ServiceContext, name: str = "") -> Visit | None:
    """Whose session it is, in a short transaction of its own: none is open while other services are asked.

    By the cookie of this name, else by the browser's; the app takes the session that was begun for it before the browser's.
    """
    own = [cookie_of(context, APP)] if request.url.path.startswith(APP) else []
    words = [request.cookies.get(each) for each in ([name] if name else [*own, cookie_of(context)])]
    for word in filter(None, words):
        async with context.database.transaction() as tx:
            if visit := await sessions.find_visit(tx, word, stay_of(context)):
                return visit
    return None


def end_of(visit: Visit, context: ServiceContext) -> SessionEnd:
    """Until when the session holds, as a page tells it."""
    return SessionEnd(visit.ends_at, visit.ends_at - context.node.clock.now() < WARNED_BEFORE)


async def person_of(request: Request, context: ServiceContext) -> Account | None:
    """Who is signed in, with nothing left to prove."""
    visit = await visit_of(request, context)
    return visit.account if visit and visit.step is None else None


def visits(action: str) -> Any:
    """A dependency of pages: the signed-in person, whom the table lets do this; else to the sign-in page, or refused."""
    POLICY[action]

    @guard
    async def check(request: Request, context: ContextOf) -> Visitor:
        visit = await visit_of(request, context)
        if visit is None or visit.step is not None:
            raise Unauthenticated("请先登录 Please sign in.")
        person = request.scope[SIGNED_IN] = visit.account
        request.scope[SESSION_ENDS] = end_of(visit, context)
        request.scope[CALLER] = grant(as_caller(person, context), action, context.node.code)
        return Visitor(person, page_context_of(request.scope, person), context, request.app.state.neighbours)

    check.action = action  # type: ignore[attr-defined]
    return Depends(check)


def as_caller(person: Account, context: ServiceContext) -> Caller:
    """Somebody with a session as the table of rights knows callers."""
    return Caller(person.login, person.organisation, person.role, person.regions, context.node.id)


def owner_of(caller: Caller, node: NodeContext) -> str:
    """Whose views they are: somebody by the login that this node or another one vouches for."""
    return f"{caller.issuer or node.id}/{caller.subject}"


FIGURES = "console.figures.show"


async def reader_of_figures(
    request: Request, context: ContextOf, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
) -> Caller:
    """A program's token or a signed-in person's session, whom the table lets see the figures."""
    person = None if bearer else await person_of(request, context)
    caller = as_caller(person, context) if person else await authenticate(context, bearer)
    request.scope[CALLER] = granted = grant(caller, FIGURES, context.node.code)
    return granted


reader_of_figures.action = FIGURES  # type: ignore[attr-defined]
