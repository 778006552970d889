"""Somebody newly found (新增人员), the number first: whether it is sound and who is on record, before anything else is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Response

from libs.common.values import Text
from services.console.clients import Answer
from services.console.routes.forms.registry import NEW
from services.console.routes.forms.showing import show_form
from services.console.routes.people_named import PEOPLE
from services.console.routes.session import Filter, Visitor, visits

pages = APIRouter(include_in_schema=False)

Typed = Annotated[Text, Form(max_length=60)]
# More than anybody looks through for one household.
_SHOWN = 50


@dataclass(frozen=True)
class Entering:
    """What is typed before the card: the number, the name, and whose household it is, until one is chosen."""

    number: Typed = ""
    named: Typed = ""
    whose: Typed = ""
    household: Typed = ""
    home: Typed = ""


Asked = Annotated[Entering, Depends()]


@pages.get("/people/enter")
async def ask_number(
    visitor: Annotated[Visitor, visits("registry.labourer.enter")], household: Filter = ""
) -> Response:
    return visitor.show("enter.html", typed=asdict(Entering(household=household)), checked=None, homes=None)


@pages.post("/people/enter")
async def check_number(visitor: Annotated[Visitor, visits("registry.labourer.enter")], typed: Asked) -> Response:
    """On to the whole card when the number is sound and nobody's and the household is clear; else what is not."""
    checked = await visitor.send("POST", f"{PEOPLE}/checks", {"number": typed.number, "name": typed.named})
    if not (checked.ok and checked.data["valid"]) or checked.data["known"]:
        return _ask_again(visitor, typed, checked)
    if found := await _search_home(visitor, typed):
        homes = homes_of(found.items) if found.ok else []
        if len(homes) != 1:
            return _ask_again(visitor, typed, checked, found)
        typed = Entering(typed.number, typed.named, "", *homes[0])
    if checked.data["candidates"]:
        return _ask_again(visitor, typed, checked)
    return await _show_card(visitor, typed, checked)


@pages.post("/people/enter/on")
async def go_on(visitor: Annotated[Visitor, visits("registry.labourer.enter")], typed: Asked) -> Response:
    """The whole card, after somebody has looked at those who are alike and said that this is another person."""
    checked = await visitor.send("POST", f"{PEOPLE}/checks", {"number": typed.number})
    return await _show_card(visitor, typed, checked, confirmed="true")


def homes_of(people: list[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The households of those who were found, each with the first of them and the village."""
    named = {row["household"]: f"{row['name']} · {row['township']} {row['village']}" for row in reversed(people)}
    return [(str(home), said) for home, said in reversed(named.items())]


async def _search_home(visitor: Visitor, typed: Entering) -> Answer | None:
    """Who is found by what was typed of the household; None where one is chosen or none was asked for."""
    if typed.household or not typed.whose:
        return None
    return await visitor.send("POST", f"{PEOPLE}/searches", {"q": typed.whose, "limit": _SHOWN})


def _ask_again(visitor: Visitor, typed: Entering, checked: Answer, found: Answer | None = None) -> Response:
    refused = next((one for one in (checked, found) if one and not one.ok), None)
    return visitor.show(
        "enter.html",
        None,
        refused,
        typed=asdict(typed),
        checked=checked.data if checked.ok else None,
        homes=homes_of(found.items) if found and found.ok else None,
    )


async def _show_card(visitor: Visitor, typed: Entering, checked: Answer, **known: str) -> Response:
    """With what is known already; nothing of it stands in an address."""
    told = {name: str(checked.data[name] or "") for name in ("birth_date", "sex")} if checked.ok else {}
    card = {"number": typed.number, "name": typed.named, "household": typed.household, "home": typed.home}
    filled = {name: [text] for name, text in (card | told | known).items() if text}
    return await show_form(visitor, NEW, {}, filled, source=Answer(200, {}), address="/people/new")
