"""Introductions (介绍上岗): where each one stands and why, and why somebody did not get another vacancy."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.console.routes.offering import offered_steps
from services.console.routes.people_named import names_of
from services.console.routes.session import Filter, Visitor, visits
from services.console.rules.listings import Step

pages = APIRouter(include_in_schema=False)

_PAGE = "/introductions/{introduction}"
# Who takes which step from where: the county speaks with the person, the city with the employer.
STEPS = (
    Step(f"{_PAGE}/offer", "state", ("held",), "county"),
    Step(f"{_PAGE}/agree", "state", ("offered",), "county"),
    Step(f"{_PAGE}/decline", "state", ("held", "offered"), "county"),
    Step(f"{_PAGE}/withdraw-consent", "state", ("agreed", "introduced"), "county"),
    Step(f"{_PAGE}/hire", "state", ("introduced",), "city"),
    Step(f"{_PAGE}/reject", "state", ("introduced",), "city"),
    Step("/spells/new", "state", ("hired",), "city", (("introduction", "introduction"),)),
    Step("/services/new", "", (), "county", (("introduction", "introduction"),)),
)


@pages.get("/introductions")
async def list_introductions(
    visitor: Annotated[Visitor, visits("matching.introduction.list")],
    state: Filter = "",
    city: Filter = "",
    run: Filter = "",
) -> Response:
    answer = await visitor.ask_list("/matching/v1/introductions", state=state, city=city, run=run)
    people = await names_of(visitor, answer.items)
    return await visitor.show_list(
        "introductions.html", answer, state=state, city=city, run=run, people=people, cities=visitor.cities
    )


@pages.get("/introductions/{introduction}")
async def show_introduction(
    visitor: Annotated[Visitor, visits("matching.introduction.show")], introduction: UUID
) -> Response:
    answer = await visitor.ask(f"/matching/v1/introductions/{introduction}")
    row = {**(answer.data if answer.ok else {}), "introduction": introduction}
    people = await names_of(visitor, [row])
    offered = offered_steps(visitor.frame, STEPS, row) if answer.ok else []
    return visitor.show("introduction.html", answer, people=people, offered=offered)


@pages.get("/explanations/{person}/{vacancy}")
async def explain(
    visitor: Annotated[Visitor, visits("matching.explanation.show")], person: UUID, vacancy: UUID, run: Filter = ""
) -> Response:
    """为什么是(不是)这个岗位: the rule, the cutoff or the lottery, with every number used."""
    answer = await visitor.ask(f"/matching/v1/people/{person}/explanations/{vacancy}", run=run)
    return visitor.show("explanation.html", answer)
