"""Somebody newly found (新增人员), the number first: whether it is sound and who is on record, before anything else is filled in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response

from libs.common.values import Text
from services.console.clients import Answer
from services.console.routes.forms.registry import NEW
from services.console.routes.forms.showing import show_form
from services.console.routes.session import Filter, Visitor, visits

pages = APIRouter(include_in_schema=False)

Typed = Annotated[Text, Form(max_length=60)]


@pages.get("/people/enter")
async def ask_number(
    visitor: Annotated[Visitor, visits("registry.labourer.enter")], household: Filter = ""
) -> Response:
    return visitor.show("enter.html", household=household, number="", named="", checked=None)


@pages.post("/people/enter")
async def check_number(
    visitor: Annotated[Visitor, visits("registry.labourer.enter")],
    number: Typed = "",
    named: Typed = "",
    household: Typed = "",
) -> Response:
    """On to the whole card when the number is sound and nobody's; else what is wrong with it, or who is on record."""
    checked = await visitor.send("POST", "/registry/v1/labourers/checks", {"number": number, "name": named})
    if checked.ok and checked.data["valid"] and not checked.data["known"] and not checked.data["candidates"]:
        return await _show_card(visitor, number=number, name=named, household=household)
    return visitor.show(
        "enter.html",
        None,
        None if checked.ok else checked,
        household=household,
        number=number,
        named=named,
        checked=checked.data if checked.ok else None,
    )


@pages.post("/people/enter/on")
async def go_on(
    visitor: Annotated[Visitor, visits("registry.labourer.enter")],
    number: Typed = "",
    named: Typed = "",
    household: Typed = "",
) -> Response:
    """The whole card, after somebody has looked at those who are alike and said that this is another person."""
    return await _show_card(visitor, number=number, name=named, household=household, confirmed="true")


async def _show_card(visitor: Visitor, **known: str) -> Response:
    """With what is known already; nothing of it stands in an address."""
    filled = {name: [text] for name, text in known.items()}
    return await show_form(visitor, NEW, {}, filled, source=Answer(200, {}), address="/people/new")
