"""Pages for paper (纸质台账): the card of a person, the register of a village, the index of the townships; masked as the lists are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Response

from libs.common.values import Text
from services.console.clients import Answer
from services.console.rendering.qr import qr
from services.console.routes.pages import go_to
from services.console.routes.people_named import PEOPLE, household_of
from services.console.routes.session import Filter, Visitor, visits
from services.console.rules.register import in_order

pages = APIRouter(include_in_schema=False)

Why = Annotated[Text, Form(max_length=400)]

INDEX = "/people/townships"
_PAGE_ROWS, _MOST_PAGES = "200", 40
_INTRODUCED = "5"


@pages.get("/people/{person}/card")
async def print_card(visitor: Annotated[Visitor, visits("registry.labourer.show")], person: UUID) -> Response:
    return await _card(visitor, person)


@pages.post("/people/{person}/card")
async def print_plain_card(
    visitor: Annotated[Visitor, visits("registry.labourer.reveal")],
    person: UUID,
    purpose: Why = "",
    reference: Why = "",
) -> Response:
    """The card for the cabinet, in plain: for a purpose and on the person's trail, as every name is told; the household stays masked."""
    why = {"purpose": purpose, "reference": reference}
    told = await visitor.send("POST", f"{PEOPLE}/{person}/reveal", why)
    return await _card(visitor, person, told, why) if told.ok else await _card(visitor, person, refused=told)


async def _card(
    visitor: Visitor,
    person: UUID,
    told: Answer | None = None,
    why: Mapping[str, str] | None = None,
    *,
    refused: Answer | None = None,
) -> Response:
    """一人一卡: facts, household, wish and work, with the address of the person's page as a QR code and nobody's data in it."""
    answer = await visitor.ask(f"{PEOPLE}/{person}")
    household = await household_of(visitor, answer)
    introductions = await visitor.ask_if(
        "matching.introduction.list", "/matching/v1/introductions", person=str(person), limit=_INTRODUCED
    )
    address = f"{visitor.context.settings.gateway.rstrip('/')}/people/{person}"
    return visitor.show(
        "print_card.html",
        answer,
        refused,
        plain=told.data if told else None,
        why=why,
        back=f"/people/{person}",
        printed_at=_now(visitor),
        household=household,
        introductions=introductions,
        picture=qr(address, scale=3),
    )


@pages.get("/people/register")
async def print_register(
    visitor: Annotated[Visitor, visits("registry.labourer.list")], township: Filter = "", village: Filter = ""
) -> Response:
    """一村一册: everybody of a village, or of a township village by village, in the order of the households."""
    if not township:
        return go_to(INDEX)
    day = str(visitor.context.node.today())
    asked = {"township": township, "village": village}
    answer, rows = await _everybody(visitor, {**asked, "as_of": day, "sort": "place"})
    villages, cut = in_order(rows), answer.next is not None
    return visitor.show(
        "print_register.html", answer, back=INDEX, printed_at=_now(visitor), villages=villages, cut=cut, as_of=day
    )


@pages.get(INDEX)
async def print_townships(visitor: Annotated[Visitor, visits("registry.village.list")]) -> Response:
    """一乡一柜: the villages of each township in figures, with their sums and those of the county."""
    day = str(visitor.context.node.today())
    answer = await visitor.ask("/registry/v1/villages", as_of=day)
    townships = answer.data["townships"] if answer.ok else []
    return visitor.show(
        "print_townships.html", answer, back="/people", printed_at=_now(visitor), townships=townships, as_of=day
    )


async def _everybody(visitor: Visitor, asked: Mapping[str, str]) -> tuple[Answer, list[Any]]:
    """All pages of a list, as far as paper goes, and the last answer."""
    rows: list[Any] = []
    answer = await visitor.ask(PEOPLE, **asked, limit=_PAGE_ROWS)
    for _ in range(_MOST_PAGES):
        rows += answer.items
        if answer.next is None:
            break
        answer = await visitor.ask(PEOPLE, **asked, limit=_PAGE_ROWS, after=answer.next)
    return answer, rows


def _now(visitor: Visitor) -> str:
    return visitor.context.node.clock.now().isoformat()
