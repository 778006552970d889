"""Where a person expects a name there is one: no page of any kind says an id, a code of a division or a word that only programs know."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from itertools import chain

import httpx

from libs.common.service import ServiceContext
from services.console.operations.own_sessions import welcome_labourer
from services.console.operations.sessions import Guest
from services.console.routes.session import cookie_of
from tests.support.console import PERSON, app_of, browser, open_console, sign_in, statements
from tests.support.nodes import Nodes
from tests.support.page_kinds import Tour

# Who sees which pages: what one may not open, another does.
ROLES = ("officer", "operator", "labourer")
CODE = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<![\w*./-])(?:\d{12}|\d{9}|\d{6})(?![\w*])")
# A Chinese page has hardly a Latin word; what is written in small letters is a code that nobody has named.
WORD = re.compile(r"(?<![\w.])[a-z][a-z0-9]*(?:[._][a-z0-9_]+)*(?![\w.])")
# Logins, a file's name, the version of a rule, the browser of a session, and what a form names for programmers.
SAID = {
    "officer",
    "operator",
    "lu",
    "cadre",
    "shi.guilan",
    "people.xlsx",
    "xlsx",
    "quality",
    "province.1",
    "a",
    "browser",
    "python",
    "httpx",
}
# How one run calls somebody whom nobody else may know (代号).
SAID |= {"p5f0c1d2e3a4b5c6d", "p0a"}
# Pages for whoever keeps programs running: they name parts, topics and rights as programs do.
FOR_PROGRAMMERS = ("/health", "/systems", "/weights")
NO_TEXT, EMPTY = {"script", "style"}, {"meta", "link", "input", "img", "br", "hr", "rect", "path", "line"}


class Reader(HTMLParser):
    """What somebody reads on a page, also in its fields; what stands under 技术信息 is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.left_out = [False]
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "input" and given.get("type") not in ("hidden", "radio", "checkbox"):
            self.words += [given.get("value", ""), given.get("placeholder", "")]
        if tag not in EMPTY:
            technical = tag in NO_TEXT or "technical" in given.get("class", "").split()
            self.left_out.append(self.left_out[-1] or technical)

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY:
            self.left_out.pop()

    def handle_data(self, data: str) -> None:
        if not self.left_out[-1]:
            self.words.append(data)

    @property
    def codes(self) -> set[str]:
        """Ids, codes of divisions and words of programs that stand where there should be a name."""
        text = "\n".join(self.words)
        return set(CODE.findall(text)) | set(WORD.findall(text)) - SAID


@asynccontextmanager
async def come_in(context: ServiceContext, role: str) -> AsyncIterator[httpx.AsyncClient]:
    """By a password; a labourer by what follows a code."""
    async with browser(app_of(context)) as client:
        if role == "labourer":
            async with context.database.transaction() as tx:
                word = await welcome_labourer(tx, Guest(PERSON, "127.0.0.1", "a phone"))
            client.cookies.set(cookie_of(context), word or "")
        else:
            await sign_in(client, context, role)
        yield client


async def test_no_kind_of_page_shows_a_code_where_a_name_belongs(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    await context.inbox.receive(statements())
    tour, refused, wrong = Tour(alike=True), set[str](), dict[str, set[str]]()
    for role in ROLES:
        async with come_in(context, role) as client:
            before, refused = refused, set()
            for path in chain(sorted(before), tour.addresses()):
                answer = await client.get(path, follow_redirects=True)
                if answer.status_code in (403, 404):
                    refused.add(path)
                    continue
                page = Reader()
                page.feed(answer.text)
                tour.note(page.links)
                if not path.startswith(FOR_PROGRAMMERS) and page.codes:
                    wrong[path] = page.codes
    assert wrong == {}
    assert (tour.unseen, refused) == ([], set())
