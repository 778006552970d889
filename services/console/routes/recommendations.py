"""Recommendations (推荐): the best vacancies for a person and the best people for a vacancy, each with its reasons."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.console.clients import Answer
from services.console.routes.session import Filter, Visitor, visits

pages = APIRouter(include_in_schema=False)


@pages.get("/recommendations/people/{person}")
async def recommend_vacancies(
    visitor: Annotated[Visitor, visits("matching.recommendation.person")], person: UUID, about: Filter = ""
) -> Response:
    answer = await visitor.ask(f"/matching/v1/recommendations/people/{person}", about=about)
    return visitor.show("recommended_vacancies.html", answer, person=person, about=about)


@pages.get("/recommendations/vacancies/{vacancy}")
async def recommend_people(
    visitor: Annotated[Visitor, visits("matching.recommendation.vacancy")], vacancy: UUID, about: Filter = ""
) -> Response:
    """Matching knows ids alone; registry says the names as this person may see them. Whose cards came has no name here."""
    path = f"/matching/v1/recommendations/vacancies/{vacancy}"
    answer, cards = await asyncio.gather(visitor.ask(path, about=about), _cards(visitor, path))
    paths = {item["person"]: f"/registry/v1/labourers/{item['person']}" for item in answer.items}
    known = await visitor.neighbours.ask_all(paths, visitor.token)
    names = {person: said.data["name"] for person, said in known.items() if said.ok}
    page = visitor.show("recommended_people.html", answer, vacancy=vacancy, about=about, names=names, cards=cards)
    # Of a vacancy that is filled or withdrawn, and so on no list any more, there are still the cards to show.
    page.status_code = 200 if cards and cards.ok and answer.status == 404 else page.status_code
    return page


async def _cards(visitor: Visitor, path: str) -> Answer | None:
    """None where there are none to show: another node's vacancy (409), one that nobody knows, or somebody who takes no part in runs."""
    cards = await visitor.ask(f"{path}/cards") if visitor.frame.may("matching.card.list") else None
    return None if cards is None or cards.status in (404, 409) else cards
