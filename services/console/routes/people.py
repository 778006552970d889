"""The people of the register (劳动力名单), masked by registry; for a name, a page asks registry with a purpose (`reveals`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.console.clients import Answer
from services.console.rendering.codes import codes
from services.console.routes.pages import ROWS
from services.console.routes.session import Filter, Visitor, visits

pages = APIRouter(include_in_schema=False)


@pages.get("/people")
async def list_people(
    visitor: Annotated[Visitor, visits("registry.labourer.list")],
    township: Filter = "",
    labourer: Filter = "",
    employed: Filter = "",
    after: Filter = "",
) -> Response:
    today = str(visitor.context.node.today())
    answer = await visitor.ask(
        "/registry/v1/labourers",
        township=township,
        labourer=labourer,
        employed=employed,
        as_of=today,
        after=after,
        limit=ROWS,
    )
    return visitor.show("people.html", answer, township=township, labourer=labourer, employed=employed, as_of=today)


@pages.get("/people/{person}")
async def show_person(visitor: Annotated[Visitor, visits("registry.labourer.show")], person: UUID) -> Response:
    return await person_page(visitor, person)


async def person_page(visitor: Visitor, person: UUID, refused: Answer | None = None) -> Response:
    """One person as the register shows them to this role, with the introductions and who has looked, where the role may see those."""
    here = f"/registry/v1/labourers/{person}"
    answer = await visitor.ask(here)
    introductions = await visitor.ask("/matching/v1/introductions", person=str(person), limit=ROWS)
    accesses = (
        await visitor.ask(f"{here}/accesses", limit=ROWS) if visitor.frame.may("registry.labourer.accesses") else None
    )
    purposes = list(codes()["purpose"])
    return visitor.show(
        "person.html", answer, refused, introductions=introductions, accesses=accesses, purposes=purposes
    )
