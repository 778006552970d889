"""The people of the register (劳动力名单), masked by registry; who may see more asks registry, not a page of ours."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.console.routes.asking import Filter, Visitor, visits
from services.console.routes.paper import ROWS

pages = APIRouter(include_in_schema=False)



@pages.get("/people")
async def list_people(visitor: Annotated[Visitor, visits("registry.labourer.list")], township: Filter = "", labourer: Filter = "", employed: Filter = "", after: Filter = "") -> Response:
    today = str(visitor.office.home.today())
    answer = await visitor.ask(
        "/registry/v1/labourers", township=township, labourer=labourer, employed=employed, as_of=today, after=after, limit=ROWS
    )  # fmt: skip
    return visitor.show("people.html", answer, township=township, labourer=labourer, employed=employed, as_of=today)


@pages.get("/people/{person}")
async def show_person(visitor: Annotated[Visitor, visits("registry.labourer.show")], person: UUID) -> Response:
    """One person as the register shows them to this role, with the introductions where the role may see those."""
    answer = await visitor.ask(f"/registry/v1/labourers/{person}")
    introductions = await visitor.ask("/matching/v1/introductions", person=str(person), limit=ROWS)
    return visitor.show("person.html", answer, introductions=introductions)
