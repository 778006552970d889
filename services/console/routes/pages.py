"""A page as an answer: the frame around it, its language, and a refusal as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from fastapi.responses import HTMLResponse
from starlette.requests import HTTPConnection
from starlette.types import Scope

from libs.common.access.policy import cell_of
from libs.common.problems import Problem
from services.console.rendering import render
from services.console.rendering.words import LANGUAGES, N_, SOURCE
from services.console.rules.accounts import Account

LANGUAGE_COOKIE = "xieli-lang"

# Where a request keeps who is signed in, so that a refusal stands in the same frame as the page that was asked for.
SIGNED_IN = "xieli.account"

# Rows on a page of a list, as the services take it.
ROWS = "50"

# Where a page stands in the bar: path, title, the action (事项) that its figures or its list needs.
PLACES = (
    ("/", N_("全省一张表"), "console.figures.show"),
    ("/people", N_("劳动力"), "registry.labourer.list"),
    ("/reveals", N_("批量显示"), "registry.reveal.list"),
    ("/vacancies", N_("岗位"), "jobs.vacancy.list"),
    ("/supply", N_("两张清单"), "matching.supply.list"),
    ("/introductions", N_("介绍上岗"), "matching.introduction.list"),
    ("/runs", N_("匹配轮次"), "matching.run.list"),
    ("/health", N_("节点状况"), "node.backlog.show"),
    ("/accounts", N_("账号"), "console.account.list"),
    ("/systems", N_("合作系统"), "console.system.list"),
)


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

    @property
    def places(self) -> list[tuple[str, str]]:
        """The pages this person may see."""
        return [(path, title) for path, title, action in PLACES if self.may(action)]

    def may(self, action: str) -> bool:
        """Whether the table lets this person's role do something, so that a page offers only what it would not refuse."""
        return self.account is not None and cell_of(self.account.role, action) is not None

    @property
    def filtered(self) -> bool:
        """Whether the list on this page was asked for with a condition."""
        return bool(self.query.keys() - {"after"})

    def here(self, **changes: object) -> dict[str, object]:
        """This page's query with changes, for links that keep the filters."""
        return {**self.query, **changes}


def wants_page(path: str) -> bool:
    """Everything but the JSON under /console/ and the well-known keys is a page for people."""
    return not path.startswith(("/console/", "/.well-known/"))


def page_context_of(scope: Scope, account: Account | None = None) -> PageContext:
    """The frame of a request, with whoever is signed in as far as that is known; the language is the one asked for, else the one chosen before, else Chinese."""
    query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
    wished = query.pop("lang", None)
    chosen = wished in LANGUAGES
    kept = HTTPConnection(scope).cookies.get(LANGUAGE_COOKIE, SOURCE)
    language = str(wished if chosen else kept if kept in LANGUAGES else SOURCE)
    context = getattr(scope["app"].state, "context", None) if "app" in scope else None
    node, name = (context.node.id, context.node.name) if context else ("", "")
    return PageContext(scope["path"], query, language, chosen, node, name, account or scope.get(SIGNED_IN))


def page(frame: PageContext, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page in its frame; a language that was asked for is remembered."""
    answer = HTMLResponse(render(template, frame.language, frame=frame, **context), status_code=status)
    answer.headers["Vary"] = "Cookie"
    answer.headers["Content-Language"] = "zh-CN" if frame.language == "zh" else "en"
    if frame.chosen:
        answer.set_cookie(LANGUAGE_COOKIE, frame.language, max_age=31_536_000, httponly=True, samesite="lax")
    return answer


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
