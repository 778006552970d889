"""Somebody with no more than a network reads the county's people from its broker."""

from __future__ import annotations

from deploy.demo.attacks.brokers import NAMES, Told, calling, door, reads
from deploy.demo.story import Story


async def play(story: Story) -> None:
    county = story.places[story.counties[0]]
    for name, address in (
        ("its own listener", county.kafka.address),
        ("a partner's listener", door(county, story.cities[0])),
    ):
        told = Told(county)
        plain = await reads({"bootstrap_servers": address, "request_timeout_ms": 3000}, NAMES)
        bare = await reads(calling(address, county), NAMES)
        story.check(f"attack: an anonymous reader of {name} is refused", plain and bare, f"{plain}, {bare}")
        said = await told.hears(story, "Failed authentication")
        story.check(f"attack: the broker tells of the anonymous reader of {name}", said, said[-120:])
