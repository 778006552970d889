"""A county's and a city's office of matching with one list of vacancies between them, for tests of introductions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.common.database import new_id
from libs.common.events.jobs import VacancyAnnounced
from libs.common.events.matching import IntroductionAgreed
from libs.common.events.registry import GuestReceived, LabourerRecorded
from libs.common.service import ServiceContext
from services.matching.app import SERVICE
from services.matching.files import published_weights
from services.matching.operations.introductions.placements import Placed, propose_placed
from services.matching.rules.entry import Candidate, facts_of
from services.matching.rules.introductions.card_check import vacancy_as_listed
from services.matching.rules.runs import Run
from services.matching.rules.scores import priority
from services.matching.store import lists as store
from services.matching.store import runs
from tests.support.nodes import Nodes, announced, carry, client_of
from tests.support.telling import tell

WEIGHTS = published_weights()["2017.1"]
MAY = date(2017, 5, 2)
LIST = "/matching/v1/introductions"


@dataclass
class Two:
    """A county and a city with one list of vacancies between them."""

    county: ServiceContext
    city: ServiceContext

    async def list_vacancies(self, *vacancies: VacancyAnnounced) -> None:
        for context in (self.county, self.city):
            await tell(context, *vacancies, node="n440300", service="jobs")

    async def carry(self) -> None:
        await carry(self.county, self.city)

    async def propose(self, person: LabourerRecorded, vacancy: VacancyAnnounced, *, key: str = "") -> str:
        async with client_of(self.county) as officer:
            answer = await officer.post(
                LIST,
                json={"person": str(person.person), "vacancy": str(vacancy.vacancy), "on": "2017-05-01"},
                headers={"Idempotency-Key": key} if key else {},
            )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def step(
        self, context: ServiceContext, introduction: str, verb: str, status: int = 200, **body: Any
    ) -> dict[str, Any]:
        async with client_of(context) as officer:
            answer = await officer.post(f"{LIST}/{introduction}/{verb}", json={"on": "2017-05-03", **body})
        assert answer.status_code == status, answer.text
        await self.carry()
        return dict(answer.json())

    async def agree(self, introduction: str, status: int = 200) -> dict[str, Any]:
        await self.step(self.county, introduction, "offer")
        return await self.step(self.county, introduction, "agree", status, consent="2017.1")

    async def open_card(self, introduction: str, person: LabourerRecorded, **other: Any) -> None:
        """What both registries do: the county's seals what was agreed, the city's opens it and keeps a guest."""
        agreed = await self.agreed(introduction)
        facts = agreed.model_dump(include={"occupation", "experience", "certificates", "groups", "burden"})
        card = {"birth_date": person.birth_date, "education": person.education, **facts, **other}
        guest = GuestReceived(
            introduction=UUID(introduction), guest=new_id(), county="433124", on=date(2017, 5, 4), **card
        )
        await tell(self.city, guest)
        await self.carry()

    async def agreed(self, introduction: str) -> IntroductionAgreed:
        said = [
            arrival.data
            for arrival, _ in await announced(self.county)
            if arrival.envelope.type == IntroductionAgreed.TYPE
        ]
        return next(
            event
            for event in map(IntroductionAgreed.model_validate_json, said)
            if str(event.introduction) == introduction
        )

    async def see(self, context: ServiceContext, introduction: str) -> dict[str, Any]:
        async with client_of(context) as officer:
            return dict((await officer.get(f"{LIST}/{introduction}")).json())

    async def states(self, introduction: str) -> tuple[str, str]:
        return (await self.see(self.county, introduction))["state"], (await self.see(self.city, introduction))["state"]


async def a_place(
    two: Two, run: UUID, person: LabourerRecorded, vacancy: VacancyAnnounced, number: int = 1, shared: int | None = None
) -> Placed:
    """A place as a settled pass hands it over."""
    assert person.wish
    facts = facts_of(
        Candidate(
            person.person,
            person.county,
            person.birth_date,
            person.education,
            frozenset(person.groups),
            person.burden,
            person.wish,
        ),
        f"p-{str(person.person)[-8:]}",
        ["440300"],
        MAY,
        WEIGHTS,
    )
    async with two.county.database.reading() as tx:
        listed = await store.find_vacancy(tx, vacancy.vacancy)
    return Placed(
        person.person,
        facts,
        vacancy.vacancy,
        vacancy.city,
        priority(facts, vacancy_as_listed(listed, WEIGHTS), WEIGHTS),
        "open",
    )


async def settle(two: Two, run: UUID, number: int, *places: Placed) -> dict[UUID, str]:
    """A pass is settled; answers each person's introduction that is open or signed."""
    heard = Run(run, "n430000", ("n433124",), ("n440300",), date(2017, 5, 1), "2017.1", date(2017, 5, 31))
    async with two.city.database.transaction() as tx:
        await runs.insert_run_if_absent(tx, heard)
    async with two.county.database.transaction() as tx:
        await propose_placed(tx, run, number, places, on=date(2017, 5, 1), weights="2017.1")
    await two.carry()
    async with client_of(two.county) as officer:
        items = (await officer.get(LIST, params={"run": str(run), "limit": 200})).json()["items"]
    return {UUID(item["person"]): item["id"] for item in items if item["owner"] or item["state"] == "started"}


async def two_offices(nodes: Nodes) -> Two:
    return Two(await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300"))
