"""出生日期 An analyst moves days to find a birth date, and an officer reads without a purpose: neither is told, and who was told anything is on record."""

from __future__ import annotations

from deploy.demo.revealing import WHY, reveal
from deploy.demo.story import Story

LABOURERS, IDENTIFICATION = "/registry/v1/labourers", "/registry/v1/identification"
# Around two birthdays of everybody who turns 16 or 60 in these days.
DAYS = ("2016-08-16", "2016-08-17", "2016-08-18", "2017-03-30")


async def play(story: Story) -> None:
    """The search over days finds nothing to compare; a reveal leaves its trace, which the person is shown and partners vouch for."""
    county = story.counties[0]
    await _search(story, county)
    await _check_trail(story, county)
    await _check_witnesses(story, county)


async def _search(story: Story, county: str) -> None:
    analyst = story.at(county, "analyst")
    counts = [(await analyst.get(IDENTIFICATION, params={"as_of": day})).status_code for day in DAYS]
    rough = (await analyst.get(IDENTIFICATION)).json()
    people = [(await analyst.get(LABOURERS, params={"as_of": day})).status_code for day in DAYS]
    ok = set(counts) == {422} and set(people) == {403} and rough["rounded_to"] == 5 and rough["people"] % 5 == 0
    story.check("an analyst finds no birth date by moving days", ok, f"counts {counts}, people {people}")
    seen = [
        [
            (row["age_band"], row["number"][6:])
            for row in (await story.get(county, LABOURERS, limit=50, as_of=day))["items"]
        ]
        for day in DAYS
    ]
    story.check(
        "not even an officer sees an age that follows a chosen day",
        all(each == seen[0] for each in seen) and seen[0],
        seen[0][:1],
    )


async def _check_trail(story: Story, county: str) -> None:
    one = (await story.get(county, LABOURERS, limit=1))["items"][0]["id"]
    await reveal(story, county, f"{LABOURERS}/{one}")
    told = (await story.get(county, f"{LABOURERS}/{one}/accesses", limit=1))["items"][0]
    ok = (told["action"], told["purpose"], told["reference"]) == (
        "registry.reveal_labourer",
        WHY["purpose"],
        WHY["reference"],
    )
    story.check(
        "a person is told who looked and for what", ok, f"{told['who']}: {told['purpose']}, {', '.join(told['fields'])}"
    )


async def _check_witnesses(story: Story, county: str) -> None:
    """A partner remembers where the county's chains ended, as the county has signed them."""

    async def witnessed() -> list[bool]:
        answer = await story.at(story.cities[0], "auditor").get(
            "/registry/v1/audit/heads", params={"node": county, "limit": 50}
        )
        return [each["contradicts"] for each in answer.json()["items"] if each["service"] == "registry"]

    known = await story.eventually(witnessed, what="the ends of the county's chains at a partner")
    story.check(
        "a partner remembers where the county's trail ended, and nothing contradicts it",
        not any(known),
        f"{len(known)} signed ends",
    )
