"""Moving between households (迁户、分户、并户): the household is chosen by village and head, and who is who in it beside each name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.datastructures import FormData

from libs.common.codes.lists import register_list
from libs.common.values import Text
from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.pages import go_to
from services.console.routes.people_named import PEOPLE
from services.console.routes.session import Filter, Visitor, visits

pages = APIRouter(include_in_schema=False)

HOUSEHOLDS = "/registry/v1/households"
PLACES = "/registry/v1/places"
# A village has fewer; whose household is not among them narrows the village.
_SHOWN = "200"
Typed = Annotated[Text, Form(max_length=400)]


@dataclass(frozen=True)
class Choice:
    """Where households were looked for, those that were found, the places that there are; `cut`: not all are listed."""

    near: Mapping[str, str]
    homes: Sequence[Mapping[str, object]]
    places: Answer
    cut: bool


async def where(township: Filter = "", village: Filter = "", other: Filter = "") -> dict[str, str]:
    """In which village a household is looked for, and which one was chosen."""
    return {"township": township, "village": village, "other": other}


Where = Annotated[Mapping[str, str], Depends(where)]


@pages.get("/people/{person}/move")
async def open_move(
    visitor: Annotated[Visitor, visits("registry.labourer.move")], person: UUID, asked: Where
) -> Response:
    return await _move_page(visitor, person, asked)


@pages.post("/people/{person}/move")
async def move_person(
    visitor: Annotated[Visitor, visits("registry.labourer.move")],
    person: UUID,
    asked: Where,
    household: Typed = "",
    kinship: Typed = "",
    on: Typed = "",
    reason: Typed = "",
) -> Response:
    body = _said(household=household, kinship=kinship, on=on, reason=reason)
    done = await visitor.send("POST", f"{PEOPLE}/{person}/moves", body)
    if done.ok:
        return go_to(f"/people/{person}", said=N_("已迁户，乡镇和村随户。"))
    return await _move_page(visitor, person, asked, done)


@pages.get("/households/{household}/split")
async def open_split(visitor: Annotated[Visitor, visits("registry.household.split")], household: UUID) -> Response:
    answer = await visitor.ask(f"{HOUSEHOLDS}/{household}")
    return visitor.show("household_split.html", answer, kinships=_kinships(), posted=FormData())


@pages.post("/households/{household}/split")
async def split_household(
    request: Request, visitor: Annotated[Visitor, visits("registry.household.split")], household: UUID
) -> Response:
    posted = await request.form()
    members = [_mover(posted, str(each)) for each in posted.getlist("member")]
    said = _said(**{name: str(posted.get(name, "")) for name in ("number", "on", "reason")})
    done = await visitor.send("POST", f"{HOUSEHOLDS}/{household}/splits", {**said, "members": members})
    if done.ok:
        return go_to(f"/households/{done.data['id']}", said=N_("已分户，这是新立的户。"))
    answer = await visitor.ask(f"{HOUSEHOLDS}/{household}")
    return visitor.show("household_split.html", answer, done, kinships=_kinships(), posted=posted)


@pages.get("/households/{household}/join")
async def open_join(
    visitor: Annotated[Visitor, visits("registry.household.join")], household: UUID, asked: Where
) -> Response:
    return await _join_page(visitor, household, asked)


@pages.post("/households/{household}/join")
async def join_household(
    request: Request, visitor: Annotated[Visitor, visits("registry.household.join")], household: UUID, asked: Where
) -> Response:
    posted = await request.form()
    kinships = [_mover(posted, name.removeprefix("kinship.")) for name in posted if name.startswith("kinship.")]
    said = _said(household=asked["other"], **{name: str(posted.get(name, "")) for name in ("on", "reason")})
    others = [each for each in kinships if "kinship" in each]
    done = await visitor.send("POST", f"{HOUSEHOLDS}/{household}/joins", {**said, "kinships": others})
    if done.ok:
        return go_to(f"/households/{household}", said=N_("已并户，原来的户保留在记录里。"))
    return await _join_page(visitor, household, asked, done)


async def _move_page(
    visitor: Visitor, person: UUID, asked: Mapping[str, str], refused: Answer | None = None
) -> Response:
    answer = await visitor.ask(f"{PEOPLE}/{person}")
    home = answer.data["household"] if answer.ok else None
    choice = await _choose(visitor, answer, asked, but=home)
    return visitor.show("person_move.html", answer, refused, kinships=_kinships(), choice=choice)


async def _join_page(
    visitor: Visitor, household: UUID, asked: Mapping[str, str], refused: Answer | None = None
) -> Response:
    """First which other household, then who its members are in this one."""
    answer = await visitor.ask(f"{HOUSEHOLDS}/{household}")
    other = await visitor.ask(f"{HOUSEHOLDS}/{asked['other']}") if asked["other"] else None
    choice = await _choose(visitor, answer, asked, but=str(household))
    return visitor.show("household_join.html", answer, refused, kinships=_kinships(), other=other, choice=choice)


async def _choose(visitor: Visitor, answer: Answer, asked: Mapping[str, str], *, but: str | None) -> Choice:
    """Among the households of a village, the own one's at first."""
    here = answer.data if answer.ok else {}
    near = {name: asked[name] or here.get(name) or "" for name in ("township", "village")}
    if asked["township"] and not asked["village"]:
        near["village"] = ""
    listed, places = await asyncio.gather(visitor.ask(HOUSEHOLDS, **near, limit=_SHOWN), visitor.ask(PLACES))
    homes = [each for each in listed.items if each["id"] != but]
    return Choice(near, homes, places, cut=listed.next is not None)


def _kinships() -> tuple[str, ...]:
    return tuple(register_list("kinship"))


def _mover(posted: FormData, person: str) -> Mapping[str, str]:
    return _said(person=person, kinship=str(posted.get(f"kinship.{person}", "")))


def _said(**given: str) -> dict[str, str]:
    """What was filled in."""
    return {name: value.strip() for name, value in given.items() if value.strip()}
