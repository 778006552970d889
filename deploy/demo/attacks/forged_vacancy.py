"""A vacancy of a city that the city never announced, put into the county's mirror of it by somebody who has the county's key."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from deploy.demo.attacks.forging import discard, headers_of, kept, says, write
from deploy.demo.story import Story
from libs.common.events.jobs import VacancyAnnounced

TOPIC = "public.jobs.vacancy"


async def play(story: Story) -> None:
    node, city = story.counties[0], story.cities[0]
    event = _forged(city[1:])
    headers = headers_of(event, story.places[node], f"/{city}/jobs", TOPIC)
    await write(story.places[node], f"{city}__{TOPIC}", event.key(), event.model_dump_json().encode(), headers)
    letter = await kept(story, node, "matching", "dead-letters", "unknown_key")
    listed = [row for row in await story.pages(node, "/matching/v1/supply") if str(event.vacancy) in str(row)]
    told = await says(story, node, "matching")
    story.check(
        "attack: a forged vacancy is on nobody's list", not listed and told == "degraded", f"{letter['detail']}, {told}"
    )
    await discard(story, node, "matching", "dead-letters", letter)


def _forged(city: str) -> VacancyAnnounced:
    """What the city's jobs would announce if it had such a vacancy."""
    day = date(2017, 5, 1)
    return VacancyAnnounced(
        vacancy=uuid4(),
        city=city,
        employer=uuid4(),
        employer_uscc="91440300MA5D8C1X2T",
        employer_name="伪造有限公司",
        title="高薪",
        industry="电子",
        occupation="6-25",
        openings=99,
        openings_left=99,
        wage=99_999,
        education_min=1,
        starts_by=day,
        offers=(),
        experience_points=0,
        on=day,
    )
