"""A small labour market for tests of runs: two counties, three cities, a province, people and vacancies from a seed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pyarrow.parquet as pq
from pyarrow import BufferReader

from libs.common.database import new_id
from libs.common.events.jobs import VacancyAnnounced
from libs.common.events.registry import LabourerRecorded, Wish
from libs.common.service import ServiceContext
from services.matching.app import SERVICE
from services.matching.operations import lists
from tests.integration.matching.bus import Bus
from tests.support.doors import application_of
from tests.support.nodes import Nodes, token_of

COUNTIES = ("n433124", "n433126")
CITIES = ("n370100", "n430100", "n440300")
PROVINCE = "n430000"
GROUPS = ("disabled", "zero_employment", "older_or_low_schooled")
AS_OF = date(2017, 3, 31)


@dataclass
class Scene:
    contexts: dict[str, ServiceContext]
    bus: Bus
    random: Random
    run: UUID | None = None
    _doors: dict[tuple[str, str], httpx.AsyncClient] = field(default_factory=dict)

    def door(self, node: str, role: str) -> httpx.AsyncClient:
        """A client at a node's door; building the API anew for every request would take longer than the request."""
        if (node, role) not in self._doors:
            context = self.contexts[node]
            transport = httpx.ASGITransport(application_of(context), raise_app_exceptions=False)
            headers = {"Authorization": f"Bearer {token_of(context, role)}"}
            self._doors[node, role] = httpx.AsyncClient(
                transport=transport, base_url="http://node/matching/v1", headers=headers
            )
        return self._doors[node, role]

    async def post(self, node: str, path: str, body: Any, role: str = "officer") -> httpx.Response:
        return await self.door(node, role).post(path, json=body)

    async def get(self, node: str, path: str, role: str = "auditor") -> httpx.Response:
        answer = await self.door(node, role).get(path)
        assert answer.status_code == 200, answer.text
        return answer

    async def show(self, node: str = PROVINCE) -> dict[str, Any]:
        shown: dict[str, Any] = (await self.get(node, f"/runs/{self.run}")).json()
        return shown

    async def rows(self, node: str, file: str, number: int | None = None) -> list[dict[str, Any]]:
        """The rows of an auditor's file."""
        which = f"?pass={number}" if number else ""
        content = (await self.get(node, f"/runs/{self.run}/{file}.parquet{which}")).content
        table: list[dict[str, Any]] = pq.read_table(BufferReader(content)).to_pylist()
        return table

    async def gathered(self, file: str, number: int | None = None) -> list[dict[str, Any]]:
        nodes = CITIES if file == "vacancies" else COUNTIES
        return [row for node in nodes for row in await self.rows(node, file, number)]

    async def weights(self) -> dict[str, Any]:
        weights: dict[str, Any] = json.loads((await self.get(COUNTIES[0], f"/runs/{self.run}/weights.json")).content)
        return weights


async def a_scene(
    nodes: Nodes, seed: int, *, people: int = 14, couples: int = 0, fellows: int = 0, jobs: int = 3
) -> Scene:
    """Six offices with people and vacancies in their lists; `fellows` of each county, who are no couple, travel together."""
    random = Random(seed)
    contexts = {node: await nodes.open(SERVICE, node) for node in (*COUNTIES, *CITIES, PROVINCE)}
    # Luck of its own for the bus: what a city allots does not depend on how many events were carried before.
    scene = Scene(contexts, Bus(list(contexts.values()), Random(seed)), random)
    scene.bus.strangers = [COUNTIES, CITIES]
    for county in COUNTIES:
        await _fill_county(contexts[county], random, people, couples, fellows)
    for city in CITIES:
        await fill_city([contexts[city], *(contexts[county] for county in COUNTIES)], random, jobs)
    return scene


async def announce_and_allot(
    scene: Scene, openings: int = 2, cities: Sequence[str] = CITIES, weights: str = "2017.1"
) -> None:
    """The province announces a run, each city gives some openings of every vacancy to it."""
    wanted = {"counties": COUNTIES, "cities": cities, "as_of": str(AS_OF), "weights": weights, "deadline": "2017-04-30"}
    answer = await scene.post(PROVINCE, "/runs", wanted)
    assert answer.status_code == 201, answer.text
    scene.run = UUID(answer.json()["run"])
    await scene.bus.run()
    for city in cities:
        await allot(scene, city, openings)


async def allot(scene: Scene, city: str, openings: int) -> None:
    supply = (await scene.get(city, f"/supply?city={city[1:]}", "officer")).json()["items"]
    allotted = []
    for job in supply:
        given = scene.random.randint(0, openings)
        reserved = {scene.random.choice(GROUPS): 1} if given > 1 else {}
        allotted.append({"vacancy": job["vacancy"], "openings": given, "reserved": reserved})
    answer = await scene.post(city, f"/runs/{scene.run}/allotments", {"allotted": allotted})
    assert answer.status_code == 201, answer.text


async def _fill_county(context: ServiceContext, random: Random, people: int, couples: int, fellows: int) -> None:
    ids = [new_id() for _ in range(people)]
    partners = {ids[at]: ids[at + 1] for at in range(0, 2 * couples, 2)}
    partners |= {other: one for one, other in partners.items()}
    together = {one: random.choice(("only", "preferred")) for one in partners}
    group, members = new_id(), ids[2 * couples : 2 * couples + fellows]
    async with context.database.transaction() as tx:
        for person in ids:
            partner = partners.get(person)
            way = together[min(person, partner)] if partner else None
            labourer = _labourer(person, context.node.code, random, partner, way)
            assert labourer.wish is not None
            wish = labourer.wish.model_copy(update={"fellows": group if person in members else None})
            await lists.record_labourer(tx, labourer.model_copy(update={"wish": wish}))


def _labourer(
    person: UUID, county: str, random: Random, partner: UUID | None, together: str | None
) -> LabourerRecorded:
    cities = [node[1:] for node in CITIES]
    wish = Wish(
        visited=date(2017, 2, 1),
        willing=True,
        destinations=tuple(random.sample(cities, random.randint(1, 3))),
        elsewhere=random.choice(("anywhere", "none")),
        wage_expected=random.choice((3000, 3500)),
        wage_minimum=random.choice((2000, 2800)),
        partner=partner,
        together=together,
    )
    return LabourerRecorded(
        person=person,
        household=new_id(),
        county=county,
        township="花垣镇",
        birth_date=date(random.randint(1960, 1998), 5, 1),
        education=random.randint(1, 4),
        labourer=True,
        employed=False,
        groups=tuple(random.sample(GROUPS, random.randint(0, 2))),
        burden=random.randint(0, 3),
        wish=wish,
        on=AS_OF,
    )


async def fill_city(contexts: list[ServiceContext], random: Random, jobs: int) -> None:
    """The first office is the city's own; the others know the vacancies from its announcements."""
    city = contexts[0].node
    for number in range(jobs):
        vacancy = VacancyAnnounced(
            vacancy=new_id(),
            city=city.code,
            employer_name="角宿电子",
            title="普工",
            openings=20,
            openings_left=20,
            wage=random.choice((2500, 3000, 3600)),
            education_min=random.randint(0, 2),
            starts_by=date(2017, 6, 30),
            occupation=random.choice(("6-25", "9-99")),
            on=date(2017, 1, number + 1),
        )
        for context in contexts:
            async with context.database.transaction() as tx:
                await lists.list_vacancy(tx, vacancy, city.id)
