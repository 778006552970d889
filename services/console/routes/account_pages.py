"""Accounts as pages (账号): lists and forms before the same HTTP address that programs use, asked in the operator's name."""

from __future__ import annotations

from typing import Annotated, NamedTuple
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from libs.common.values import Text
from services.console.clients import Answer
from services.console.routes.accounts import Named
from services.console.routes.pages import ROWS
from services.console.routes.session import Filter, Visitor, visits
from services.console.rules.accounts import NOT_FOR_PEOPLE, ROLES
from services.console.rules.regions import read_regions

pages = APIRouter(include_in_schema=False)

Field = Annotated[Text, Form(max_length=400)]
CHOICES = sorted(ROLES - NOT_FOR_PEOPLE)
ACCOUNTS = "/console/v1/accounts"


class Typed(NamedTuple):
    """What was filled in for a new account, kept when something of it was refused."""

    login: str = ""
    role: str = "officer"
    regions: str = ""
    organisation: str = ""


@pages.get("/accounts")
async def list_accounts(
    visitor: Annotated[Visitor, visits("console.account.list")], role: Filter = "", closed: Filter = ""
) -> Response:
    answer = await visitor.ask_list(ACCOUNTS, role=role, closed=closed)
    return await visitor.show_list("accounts.html", answer, role=role, closed=closed, roles=CHOICES, typed=Typed())


@pages.post("/accounts")
async def create_account(
    visitor: Annotated[Visitor, visits("console.account.create")],
    login: Field,
    role: Field,
    regions: Field = "",
    organisation: Field = "",
) -> Response:
    """The account and, on this one page, its initial password; or the list with what was wrong."""
    body = {
        "login": login,
        "role": role,
        "regions": read_regions(regions, visitor.context.node.code) or list(visitor.account.regions),
        "organisation": organisation,
    }
    made = await visitor.send("POST", ACCOUNTS, body)
    if made.ok:
        return visitor.show("initial_password.html", made, login=login)
    listed = await visitor.ask(ACCOUNTS, limit=ROWS)
    typed = Typed(login, role, regions, organisation)
    return await visitor.show_list("accounts.html", listed, made, role="", closed="", roles=CHOICES, typed=typed)


@pages.get("/accounts/{login}")
async def show_account(visitor: Annotated[Visitor, visits("console.account.show")], login: Named) -> Response:
    return await _account_page(visitor, login)


@pages.post("/accounts/{login}")
async def change_rights(
    visitor: Annotated[Visitor, visits("console.account.change")],
    login: Named,
    version: Field,
    role: Field,
    regions: Field = "",
    organisation: Field = "",
) -> Response:
    body = {"role": role, "regions": read_regions(regions, visitor.context.node.code), "organisation": organisation}
    return await _done(visitor, login, await visitor.send("PATCH", _of(login), body, version=version))


@pages.post("/accounts/{login}/close")
async def close_account(
    visitor: Annotated[Visitor, visits("console.account.close")], login: Named, reason: Field = ""
) -> Response:
    return await _done(visitor, login, await visitor.send("POST", f"{_of(login)}/close", {"reason": reason}))


@pages.post("/accounts/{login}/reopen")
async def reopen_account(
    visitor: Annotated[Visitor, visits("console.account.reopen")], login: Named, reason: Field = ""
) -> Response:
    return await _done(visitor, login, await visitor.send("POST", f"{_of(login)}/reopen", {"reason": reason}))


@pages.post("/accounts/{login}/password")
async def reset_password(
    visitor: Annotated[Visitor, visits("console.account.reset_password")], login: Named
) -> Response:
    answer = await visitor.send("POST", f"{_of(login)}/password")
    return (
        visitor.show("initial_password.html", answer, login=login) if answer.ok else await _done(visitor, login, answer)
    )


@pages.post("/accounts/{login}/second-factor")
async def reset_second_factor(
    visitor: Annotated[Visitor, visits("console.account.reset_second_factor")], login: Named
) -> Response:
    return await _done(visitor, login, await visitor.send("DELETE", f"{_of(login)}/second-factor"))


@pages.post("/accounts/{login}/sessions")
async def end_sessions(visitor: Annotated[Visitor, visits("console.account.end_sessions")], login: Named) -> Response:
    return await _done(visitor, login, await visitor.send("DELETE", f"{_of(login)}/sessions"))


@pages.post("/accounts/{login}/sessions/{session}")
async def end_session(
    visitor: Annotated[Visitor, visits("console.account.end_sessions")], login: Named, session: UUID
) -> Response:
    return await _done(visitor, login, await visitor.send("DELETE", f"{_of(login)}/sessions/{session}"))


async def _done(visitor: Visitor, login: str, answer: Answer) -> Response:
    """Back to the account; or the account with what was refused."""
    if answer.ok:
        return RedirectResponse(f"/accounts/{quote(login, safe='')}", status_code=303)
    return await _account_page(visitor, login, answer)


async def _account_page(visitor: Visitor, login: str, refused: Answer | None = None) -> Response:
    found = await visitor.ask(_of(login))
    paths = {
        "sessions": f"{_of(login)}/sessions",
        "changes": f"/console/v1/account-changes?login={quote(login, safe='')}",
    }
    more = await visitor.neighbours.ask_all(paths, visitor.token) if found.ok else {}
    own = login == visitor.account.login
    return visitor.show("account.html", found, refused, login=login, roles=CHOICES, own=own, **more)


def _of(login: str) -> str:
    return f"{ACCOUNTS}/{quote(login, safe='')}"
