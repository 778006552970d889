"""Names of people (显示姓名): asked for on a page with a purpose and a reference, told on that one page, and on record for the person."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from libs.common.values import Text
from services.console.clients import Answer
from services.console.routes.people import person_page
from services.console.routes.session import Visitor, visits

pages = APIRouter(include_in_schema=False)

Field = Annotated[Text, Form(max_length=400)]
REVEALS = "/registry/v1/reveals"


@pages.post("/people/{person}/reveal")
async def reveal_person(
    visitor: Annotated[Visitor, visits("registry.labourer.reveal")],
    person: UUID,
    purpose: Field = "",
    reference: Field = "",
    introduction: Annotated[UUID | None, Form()] = None,
) -> Response:
    """One person in plain, for this one answer; what was refused stands on the person's page. Back to where it was asked for."""
    back = f"/introductions/{introduction}" if introduction else f"/people/{person}"
    told = await visitor.send(
        "POST", f"/registry/v1/labourers/{person}/reveal", {"purpose": purpose, "reference": reference}
    )
    return (
        visitor.show("revealed.html", told, people=[told.data], mark=None, back=back)
        if told.ok
        else await person_page(visitor, person, told)
    )


@pages.get("/reveals")
async def list_reveals(visitor: Annotated[Visitor, visits("registry.reveal.list")]) -> Response:
    return await _list_page(visitor)


@pages.post("/reveals")
async def request_reveals(
    visitor: Annotated[Visitor, visits("registry.reveal.request")],
    purpose: Field = "",
    reference: Field = "",
    township: Field = "",
    labourer: Field = "",
) -> Response:
    """Everybody of a township, or with a verdict: settled now, told when a second officer has approved."""
    body = {
        "purpose": purpose,
        "reference": reference,
        "township": township or None,
        "labourer": {"true": True, "false": False}.get(labourer),
    }
    made = await visitor.send("POST", REVEALS, {name: value for name, value in body.items() if value is not None})
    return (
        RedirectResponse(f"/reveals/{made.data['id']}", status_code=303) if made.ok else await _list_page(visitor, made)
    )


@pages.get("/reveals/{number}")
async def show_reveals(visitor: Annotated[Visitor, visits("registry.reveal.show")], number: UUID) -> Response:
    return await _one_page(visitor, number)


@pages.post("/reveals/{number}/approve")
async def approve_reveals(
    visitor: Annotated[Visitor, visits("registry.reveal.approve")], number: UUID, version: Field = ""
) -> Response:
    """By a second officer, on the version that was read."""
    done = await visitor.send("POST", f"{REVEALS}/{number}/approve", version=version)
    return (
        RedirectResponse(f"/reveals/{number}", status_code=303) if done.ok else await _one_page(visitor, number, done)
    )


@pages.post("/reveals/{number}/collect")
async def collect_reveals(visitor: Annotated[Visitor, visits("registry.reveal.collect")], number: UUID) -> Response:
    """The names, once, with the mark of this export."""
    told = await visitor.send("POST", f"{REVEALS}/{number}/collect")
    if not told.ok:
        return await _one_page(visitor, number, told)
    return visitor.show("revealed.html", told, people=told.items, mark=told.data["mark"], back=f"/reveals/{number}")


async def _list_page(visitor: Visitor, refused: Answer | None = None) -> Response:
    answer = await visitor.ask_list(REVEALS)
    return visitor.show("reveals.html", answer, refused)


async def _one_page(visitor: Visitor, number: UUID, refused: Answer | None = None) -> Response:
    return visitor.show("reveal.html", await visitor.ask(f"{REVEALS}/{number}"), refused)
