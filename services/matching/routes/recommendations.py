"""Recommendations over HTTP: what for this person, whom for this vacancy; answered from memory, without the database.

Only a city's cards are read from what it keeps of the run that brought them.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from libs.common.api import Reading, allow
from libs.common.identity import Caller
from libs.common.service import ServiceContext
from libs.common.values import Asked, Count
from services.matching.operations.recommendations import RecommendationCache, RecommendationIndex
from services.matching.operations.runs import cards
from services.matching.schemas.cards import CardsForVacancy
from services.matching.schemas.recommendations import (
    PeopleForVacancy,
    VacanciesForPerson,
    people_as_json,
    vacancies_as_json,
)

router = APIRouter(prefix="/matching/v1/recommendations", tags=["推荐 recommendations"])
Most = Annotated[Asked[Count], Query(ge=1, le=20, description="How many at most")]


async def open_book(request: Request) -> RecommendationIndex:
    """What this process knows; read now where nobody has asked lately."""
    context: ServiceContext = request.app.state.context
    memory: RecommendationCache = context.cache
    if memory.lies_behind:
        await memory.follow(context.database.reading)
    return await memory.opened()


@router.get("/people/{person}", summary="岗位推荐 Vacancies for a person", response_model=VacanciesForPerson)
async def recommend_vacancies(
    request: Request,
    caller: Annotated[Caller, allow("matching.recommendation.person")],
    person: UUID,
    limit: Most = 20,
    about: Annotated[UUID | None, Query(description="Also say why this vacancy is for the person or not")] = None,
) -> Response:
    """At the person's county: the best of all vacancies on the supply list, first those that the last cutoffs leave within reach."""
    book = await open_book(request)
    book.check(person, caller.reach)

    def write() -> bytes:
        return vacancies_as_json(
            book, person, book.vacancies_for(person, limit), book.advise(person, about) if about else None
        )

    return Response(book.tell(("people", person, limit, about), write), media_type="application/json")


@router.get(
    "/vacancies/{vacancy}", summary="人员推荐 This county's people for a vacancy", response_model=PeopleForVacancy
)
async def recommend_people(
    request: Request,
    caller: Annotated[Caller, allow("matching.recommendation.vacancy")],
    vacancy: UUID,
    limit: Most = 20,
    about: Annotated[UUID | None, Query(description="Also say why this person is for the vacancy or not")] = None,
) -> Response:
    """The best of this node's own people whom the hard rules admit and who would go there; a cadre sees those of the own township."""
    book = await open_book(request)
    townships = caller.reach.whose if caller.reach.kind == "townships" else ()
    if about:
        book.check(about, caller.reach)

    def write() -> bytes:
        pairs = book.people_for(vacancy, limit, townships)
        return people_as_json(book, vacancy, pairs, book.advise(about, vacancy) if about else None)

    return Response(book.tell(("vacancies", vacancy, limit, about, townships), write), media_type="application/json")


@router.get("/vacancies/{vacancy}/cards", summary="求职卡 Other counties' people for a vacancy of this city")
async def show_cards(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.card.list")],
    vacancy: UUID,
    limit: Most = 20,
    run: Annotated[UUID | None, Query(description="By default the newest that offered it")] = None,
) -> CardsForVacancy:
    """At the city that offers it: the best cards that reached it in the last pass of a run, by pseudonym, with what their points are made of."""
    return CardsForVacancy.of(vacancy, await cards.show_cards(tx, vacancy, run, limit))
