"""A partner, with its own good certificate, reads what stays at home or is for another, and writes."""

from __future__ import annotations

from deploy.demo.attacks.brokers import NAMES, Told, calling, door, reads, stolen, writes
from deploy.demo.story import Story


async def play(story: Story) -> None:
    county, city, other = story.places[story.counties[0]], story.cities[0], story.cities[1]
    partner = calling(door(county, city), county, stolen(story.places[city], "partner"))
    mine = {topic: await reads(partner, topic) for topic in ("public.matching.demand", f"to.{city}.registry.card")}
    story.check("attack: a partner reads what is public or its own", not any(mine.values()), mine)
    told = Told(county)
    others = {
        topic: await reads(partner, topic)
        for topic in (NAMES, "home.matching.introduction", f"to.{other}.registry.card")
    }
    story.check("attack: a partner reading home.* or another's cards is refused", all(others.values()), others)
    written = {
        topic: await writes(partner, topic) for topic in ("home.matching.introduction", "public.matching.demand")
    }
    story.check("attack: a partner writes nothing", all(written.values()), written)
    said = await told.hears(story, "Denied", city, NAMES)
    story.check("attack: the broker tells which partner wanted what", said, said[-160:])
