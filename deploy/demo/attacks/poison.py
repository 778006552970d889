"""One empty value, which once stopped a consumer of the node and of its partner for ever."""

from __future__ import annotations

from deploy.demo.attacks.forging import discard, kept, says, write
from deploy.demo.story import Story

TOPIC, SERVICES = "home.matching.introduction", ("registry", "retention")


async def play(story: Story) -> None:
    node = story.counties[0]
    await write(story.places[node], TOPIC, "poison", None, {"ce_id": "\x00", "ce_sequence": "1" + "0" * 30})
    for service in SERVICES:
        letter = await kept(story, node, service, "dead-letters", TOPIC)
        told = await says(story, node, service)
        story.check(
            f"attack: poison is kept by {service}, and told",
            told == "degraded",
            f"{letter['reason']}: {letter['detail']}, {told}",
        )
        await discard(story, node, service, "dead-letters", letter)
