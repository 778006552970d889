"""A perfectly signed consent of somebody who has agreed to nothing: the registry asks its own matching, where no officer recorded it."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from deploy.demo.attacks.forging import discard, headers_of, kept, says, write
from deploy.demo.story import Story
from libs.common.events.matching import IntroductionAgreed

TOPIC = "home.matching.introduction"


async def play(story: Story) -> None:
    node, city = story.counties[0], story.cities[0]
    place = story.places[node]
    victim = (await story.get(node, "/registry/v1/labourers", labourer="true", limit=1))["items"][0]["id"]
    event = _forged(place.code, city[1:], UUID(victim))
    before = len(await story.pages(city, "/registry/v1/guests"))
    await write(
        place,
        TOPIC,
        event.key(),
        event.model_dump_json().encode(),
        headers_of(event, place, f"/{node}/matching", TOPIC),
    )
    row = await kept(story, node, "registry", "parked", "NoConsentOnRecord")
    told, after = await says(story, node, "registry"), len(await story.pages(city, "/registry/v1/guests"))
    story.check(
        "attack: a forged consent seals no card",
        after == before,
        f"{before} guests before, {after} after; {row['error'][:120]}",
    )
    story.check("attack: the registry tells of the forged consent", told == "degraded", told)
    await discard(story, node, "registry", "parked", row)


def _forged(county: str, city: str, person: UUID) -> IntroductionAgreed:
    """What matching would announce if the person had agreed."""
    day = date(2017, 5, 1)
    return IntroductionAgreed(
        introduction=uuid4(),
        county=county,
        city=city,
        vacancy=uuid4(),
        on=day,
        person=person,
        consent="2017.1",
        consent_on=day,
        occupation=None,
        experience=0,
        certificates=(),
        groups=(),
        burden=0,
    )
