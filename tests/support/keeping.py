"""People who were hired, for tests of retention: a county and a city that have heard of the same introduction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from libs.common.database import new_id
from libs.common.events.envelope import Event
from libs.common.events.matching import IntroductionAgreed, IntroductionHired
from libs.common.events.registry import GuestReceived
from libs.common.inbox import Arrival
from libs.common.service import ServiceContext
from tests.support.nodes import announced
from tests.support.telling import a_labourer, tell

FIRM, OTHER_FIRM = "91440300MA5D8C1X2T", "91440300MA5EQ2WX7B"
HIRED = date(2017, 2, 10)


@dataclass(frozen=True)
class Hired:
    """One person under the ids of both sides."""

    introduction: UUID
    person: UUID
    guest: UUID
    vacancy: UUID


async def hire(
    county: ServiceContext,
    city: ServiceContext,
    *,
    firm: str = FIRM,
    township: str = "花垣镇",
    on: date = HIRED,
    vacancy: UUID | None = None,
) -> Hired:
    """What registry and matching of both nodes have told retention when somebody was hired."""
    labourer = a_labourer(county.node.code, township=township)
    hired = Hired(new_id(), labourer.person, new_id(), vacancy or new_id())
    step = {
        "introduction": hired.introduction,
        "county": county.node.code,
        "city": city.node.code,
        "vacancy": hired.vacancy,
        "on": on,
    }
    agreed = IntroductionAgreed(**step, person=hired.person, consent="spoken", consent_on=on)
    await tell(county, labourer)
    await tell(county, agreed, service="matching")
    received = GuestReceived(
        introduction=hired.introduction,
        guest=hired.guest,
        county=county.node.code,
        birth_date=labourer.birth_date,
        education=2,
        on=on,
    )
    await tell(city, received)
    told = IntroductionHired(**step, guest=hired.guest, employer_uscc=firm, occupation="6-25", wage=3800)
    await tell(city, told, service="matching")
    return hired


async def start(
    door: httpx.AsyncClient, hired: Hired, on: str = "2017-02-20", wage_fen: int = 380000
) -> dict[str, Any]:
    """Start a spell through the city's door."""
    body = {"introduction": str(hired.introduction), "start": on, "wage_fen": wage_fen}
    answer = await door.post("/retention/v1/spells", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def told_by(context: ServiceContext, *events: type[Event]) -> list[Any]:
    """What an office has announced so far of some types, in order."""
    kinds = {event.TYPE: event for event in events}
    arrivals: list[Arrival] = [arrival for arrival, _ in await announced(context)]
    return [kinds[one.envelope.type].model_validate_json(one.data) for one in arrivals if one.envelope.type in kinds]
