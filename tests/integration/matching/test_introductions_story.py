"""The story's fourth step played over six offices of matching; registry and jobs are stood in for at their doors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import httpx

from deploy.demo import introduce
from deploy.demo.story import Check, NodePlace, Story
from libs.common.database import new_id
from libs.common.events.jobs import VacancyAnnounced
from libs.common.events.matching import IntroductionAgreed
from libs.common.events.registry import GuestReceived, LabourerRecorded
from libs.common.service import ServiceContext
from services.matching.operations import lists
from tests.integration.matching.bus import Bus
from tests.integration.matching.scenes import AS_OF, CITIES, COUNTIES, GROUPS, PROVINCE, Scene, a_scene
from tests.support.doors import application_of
from tests.support.nodes import NOWHERE, Nodes, announced, assert_nothing_parked, token_of
from tests.support.telling import a_labourer, a_vacancy, a_wish, tell

T = TypeVar("T")


class Express(Bus):
    """Everything that waits at once: orders other than that are tried where runs are tested."""

    async def run(self, steps: int | None = None) -> None:
        while True:
            for node in self.contexts:
                await self.answer(node)
                await self.collect(node)
            waiting = self._open()
            if not waiting:
                break
            for channel in waiting:
                batch = list(self._queues[channel])
                self._queues[channel].clear()
                await self.contexts[channel[3]].inbox.receive(batch)
        await assert_nothing_parked(*self.contexts.values())


@dataclass
class Registries:
    """What the registries of all nodes do together: seal on a yes, open at the city, know the name there and at home."""

    scene: Scene
    people: dict[UUID, LabourerRecorded]
    guests: dict[str, tuple[str, UUID]] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    async def work(self) -> None:
        for county in COUNTIES:
            for arrival, position in await announced(self.scene.contexts[county], self._seen.get(county, 0)):
                self._seen[county] = position
                if arrival.envelope.type == IntroductionAgreed.TYPE:
                    await self._open(IntroductionAgreed.model_validate_json(arrival.data))

    async def _open(self, agreed: IntroductionAgreed) -> None:
        person, guest, city = self.people[agreed.person], new_id(), f"n{agreed.city}"
        facts = agreed.model_dump(
            include={"introduction", "county", "occupation", "experience", "certificates", "groups", "burden"}
        )
        self.guests[str(guest)] = (city, agreed.person)
        card = GuestReceived(
            guest=guest, birth_date=person.birth_date, education=person.education, on=agreed.consent_on, **facts
        )
        await tell(self.scene.contexts[city], card)

    def answer(self, node: str, path: str) -> httpx.Response:
        asked = path.split("/")[4]
        at, person = self.guests.get(asked, (node, UUID(asked)))
        known = at == node if asked in self.guests else node in COUNTIES
        return httpx.Response(200 if known else 404, json={"name": f"name of {person}"})


@dataclass
class Doors(httpx.AsyncBaseTransport):
    """A node's address: matching itself, and stand-ins for registry and jobs."""

    node: str
    context: ServiceContext
    registries: Registries
    openings: dict[str, int]

    def __post_init__(self) -> None:
        self.matching = httpx.ASGITransport(application_of(self.context), raise_app_exceptions=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/registry/"):
            return self.registries.answer(self.node, request.url.path)
        if request.url.path.startswith("/jobs/"):
            return httpx.Response(200, json={"items": await self._vacancies(), "next": None})
        return await self.matching.handle_async_request(request)

    async def _vacancies(self) -> list[dict[str, Any]]:
        async with self.context.database.reading() as tx:
            rows = await (await tx.raw()).fetch("SELECT vacancy FROM introductions WHERE state = 'hired'")
        taken = [str(row["vacancy"]) for row in rows]
        return [{"id": name, "openings_left": left - taken.count(name)} for name, left in self.openings.items()]


class Played(Story):
    """The story over these offices; whenever it waits, events are carried and the registries work."""

    doors: dict[str, Doors]
    scene: Scene

    def at(self, node: str, role: str = "officer", *, regions: Any = (), organisation: str = "") -> httpx.AsyncClient:
        who = (node, role, organisation)
        if who not in self._clients:
            headers = {"Authorization": f"Bearer {token_of(self.doors[node].context, role, organisation=organisation)}"}
            self._clients[who] = httpx.AsyncClient(transport=self.doors[node], base_url="http://node", headers=headers)
        return self._clients[who]

    @property
    def counties(self) -> list[str]:
        return list(COUNTIES)

    @property
    def cities(self) -> list[str]:
        return list(CITIES)

    async def eventually(
        self, ask: Callable[[], Awaitable[T]], *, within: float = 60, every: float = 0.25, what: str = ""
    ) -> T:
        answer = await ask()
        for _ in range(6):
            if answer:
                return answer
            await self.scene.bus.run()
            await self.doors[COUNTIES[0]].registries.work()
            answer = await ask()
        assert answer, f"{what}: not by any event"
        return answer


async def a_market(nodes: Nodes, seed: int) -> tuple[Scene, dict[UUID, LabourerRecorded], list[VacancyAnnounced]]:
    """Two counties with a couple and somebody who signs, three cities, and too few openings."""
    scene = await a_scene(nodes, seed, people=0, jobs=0)
    scene.bus = Express(list(scene.contexts.values()), Random(seed))
    random = Random(seed)
    vacancies = [_vacancy(city, number, random) for city in CITIES for number in range(4)]
    for node in (*COUNTIES, *CITIES):
        async with scene.contexts[node].database.transaction() as tx:
            for vacancy in vacancies:
                await lists.list_vacancy(tx, vacancy, f"n{vacancy.city}")
    people = [person for county in COUNTIES for person in _people(county[1:], random)]
    for person in people:
        await tell(scene.contexts[f"n{person.county}"], person)
    return scene, {person.person: person for person in people}, vacancies


def _vacancy(city: str, number: int, random: Random) -> VacancyAnnounced:
    return a_vacancy(
        city[1:],
        employer_uscc=f"91{city[1:]}00000000{number:02}",
        openings=9,
        openings_left=9,
        wage=3000 + 300 * number,
        accommodations=("sign_language",),
        occupation=random.choice(("6-25", "9-99")),
        title=f"岗位{number}",
    )


def _people(county: str, random: Random) -> list[LabourerRecorded]:
    """The couple and the one who signs have the greatest claims, so that no lot decides whether they have places."""

    def one(burden: int, groups: tuple[str, ...] = (), **said: Any) -> LabourerRecorded:
        wish = a_wish(**{"destinations": tuple(random.sample([city[1:] for city in CITIES], 2)), **said})
        return a_labourer(county, wish, burden=burden, groups=groups)

    couple = [new_id(), new_id()]
    wish = {"together": "preferred", "destinations": ("430100",)}
    married = [one(99, GROUPS[1:], **wish, partner=couple[1 - at]) for at in range(2)]
    signing = one(99, GROUPS[:2], accommodations=("sign_language",))
    others = [one(random.randint(0, 40), tuple(random.sample(GROUPS, random.randint(0, 1)))) for _ in range(9)]
    return [
        *(each.model_copy(update={"person": person}) for each, person in zip(married, couple, strict=True)),
        signing,
        *others,
    ]


async def match(scene: Scene, vacancies: list[VacancyAnnounced]) -> None:
    """A settled run to which every vacancy gives one opening or two: three for four people."""
    wanted = {
        "counties": COUNTIES,
        "cities": CITIES,
        "as_of": str(AS_OF),
        "weights": "2017.1",
        "deadline": "2017-04-30",
    }
    scene.run = UUID((await scene.post(PROVINCE, "/runs", wanted)).json()["run"])
    await scene.bus.run()
    for city in CITIES:
        own = [each for each in vacancies if f"n{each.city}" == city]
        allotted = [{"vacancy": str(each.vacancy), "openings": 1 + number % 2} for number, each in enumerate(own)]
        answer = await scene.post(city, f"/runs/{scene.run}/allotments", {"allotted": allotted})
        assert answer.status_code == 201, answer.text
    await scene.bus.run()


async def test_the_fourth_step_of_the_story_holds_over_six_offices(nodes: Nodes) -> None:
    scene, people, vacancies = await a_market(nodes, 1)
    await match(scene, vacancies)
    assert (await scene.show())["state"] == "settled"
    registries = Registries(scene, people)
    openings = {
        node: {str(each.vacancy): each.openings for each in vacancies if f"n{each.city}" == node}
        for node in scene.contexts
    }
    told: list[Check] = []

    def report(check: Check) -> None:
        told.append(check)
        print(check)

    places = {node: NodePlace(node, node, "", Path(), NOWHERE, (), ()) for node in (*COUNTIES, *CITIES, PROVINCE)}
    story = Played(places, Path(), None, print, report)  # type: ignore[arg-type]
    story.scene, story.doors = (
        scene,
        {node: Doors(node, context, registries, openings[node]) for node, context in scene.contexts.items()},
    )
    story.cast.run = str(scene.run)
    story.cast.vacancies = {
        node: [{"id": name, "openings_left": left} for name, left in openings[node].items()] for node in CITIES
    }
    await introduce.play(story)
    assert [(check.name, check.detail) for check in told if not check.ok] == []
    assert len(told) >= 18
    assert len({check.name for check in told}) == len(told)
    assert date.fromisoformat(story.cast.hired[0]["changed_on"]).year == 2017
