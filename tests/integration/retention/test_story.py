"""Steps 5 and 6 of the story, played over real offices of retention; the neighbours' lists are stood in for by what they would hear."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.demo import keep, serve
from deploy.demo.story import NodePlace, Story
from libs.common.events.retention import SituationChanged, SpellStarted
from libs.common.service import ServiceContext
from services.retention.app import SERVICE
from tests.support.doors import application_of
from tests.support.keeping import FIRM, OTHER_FIRM, Hired, hire, told_by
from tests.support.nodes import NOWHERE, Nodes, announced, hand_over, token_of
from tests.support.telling import a_vacancy, tell

HIRED_ON = date(2017, 4, 24)
COUNTIES, CITIES = ("n433124", "n433126"), ("n440300", "n430100")


class Neighbours:
    """What registry, matching and jobs of a node would answer after having heard retention's events."""

    def __init__(self, contexts: dict[str, ServiceContext], vacancies: dict[str, dict[str, Any]]):
        self.contexts = contexts
        self.vacancies = vacancies

    async def answer(self, node: str, path: str) -> dict[str, Any]:
        situations = await told_by(self.contexts[node], SituationChanged)
        places = {str(event.person): event.work_place for event in situations}
        if path.startswith("/registry/v1/labourers/"):
            return {"employed": places.get(path.rsplit("/", 1)[1]) is not None}
        if path == "/matching/v1/demand":
            return {"people": [{"person": person} for person, place in places.items() if place is None], "next": None}
        moved = [str(event.vacancy) for event in await told_by(self.contexts[node], SpellStarted) if event.previous]
        shown = [
            {**one, "openings_left": one["openings_left"] - moved.count(one["id"])}
            for one in self.vacancies.values()
            if f"n{one['city']}" == node
        ]
        return (
            {"items": shown, "next": None}
            if path == "/jobs/v1/vacancies"
            else next(one for one in shown if path.endswith(one["id"]))
        )


class Played(Story):
    """A story whose nodes answer in this process."""

    contexts: dict[str, ServiceContext]
    neighbours: Neighbours

    def at(
        self, node: str, role: str = "officer", *, regions: Sequence[str] = (), organisation: str = ""
    ) -> httpx.AsyncClient:
        who = (node, role, *regions, organisation)
        if who not in self._clients:
            self._clients[who] = self._open(node, role, regions, organisation)
        return self._clients[who]

    def _open(self, node: str, role: str, regions: Sequence[str], organisation: str) -> httpx.AsyncClient:
        context = self.contexts[node]
        door = httpx.ASGITransport(application_of(context))

        async def route(request: httpx.Request) -> httpx.Response:
            if request.url.path.startswith("/retention/"):
                return await door.handle_async_request(request)
            return httpx.Response(200, text=json.dumps(await self.neighbours.answer(node, request.url.path)))

        headers = {"Authorization": f"Bearer {token_of(context, role, regions or None, organisation)}"}
        return httpx.AsyncClient(transport=httpx.MockTransport(route), base_url="http://node", headers=headers)

    @property
    def counties(self) -> list[str]:
        return list(COUNTIES)

    @property
    def cities(self) -> list[str]:
        return list(CITIES)


@pytest.fixture
async def contexts(nodes: Nodes) -> AsyncIterator[dict[str, ServiceContext]]:
    """Four offices, between which a task carries events as the mirrors do."""
    opened = {node: await nodes.open(SERVICE, node) for node in (*COUNTIES, *CITIES)}
    carrying = asyncio.create_task(carry_on(opened))
    yield opened
    carrying.cancel()
    with suppress(asyncio.CancelledError):
        await carrying


async def carry_on(contexts: dict[str, ServiceContext]) -> None:
    seen = dict.fromkeys(contexts, 0)
    while True:
        for node, context in contexts.items():
            fresh = await announced(context, seen[node])
            if fresh:
                seen[node] = fresh[-1][1]
            for other in contexts.values():
                await hand_over([arrival for arrival, _ in fresh], other)
        await asyncio.sleep(0.1)


def as_listed(hired: Hired, county: str, city: str, firm: str) -> dict[str, Any]:
    return {"id": str(hired.introduction), "county": county[1:], "city": city[1:], "employer_uscc": firm, "wage": 3800}


async def test_people_are_kept_and_served_from_the_first_day_to_the_refused_second_claim(
    contexts: dict[str, ServiceContext], tmp_path: Path
) -> None:
    listed, vacancies = [], {}
    for city in CITIES:
        vacancy = a_vacancy(city[1:], employer_uscc=OTHER_FIRM)
        await tell(contexts[city], vacancy, service="jobs")
        vacancies[str(vacancy.vacancy)] = {**vacancy.model_dump(mode="json"), "id": str(vacancy.vacancy)}
    for number in range(8):
        county, city = COUNTIES[number % 2], CITIES[number // 2 % 2]
        listed.append(as_listed(await hire(contexts[county], contexts[city], on=HIRED_ON), county, city, FIRM))
    places = {node: NodePlace(node, node, "http://node", tmp_path, NOWHERE, (), ()) for node in contexts}
    story = Played(places, tmp_path, None, lambda _: None, lambda _: None)  # type: ignore[arg-type]
    story.contexts, story.neighbours = contexts, Neighbours(contexts, vacancies)
    story.cast.hired = listed
    await keep.play(story)
    await serve.play(story)
    assert [check for check in story.checks if not check.ok] == []
    assert len(story.checks) >= 20
    await story.close()
