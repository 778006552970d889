"""Certificates stolen at one node, and forged with its stolen authority, are tried at another."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.demo.attacks.brokers import NAMES, Told, calling, door, reads, stolen, writes
from deploy.demo.story import Story
from deploy.local.authority import Authority


async def play(story: Story) -> None:
    county, city = story.places[story.counties[0]], story.places[story.cities[0]]
    told = Told(county)
    with TemporaryDirectory() as loot:
        certificates = {
            "its registry": stolen(city, "registry"),
            "its admin": stolen(city, "admin"),
            **_forged(story, Path(loot)),
        }
        for whose, own in certificates.items():
            for where, address in (("inside", county.kafka.address), ("the door", door(county, city.node))):
                client = calling(address, county, own)
                refused = [
                    await reads(client, NAMES),
                    await reads(client, "public.matching.demand"),
                    await writes(client, NAMES),
                ]
                story.check(
                    f"attack: {whose} stolen at a city opens nothing at the county ({where})", all(refused), refused
                )
    said = await told.hears(story, "Denied", "nobody")
    story.check("attack: the broker tells of certificates that are nobody's", said, said[-160:])


def _forged(story: Story, loot: Path) -> dict[str, Path]:
    """Signed by the city's authority, in the county's name and in the province's."""
    shutil.copytree(story.places[story.cities[0]].home / "wires" / "authority", loot / "authority")
    authority, made = Authority(story.cities[0], loot / "authority"), {}
    for node, principal in (
        (story.counties[0], "registry"),
        (story.counties[0], "broker"),
        (story.province, "partner"),
    ):
        authority.node = node
        made[f"a forged {principal} of {node}"] = loot / f"{node}-{principal}.pem"
        made[f"a forged {principal} of {node}"].write_bytes(authority.issue(principal))
    return made
