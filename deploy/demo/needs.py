"""Who seeks, as the counties' officers know them, and who needs more than an opening: couples, and people who sign.

Officers of a county look up its own people and compare claims by the published rule; a city hears of posts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deploy.demo.cast import Row
from deploy.demo.revealing import reveal_all
from deploy.demo.story import Story, at_once
from libs.common.codes.occupations import occupation_group

SIGNS = "sign_language"


@dataclass(frozen=True)
class Case:
    """One person who needs sign language, or two who go together, as rows of the people file of matching v1."""

    people: tuple[Row, ...]

    @property
    def signs(self) -> bool:
        return len(self.people) == 1


async def seekers(story: Story, node: str) -> list[Row]:
    """The people on a county's own list, by id."""
    people: list[Row] = []
    after: dict[str, str] = {}
    while True:
        page = await story.get(node, "/matching/v1/demand", limit=200, **after)
        people += page["people"]
        if page["next"] is None:
            return people
        after = {"after": page["next"]}


async def look_up(story: Story, as_of: str, weights: Row) -> list[Row]:
    """Everybody on the counties' lists with the facts that a run would enter them with; couples share their points."""
    rows: dict[str, Row] = {}
    for node in story.counties:
        listed = await seekers(story, node)
        rows |= {row["person"]: row for row in await _facts_of_many(story, node, listed, as_of)}
    points = {name: _points(row, weights) for name, row in rows.items()}
    return [{**row, "shared": max(0, points.get(row["partner"] or "", 0) - points[name])} for name, row in rows.items()]


async def _facts_of_many(story: Story, node: str, listed: Iterable[Row], as_of: str) -> list[Row]:
    cities = [city[1:] for city in story.cities]
    listed = list(listed)
    ages = {
        person["id"]: person["age"]
        for person in await reveal_all(story, node, ids=[each["person"] for each in listed], as_of=as_of)
    }

    async def one(seeker: Row) -> Row:
        known = await story.get(node, f"/registry/v1/labourers/{seeker['person']}", as_of=as_of)
        return facts_of(seeker, {**known, "age": ages[seeker["person"]]}, node[1:], cities)

    return await at_once(one, listed)


def facts_of(seeker: Row, known: Row, county: str, cities: Sequence[str]) -> Row:
    """What the county's list and register know of a person, as a row of the people file."""
    wish = known["wish"]
    least = wish["wage_minimum"] or 0
    return {
        "person": seeker["person"],
        "county": county,
        "age": known["age"],
        "education": seeker["education"],
        "groups": seeker["groups"],
        "burden": known["burden"],
        "occupation": occupation_group(wish["occupation"]),
        "experience": wish["experience"],
        "wage_expected": wish["wage_expected"] or least,
        "wage_reserve": least,
        "elsewhere": wish["elsewhere"],
        "available_from": wish["available_from"] or known["visited"],
        "destinations": _cities(wish["destinations"], cities),
        "refused": _cities(wish["refused"], cities),
        **{name: wish[name] for name in ("certificates", "restrictions", "accommodations", "needs")},
        "relatives_city": next(iter(_cities([wish["relatives_city"] or "-"], cities)), None),
        "partner": seeker["partner"] if seeker["together"] else None,
    }


def _cities(codes: Iterable[str], cities: Sequence[str]) -> list[str]:
    """Wished places as cities of the run: a province or prefecture stands for those within it."""
    found = [city for code in codes for city in sorted(cities) if city.startswith(code.rstrip("0") or "-")]
    return list(dict.fromkeys(found))


def _points(row: Row, weights: Row) -> int:
    points: dict[str, int] = weights["group_points"]
    return sum(points.get(group, 0) for group in set(row["groups"])) + int(row["burden"])


def cases_among(people: Iterable[Row]) -> list[Case]:
    """Who signs, and couples of whom both seek."""
    known = {row["person"]: row for row in people}
    signing = [Case((row,)) for row in known.values() if SIGNS in row["accommodations"] and not row["partner"]]
    pairs = [(row, known[row["partner"]]) for row in known.values() if row["partner"] in known]
    return signing + [Case(pair) for pair in pairs if pair[0]["person"] < pair[1]["person"]]
