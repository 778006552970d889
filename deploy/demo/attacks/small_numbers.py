"""小数 An analyst looks for a count of one: in the exact events, by two days, by one city, in every table; and a file that leaks says who took it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.demo.cast import Answer
from deploy.demo.story import Story

RATE = "/retention/v1/retention-rate"
QUARTER_END = "2017-09-30"
# What counts no people: firms, what they offer, amounts.
NOT_PEOPLE = {
    "employers",
    "vacancies",
    "openings",
    "openings_left",
    "value",
    "sequence",
    "rounded_to",
    "month",
    "rate",
    "wage_sum_fen",
    "subsidies_fen",
}
EXPORT = "X-Export-Id"


async def play(story: Story) -> None:
    """What would give a small number back is refused, what is told has none, and an export is found by its mark."""
    county = story.counties[0]
    await _search(story, county)
    await _read(story, county)
    await _find(story, county)


async def _search(story: Story, county: str) -> None:
    analyst = story.at(county, "analyst")
    exact = (await analyst.get("/retention/v1/events", params={"topic": "public.retention.indicators"})).status_code
    close = [{"as_of": "2017-09-29"}, {"as_of": QUARTER_END, "city": story.cities[0][1:]}]
    refused = [(await analyst.get(RATE, params={"month": 3, **asked})).status_code for asked in close]
    story.check(
        "an analyst is given no two answers to subtract",
        (exact, *refused) == (403, 422, 422),
        f"events {exact}, rates {refused}",
    )


async def _read(story: Story, county: str) -> None:
    analyst = story.at(county, "analyst")
    tables: list[tuple[str, Answer]] = [
        ("/registry/v1/identification", {}),
        ("/matching/v1/demand", {}),
        (RATE, {"month": 1, "as_of": QUARTER_END}),
        ("/console/v1/province", {"as_of": QUARTER_END}),
    ]
    told = [count for path, asked in tables for count in counts((await analyst.get(path, params=asked)).json())]
    small = [count for count in told if count in range(1, 5)]
    story.check(
        "no count of one to four people is told to an analyst",
        told and not small,
        f"{len(told)} counts, {told.count('<5')} of them as <5",
    )


def counts(said: Any, name: str = "") -> Iterator[Any]:
    """Every count of people in an answer."""
    if isinstance(said, dict):
        for key, value in said.items():
            yield from counts(value, key)
    elif isinstance(said, list):
        for value in said:
            yield from counts(value, name)
    elif name not in NOT_PEOPLE and (said == "<5" or (isinstance(said, int) and not isinstance(said, bool))):
        yield said


async def _find(story: Story, county: str) -> None:
    auditor = story.at(county, "auditor")
    taken = await auditor.get(f"/matching/v1/runs/{story.cast.run}/people.parquet")
    export = taken.headers.get(EXPORT, "")
    found = (await auditor.get("/matching/v1/audit", params={"export": export})).json()["items"] if export else []
    ok = export.encode() in taken.content and [each["details"]["exported"] for each in found] == ["matching.people"]
    story.check(
        "a file that leaves says which export it is, and the trail who took it",
        ok,
        f"{export}: {[each['actor'] for each in found]}",
    )
