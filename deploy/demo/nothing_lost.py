"""一个不漏, step 8: every mirror holds every event of its origin, nothing was counted twice, the restart left no gap."""

from __future__ import annotations

from deploy.demo.cast import Answer
from deploy.demo.story import NodePlace, Story
from deploy.demo.topics import sequences_at

SERVICES = ("registry", "jobs", "matching", "retention", "console")
Heads = dict[tuple[str, str, int], int]


async def play(story: Story) -> None:
    """Compare, topic by topic, what each origin has announced with what stands in each mirror and what each service took."""
    await story.eventually(lambda: _quiet(story), what="all events sent and handled")
    heads = {node: await _heads(story, node) for node in story.places}
    missing, repeated, mirrors = [], 0, 0
    for place in story.places.values():
        expected = _expected(place, heads)
        arrived = await sequences_at(place.kafka)
        mirrors += len(expected)
        missing += [
            f"{place.node} lacks {head - len(set(arrived.get(key, ())))} of {head} of {key}"
            for key, head in expected.items()
            if not set(range(1, head + 1)) <= set(arrived.get(key, ()))
        ]
        repeated += sum(len(sequences) - len(set(sequences)) for sequences in arrived.values())
    total = sum(sum(head.values()) for head in heads.values())
    story.check(
        "every mirror is complete",
        mirrors and not missing,
        missing[:5] or f"{mirrors} mirrored partitions, {total} events in all",
    )
    await _check_services(story, heads, repeated)


async def _quiet(story: Story) -> bool:
    """Whether no service has anything unsent and every service has received what it may."""
    heads = {node: await _heads(story, node) for node in story.places}
    for node in story.places:
        for service in SERVICES:
            backlog = await story.get(node, f"/{service}/v1/backlog", "operator")
            if backlog["unsent"] or _behind(backlog, heads):
                return False
    return True


def _behind(backlog: Answer, heads: dict[str, Heads]) -> list[str]:
    """Topics of which a service has seen the beginning and not the end."""
    behind = []
    for row in backlog["received"]:
        if row["sequence"] < (head := _head(heads, row)):
            behind.append(f"{row['topic']}/{row['partition']} at {row['sequence']} of {head}")
    return behind


async def _heads(story: Story, node: str) -> Heads:
    """The last sequence that each service of a node has given, by source, topic and partition."""
    heads: Heads = {}
    for service in SERVICES:
        backlog = await story.get(node, f"/{service}/v1/backlog", "operator")
        for row in backlog["heads"]:
            heads[(f"/{node}/{service}", row["topic"], row["partition"])] = row["sequence"]
    return heads


def _expected(place: NodePlace, heads: dict[str, Heads]) -> Heads:
    """What must stand in a node's mirrors: its partners' public topics and those addressed to it."""
    return {
        key: head
        for partner in place.partners
        for key, head in heads[partner].items()
        if key[1].startswith("public.") or key[1].startswith(f"to.{place.node}.")
    }


async def _check_services(story: Story, heads: dict[str, Heads], repeated: int) -> None:
    rows, gaps, parked, taken = [], 0, 0, 0
    for node in story.places:
        for service in SERVICES:
            backlog = await story.get(node, f"/{service}/v1/backlog", "operator")
            gaps, parked = gaps + backlog["gaps"], parked + backlog["parked"]
            rows += [(f"{node}/{service}", row) for row in backlog["received"]]
            taken += sum(row["events"] for row in backlog["received"])
    # The ends of trails are announced all the while: what had been by the beginning is there, and no more than by now.
    now = {node: await _heads(story, node) for node in story.places}
    wrong = [
        f"{where}: {row['events']} of {row['topic']}/{row['partition']} from {row['source']}"
        for where, row in rows
        if not _head(heads, row) <= row["events"] <= _head(now, row)
    ]
    story.check(
        "nothing is counted twice or left out by a service",
        taken and not wrong,
        wrong[:5] or f"{taken} events taken once; {repeated} came again and were dropped",
    )
    story.check("no sequence has a gap, the restart included", gaps == 0, f"{gaps} gaps")
    story.check("no key is parked", parked == 0, f"{parked} parked events")


def _head(heads: dict[str, Heads], row: Answer) -> int:
    """The last sequence given by the source of what a service has received; 0 where nothing is known of it."""
    return heads[row["source"].split("/")[1]].get((row["source"], row["topic"], row["partition"]), 0)
