"""A page as an answer: the frame around it, its language, and a refusal as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.requests import HTTPConnection
from starlette.types import Scope

from libs.common.access.policy import cell_of
from libs.common.problems import Problem
from services.console.rendering import link, render
from services.console.rendering.words import LANGUAGES, SOURCE
from services.console.routes.libraries import CHART, HTMX
from services.console.routes.menu import MENU, OWN, Place
from services.console.rules.accounts import Account, is_labourer
from services.console.rules.levels import Level, level_of
from services.console.rules.paging import PARTS, Paging, paging_of
from services.console.rules.signing_in import local_path
from services.console.rules.views import condition_of

LANGUAGE_COOKIE = "xieli-lang"

# Light or dark whatever the reader's system is; nothing of both where that decides.
THEME_COOKIE = "xieli-theme"
THEMES = ("light", "dark", "system")

# Where a request keeps until when its session holds, for the warning before it ends.
SESSION_ENDS = "xieli.session-ends"

# Where a request keeps who is signed in, so that a refusal stands in the same frame as the page that was asked for.
SIGNED_IN = "xieli.account"

# Rows of a list beside other things on a page, as the services take it.
ROWS = "50"

# The list that somebody came from, with its filters, for the way back to it.
LIST_COOKIE = "xieli-list"
_LONGEST_LIST = 1500

# What was done, told on the next page once.
SAID_COOKIE = "xieli-said"


@dataclass(frozen=True)
class SessionEnd:
    """When a session ends if nothing is asked for meanwhile, and whether that is so soon that it is said."""

    at: datetime
    soon: bool


@dataclass(frozen=True)
class PageContext:
    """What every page shows around its content."""

    path: str
    query: Mapping[str, str]
    language: str
    chosen: bool
    node: str = ""
    node_name: str = ""
    account: Account | None = field(default=None)
    said: str = ""
    htmx: str = ""
    chart: str = ""
    came_from: str = ""
    theme: str = ""
    ends: SessionEnd | None = None

    @property
    def level(self) -> Level:
        """What kind of node this is."""
        return level_of(self.node.removeprefix("n") or "000000")

    @property
    def menu(self) -> list[tuple[str, list[Place]]]:
        """The pages this person may see and has work on, by section."""
        menu = OWN if self.account is not None and is_labourer(self.account) else MENU
        seen = [(title, [place for place in places if self._has(place)]) for title, places in menu]
        return [(title, places) for title, places in seen if places]

    @property
    def first(self) -> str:
        """The page this person begins with: the work of today, or the first that the role may see."""
        return self.menu[0][1][0].path if self.menu else "/account"

    def _has(self, place: Place) -> bool:
        return self.level in place.levels and self.may(place.action)

    def may(self, action: str) -> bool:
        """Whether the table lets this person's role do something, so that a page offers only what it would not refuse."""
        return self.account is not None and cell_of(self.account.role, action) is not None

    @property
    def filtered(self) -> bool:
        """Whether the list on this page was asked for with a condition."""
        return bool(self.query.keys() - PARTS - {"sort"})

    @property
    def condition(self) -> str:
        """What the list on this page is narrowed to and sorted by, as its address says it."""
        return condition_of(self.query)

    @property
    def paging(self) -> Paging:
        """Which page of its list this is."""
        return paging_of(self.query)

    def here(self, **changes: object) -> dict[str, object]:
        """This page's query with changes, for links that keep the filters."""
        return {**self.query, **changes}

    def first_page(self, **changes: object) -> dict[str, object]:
        """The same from the list's beginning."""
        return self.here(after=None, trail=None, **changes)

    def back_to(self, path: str) -> str:
        """A list as somebody left it, narrowed and at its page; else its beginning."""
        return self.came_from if self.came_from.partition("?")[0] == path else path


def wants_page(path: str) -> bool:
    """Everything but the JSON under /console/ and the well-known keys is a page for people."""
    return not path.startswith(("/console/", "/.well-known/"))


def page_context_of(scope: Scope, account: Account | None = None) -> PageContext:
    """The frame of a request, with whoever is signed in as far as that is known; the language is the one asked for, else the one chosen before, else Chinese."""
    query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
    wished = query.pop("lang", None)
    chosen = wished in LANGUAGES
    cookies = HTTPConnection(scope).cookies
    theme = query.pop("theme", cookies.get(THEME_COOKIE, ""))
    kept = cookies.get(LANGUAGE_COOKIE, SOURCE)
    language = str(wished if chosen else kept if kept in LANGUAGES else SOURCE)
    state = scope["app"].state if "app" in scope else None
    context = getattr(state, "context", None)
    libraries: dict[str, str] = getattr(state, "libraries", {})
    node, name = (context.node.id, context.node.name) if context else ("", "")
    return PageContext(
        scope["path"],
        query,
        language,
        chosen,
        node,
        name,
        account or scope.get(SIGNED_IN),
        said=unquote(cookies.get(SAID_COOKIE, "")),
        htmx=libraries.get(HTMX, ""),
        chart=libraries.get(CHART, ""),
        came_from=local_path(unquote(cookies.get(LIST_COOKIE, ""))),
        theme=theme if theme in THEMES else "",
        ends=scope.get(SESSION_ENDS),
    )


def page(frame: PageContext, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page in its frame; a language that was asked for is remembered."""
    answer = HTMLResponse(render(template, frame.language, frame=frame, **context), status_code=status)
    answer.headers["Vary"] = "Cookie"
    answer.headers["Content-Language"] = "zh-CN" if frame.language == "zh" else "en"
    if frame.said:
        answer.delete_cookie(SAID_COOKIE)
    if frame.theme:
        answer.set_cookie(THEME_COOKIE, frame.theme, max_age=31_536_000, httponly=True, samesite="lax")
    if frame.chosen:
        answer.set_cookie(LANGUAGE_COOKIE, frame.language, max_age=31_536_000, httponly=True, samesite="lax")
    return answer


def remember_list(answer: HTMLResponse, frame: PageContext) -> HTMLResponse:
    """This list is the one that the pages of its rows lead back to."""
    address = link(frame.path, **frame.here())
    kept = address if len(address) <= _LONGEST_LIST else frame.path
    answer.set_cookie(LIST_COOKIE, quote(kept), httponly=True, samesite="lax")
    return answer


def go_to(path: str, *, said: str = "") -> RedirectResponse:
    """To the page where what was done is seen, which says it once."""
    answer = RedirectResponse(path, status_code=303)
    if said:
        say(answer, said)
    return answer


def say(answer: Response, said: str) -> None:
    """On the next page, once."""
    answer.set_cookie(SAID_COOKIE, quote(said), max_age=60, httponly=True, samesite="lax")


def refuse(problem: Problem, scope: Scope) -> HTMLResponse:
    """A refusal as a page: what it is, why, and the way back."""
    return page(
        page_context_of(scope),
        "refusal.html",
        status=problem.status,
        title=problem.title,
        detail=problem.detail,
        fields=problem.errors,
    )
