"""核查, a part of step 5: the quarter's verification of everybody placed has one owner, and moves when the situation moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from deploy.demo.cast import Row, Spell
from deploy.demo.story import Story, at_once

QUARTER, NEXT_QUARTER = "2017Q2", "2017Q3"
FOUND_ON = "2017-06-20"


async def tasks(story: Story, nodes: Iterable[str], quarter: str) -> dict[str, dict[str, str]]:
    """Who owns the quarter's task of each introduction, as each node's own list says."""
    owners: dict[str, dict[str, str]] = {}
    for node in nodes:
        rows = await story.pages(node, "/retention/v1/verifications", quarter=quarter)
        owners[node] = {row["introduction"]: row["owner"] for row in rows}
    return owners


async def check_moved(story: Story, kept: list[Spell], before: dict[str, dict[str, str]]) -> None:
    """Before they left the county answered for them, now the city does: the same on both sides."""
    mine = {spell["introduction"]: f"n{spell['city']}" for spell in kept}
    were = [before[f"n{spell['county']}"].get(spell["introduction"]) == f"n{spell['county']}" for spell in kept]

    async def moved() -> bool:
        here, there = await tasks(story, story.counties, QUARTER), await tasks(story, story.cities, QUARTER)
        return all(
            side.get(introduction) == owner
            for introduction, owner in mine.items()
            for side in (_merge(here), there[owner])
        )

    ok = await story.eventually(moved, what="the quarter's tasks at the cities")
    story.check(
        "the quarter's verification moves from county to city", ok and all(were), f"{sum(were)} tasks of {QUARTER}"
    )


def _merge(lists: dict[str, dict[str, str]]) -> dict[str, str]:
    return {introduction: owner for owners in lists.values() for introduction, owner in owners.items()}


async def answer_all(story: Story, kept: list[Spell], silent: Spell) -> None:
    """The cities answer with evidence; one person cannot be reached, and the county may not answer in their place."""
    await _check_owner(story, silent)
    begun = {spell["introduction"] for spell in kept}
    for node in story.cities:
        rows = [row for row in await _listed(story, node) if row["introduction"] in begun]
        await at_once(lambda row, node=node: _answer(story, node, row, silent), rows)  # type: ignore[misc]

    async def heard() -> bool:
        rows = [row for node in story.counties for row in await _listed(story, node, answered="true")]
        return begun <= {row["introduction"] for row in rows}

    ok = await story.eventually(heard, what="the cities' answers at the counties")
    story.check(
        "the counties hear what the cities found, with the grade of evidence",
        ok,
        f"{len(begun)} answers, one not reached",
    )


async def _check_owner(story: Story, silent: Spell) -> None:
    county = f"n{silent['county']}"
    mine = next(row for row in await _listed(story, county) if row["introduction"] == silent["introduction"])
    refused = await story.at(county).post(
        f"/retention/v1/verifications/{mine['id']}/answer", json={"outcome": "unreachable", "on": FOUND_ON}
    )
    story.check("only the owner answers a verification", refused.status_code == 409, refused.status_code)


async def _listed(story: Story, node: str, **wanted: str) -> list[Row]:
    return await story.pages(node, "/retention/v1/verifications", quarter=QUARTER, **wanted)


async def _answer(story: Story, node: str, row: Row, silent: Spell) -> None:
    reached = row["introduction"] != silent["introduction"]
    found = {"outcome": "in_work", "grade": "roster"} if reached else {"outcome": "unreachable"}
    await story.post(node, f"/retention/v1/verifications/{row['id']}/answer", {**found, "on": FOUND_ON})


async def check_next_quarter(story: Story, kept: list[Spell], returned: Spell) -> None:
    """A new quarter: everyone placed stands on one side's list as its own, nobody on two or none."""
    nodes = [*story.counties, *story.cities]
    for node in nodes:
        await story.post(node, "/retention/v1/verifications", {"quarter": NEXT_QUARTER})
    lists = await tasks(story, nodes, NEXT_QUARTER)
    owned = Counter(
        introduction for node, owners in lists.items() for introduction, owner in owners.items() if owner == node
    )
    begun = {spell["introduction"] for spell in kept}
    home = lists[f"n{returned['county']}"].get(returned["introduction"]) == f"n{returned['county']}"
    alone = owned.keys() == begun and set(owned.values()) == {1}
    story.check("each quarter everyone placed has exactly one owner", alone, f"{len(owned)} people in {NEXT_QUARTER}")
    story.check("who came home is the county's to verify again", home, returned["county"])
