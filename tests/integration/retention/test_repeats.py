"""Whose a start is (同一人): the county tells its jobs and the city, once, in whatever order it learns; merged people are one and two again."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from libs.common.database import new_id
from libs.common.events.matching import IntroductionAgreed
from libs.common.events.registry import LabourersMerged, LabourersUnmerged
from libs.common.events.retention import RepeatNoted, RepeatReported, SpellReported
from libs.common.service import ServiceContext
from services.retention.app import SERVICE
from tests.support.keeping import told_by
from tests.support.nodes import Nodes
from tests.support.telling import tell

MAY = date(2017, 5, 2)


@pytest.fixture
async def county(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n433124")


async def agree(county: ServiceContext, introduction: UUID, person: UUID, city: str = "440300") -> None:
    step = {"introduction": introduction, "county": "433124", "city": city, "vacancy": new_id(), "on": MAY}
    agreed = IntroductionAgreed(**step, person=person, consent="spoken", consent_on=MAY)
    await tell(county, agreed, service="matching")


async def start(county: ServiceContext, introduction: UUID, city: str = "440300", previous: UUID | None = None) -> None:
    facts = {"spell": new_id(), "introduction": introduction, "county": "433124", "city": city, "vacancy": new_id()}
    spell = SpellReported(**facts, start=MAY, wage_fen=400_000, previous=previous)
    await tell(county, spell, node=f"n{city}", service="retention")


async def told(county: ServiceContext) -> list[tuple[UUID, UUID]]:
    noted, reported = await told_by(county, RepeatNoted), await told_by(county, RepeatReported)
    assert [vars(each) for each in noted] == [vars(each) for each in reported]
    return [(each.introduction, each.first) for each in reported]


async def test_a_second_start_in_a_city_is_told_once_whichever_is_known_first(county: ServiceContext) -> None:
    person, (one, two, elsewhere, only_agreed) = new_id(), [new_id() for _ in range(4)]
    await agree(county, one, person)
    await start(county, one)
    await start(county, two)
    await agree(county, only_agreed, person)
    assert await told(county) == []
    await agree(county, two, person)
    await agree(county, elsewhere, person, "430100")
    await start(county, elsewhere, "430100")
    assert await told(county) == [(two, one)]


async def test_people_who_are_found_to_be_one_are_one_and_two_again(county: ServiceContext) -> None:
    people, introductions = [new_id() for _ in range(3)], [new_id() for _ in range(3)]
    for person, introduction in zip(people, introductions, strict=True):
        await agree(county, introduction, person)
        await start(county, introduction)
    one, two, three = introductions
    first = LabourersMerged(merge=new_id(), goes=people[2], stays=people[1], on=MAY)
    second = LabourersMerged(merge=new_id(), goes=people[1], stays=people[0], on=MAY)
    await tell(county, first)
    await tell(county, second)
    assert await told(county) == [(three, two), (two, one), (three, one)]
    await tell(county, LabourersUnmerged(**second.model_dump()))
    assert (await told(county))[3:] == [(two, two), (three, two)]
