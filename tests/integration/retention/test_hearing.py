"""Topics overtake each other: what retention hears in any order ends the same."""

from __future__ import annotations

from libs.common.events.matching import IntroductionAgreed
from libs.common.events.retention import RetentionIndicatorsStated, SituationChanged, SpellReported
from services.retention.app import SERVICE
from tests.support.keeping import HIRED, hire, start, told_by
from tests.support.nodes import Nodes, announced, carry, client_of, hand_over
from tests.support.telling import tell

COUNTY, CITY = "n433124", "n440300"


async def test_a_spell_reported_before_the_county_knows_whom_it_is_about_counts_in_the_end(nodes: Nodes) -> None:
    elsewhere, city, county = [await nodes.open(SERVICE, node) for node in (COUNTY, CITY, COUNTY)]
    hired = await hire(elsewhere, city)
    async with client_of(city) as door:
        await start(door, hired)
    await hand_over([arrival for arrival, _ in await announced(city)], county)
    assert await told_by(county, SituationChanged) == []
    agreed = IntroductionAgreed(
        introduction=hired.introduction,
        county="433124",
        city="440300",
        vacancy=hired.vacancy,
        on=HIRED,
        person=hired.person,
        consent="spoken",
        consent_on=HIRED,
    )
    await tell(county, agreed, service="matching")
    [situation] = await told_by(county, SituationChanged)
    assert situation.person == hired.person
    assert (await told_by(county, RetentionIndicatorsStated))[-1].figures["placed"] == 1


async def test_an_event_that_comes_twice_changes_nothing(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    async with client_of(city) as door:
        await start(door, hired)
    for _ in range(2):
        await hand_over([arrival for arrival, _ in await announced(city)], county)
    assert len(await told_by(county, SituationChanged)) == 1


async def test_a_city_cannot_report_anothers_spell(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    forged = SpellReported(
        spell=hired.guest,
        introduction=hired.introduction,
        county="433124",
        city="440300",
        vacancy=hired.vacancy,
        start=HIRED,
        wage_fen=1,
    )
    await tell(county, forged, node="n430100", service="retention")
    async with client_of(county) as home:
        assert (await home.get("/retention/v1/spells")).json()["items"] == []


async def test_a_job_at_home_needs_no_second_node(nodes: Nodes) -> None:
    county = await nodes.open(SERVICE, COUNTY)
    hired = await hire(county, county)
    async with client_of(county) as home:
        spell = await start(home, hired)
        await carry(county)
        seen = (await home.get(f"/retention/v1/spells/{spell['id']}")).json()
    assert seen["version"] == spell["version"], "its own report does not change it"
    [situation] = await told_by(county, SituationChanged)
    assert situation.work_place == "02"
