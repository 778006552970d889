"""Vacancies (岗位): this node's own list; and the two lists (两张清单), what all partners offer and what people seek."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from libs.common.codes.occupations import groups
from services.console.routes.offering import offered_steps
from services.console.routes.session import Filter, Visitor, visits
from services.console.rules.listings import Step

pages = APIRouter(include_in_schema=False)

_PAGE = "/vacancies/{vacancy}"
STEPS = (
    Step(f"{_PAGE}/vet", "state", ("pending", "refused")),
    Step(f"{_PAGE}/change", "state", ("pending", "refused", "vetted")),
    Step(f"{_PAGE}/renew", "state", ("vetted",)),
    Step(f"{_PAGE}/withdraw", "state", ("pending", "vetted")),
    Step(f"{_PAGE}/misjudged", "state", ("vetted", "refused")),
)
BESIDE = (Step("/vacancies/new", level="city"),)


@pages.get("/vacancies")
async def list_vacancies(
    visitor: Annotated[Visitor, visits("jobs.vacancy.list")],
    state: Filter = "",
    occupation: Filter = "",
    paused: Filter = "",
    expiring: Filter = "",
) -> Response:
    """Vacancies that employers have given to this node, with what vetting said."""
    asked = {"state": state, "occupation": occupation, "paused": paused, "expiring": expiring}
    answer = await visitor.ask_list("/jobs/v1/vacancies", **asked)
    offered = offered_steps(visitor.frame, BESIDE, {})
    return await visitor.show_list("vacancies.html", answer, asked=asked, occupations=list(groups()), offered=offered)


@pages.get("/vacancies/{vacancy}")
async def show_vacancy(visitor: Annotated[Visitor, visits("jobs.vacancy.show")], vacancy: UUID) -> Response:
    answer = await visitor.ask(f"/jobs/v1/vacancies/{vacancy}")
    row = {**(answer.data if answer.ok else {}), "vacancy": vacancy}
    offered = offered_steps(visitor.frame, STEPS, row) if answer.ok else []
    return visitor.show("vacancy.html", answer, offered=offered)


@pages.get("/supply")
async def list_supply(visitor: Annotated[Visitor, visits("matching.supply.list")], city: Filter = "") -> Response:
    """岗位清单: what all nodes offer together, as this node has heard it."""
    answer = await visitor.ask_list("/matching/v1/supply", city=city)
    return await visitor.show_list("supply.html", answer, city=city, cities=visitor.cities)


@pages.get("/demand")
async def list_demand(visitor: Annotated[Visitor, visits("matching.demand.list")]) -> Response:
    """求职清单: what the counties' people seek, as counts."""
    return visitor.show("demand.html", await visitor.ask("/matching/v1/demand"))
