"""What is known of me (我的信息): masked until I ask to see it, my offers, and everybody who has looked."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response

from libs.common.values import Text
from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.pages import ROWS, go_to
from services.console.routes.people_named import PEOPLE
from services.console.routes.session import Visitor, visits

pages = APIRouter(include_in_schema=False)

HELP = "/retention/v1/help-requests"

# From here on the person has been told of the place.
TOLD = ("offered", "agreed", "introduced", "hired", "started", "ended", "declined", "rejected")


@pages.get("/my")
async def show_my_page(visitor: Annotated[Visitor, visits("console.my.show")]) -> Response:
    return await my_page(visitor)


@pages.post("/my/own")
async def show_in_plain(visitor: Annotated[Visitor, visits("registry.labourer.own")]) -> Response:
    """In plain on this one answer: a phone is lent, and what a page shows by itself everybody sees who holds it."""
    told = await visitor.send("POST", f"{PEOPLE}/{visitor.me}/own")
    return await my_page(visitor, plain=told) if told.ok else await my_page(visitor, refused=told)


@pages.get("/my/accesses")
async def show_my_accesses(visitor: Annotated[Visitor, visits("registry.labourer.accesses")]) -> Response:
    return await visitor.show_list("my_accesses.html", await visitor.ask_list(f"{PEOPLE}/{visitor.me}/accesses"))


@pages.get("/my/help/{request}")
async def show_my_request(visitor: Annotated[Visitor, visits("retention.help.show")], request: UUID) -> Response:
    return visitor.show("my_help.html", await visitor.ask(f"{HELP}/{request}"))


@pages.post("/my/help/{request}/close")
async def close_my_request(
    visitor: Annotated[Visitor, visits("retention.help.close")],
    request: UUID,
    version: Annotated[Text, Form(max_length=100)] = "",
) -> Response:
    done = await visitor.send("POST", f"{HELP}/{request}/close", version=version)
    if done.ok:
        return go_to("/my", said=N_("已办结。"))
    return visitor.show("my_help.html", await visitor.ask(f"{HELP}/{request}"), done)


async def my_page(visitor: Visitor, *, plain: Answer | None = None, refused: Answer | None = None) -> Response:
    here = f"{PEOPLE}/{visitor.me}"
    answer, introductions, requests, help_asked = await asyncio.gather(
        visitor.ask(here),
        visitor.ask("/matching/v1/introductions", person=visitor.me, limit=ROWS),
        visitor.ask(f"{here}/correction-requests", limit=ROWS),
        visitor.ask(HELP, limit=ROWS),
    )
    told = [each for each in introductions.items if each["state"] in TOLD]
    return visitor.show(
        "my.html",
        answer,
        refused,
        plain=plain,
        introductions=introductions,
        told=told,
        requests=requests,
        help_asked=help_asked,
    )
