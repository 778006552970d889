"""协作协议, an agreement between a city and a prefecture: confirmed by every county, counted from events to the person, signed by quarter with
one difference settled."""

from __future__ import annotations

from collections import Counter

from deploy.demo.cast import Answer
from deploy.demo.desks import Desk
from deploy.demo.introduce import LIST
from deploy.demo.keep import employer_of
from deploy.demo.story import Story, StoryBroken

AGREEMENTS, QUARTERS, SPELLS = "/jobs/v1/agreements", "/jobs/v1/quarters", "/retention/v1/spells"
QUARTER, WRITTEN, BEGAN, STATED, SIGNED = "2017Q2", "2017-06-01", "2017-06-20", "2017-07-05", "2017-07-10"
TOTALS = {"posts": 3000, "students": 200, "fairs": 20}


async def play(story: Story) -> None:
    """Entered by the city; the prefecture has no node, so its counties speak for it."""
    city = story.cities[0]
    agreement = await _enter(story, city)
    await _confirm(story, city, agreement)
    await _progress(story, city, agreement)
    await _sign(story, city, agreement)


def _counties(story: Story) -> list[str]:
    """The counties of the first one's prefecture."""
    return [node for node in story.counties if node[1:5] == story.counties[0][1:5]]


async def _enter(story: Story, city: str) -> str:
    origin = f"{story.counties[0][1:5]}00"
    terms = {"origin": origin, "title": "劳务协作协议（2017—2020）", "since": "2017-01-01", "until": "2020-12-31"}
    made = await story.post(city, AGREEMENTS, {**terms, **TOTALS})
    named = {each["county"] for each in made["parts"]}
    ok = made["state"] == "draft" and named == {node[1:] for node in _counties(story)}
    story.check("agreement: a prefecture's counties are its parts, and it waits for them", ok, sorted(named))
    return str(made["id"])


async def _confirm(story: Story, city: str, agreement: str) -> None:
    for county in _counties(story):

        async def heard(node: str = county) -> bool:
            return (await story.at(node).get(f"{AGREEMENTS}/{agreement}")).status_code == 200

        await story.eventually(heard, what=f"the agreement at {county}")
        await story.post(county, f"{AGREEMENTS}/{agreement}/confirm", {"on": "2017-01-10"})

    async def in_force() -> bool:
        nodes = [city, *_counties(story)]
        return all([(await story.get(node, f"{AGREEMENTS}/{agreement}"))["state"] == "in_force" for node in nodes])

    ok = await story.eventually(in_force, what="the agreement in force at every party")
    story.check("agreement: in force at both sides once every county has confirmed", ok)


async def _progress(story: Story, city: str, agreement: str) -> None:
    """Every start in the city, each person once, counted at the city and at each county alike, with the list behind it."""
    begun = [each for each in await story.pages(city, SPELLS) if each["previous"] is None]
    wanted = Counter(each["county"] for each in begun)

    async def reached() -> dict[str, int]:
        rows = await _posts(story, city, agreement)
        return rows if sum(rows.values()) >= sum(wanted.values()) else {}

    at_city = await story.eventually(reached, what="the starts counted for the agreement")
    at_home: dict[str, int] = {}
    for county in _counties(story):
        at_home |= {
            code: count for code, count in (await _posts(story, county, agreement)).items() if code == county[1:]
        }
    listed = await story.pages(city, f"{AGREEMENTS}/{agreement}/counted", kind="posts")
    expected = {node[1:]: wanted[node[1:]] for node in _counties(story)}
    story.check_equal("agreement: the city counts every start to the person", at_city, expected)
    story.check_equal("agreement: each county counts the same of its own", at_home, expected)
    story.check_equal("agreement: the list behind the figure is as long", len(listed), sum(expected.values()))
    students = await story.pages(city, f"{AGREEMENTS}/{agreement}/counted", kind="students")
    story.check_equal(
        "agreement: who has a training place is a student of it, who dropped out is none", len(students), 1
    )


async def _posts(story: Story, node: str, agreement: str) -> dict[str, int]:
    """County -> reached, as a node counts it; what is counted at another node is not there."""
    rows = (await story.get(node, f"{AGREEMENTS}/{agreement}/progress", kind="posts", as_of="2017-12-31"))["items"]
    return {each["county"]: each["reached"] for each in rows if each["county"] and each["reached"] is not None}


async def _sign(story: Story, city: str, agreement: str) -> None:
    """The city states a quarter, then a late start comes in: the county has one more, the difference names it, the city takes it."""
    county = _counties(story)[0]
    body = {"agreement": agreement, "county": county[1:], "period": QUARTER, "on": STATED}
    await story.post(city, QUARTERS, body)
    late = await _start_late(story, county, city, agreement)
    stated = await _until(story, county, agreement, "stated")
    await story.post(county, f"{QUARTERS}/{stated['id']}/sign", {"on": SIGNED})
    differs = await _until(story, city, agreement, "differs")
    differing = await story.pages(city, f"{QUARTERS}/{differs['id']}/entries", differing=True)
    named = [(each["reference"], each["held_by"]) for each in differing]
    story.check_equal("agreement: a difference names the introduction that one side has", named, [(late, "county")])
    taken = {"kind": "posts", "reference": late, "reason": "added_late", "on": "2017-07-12"}
    await story.post(city, f"{QUARTERS}/{differs['id']}/accept", taken)
    again = await _until(story, county, agreement, "stated")
    await story.post(county, f"{QUARTERS}/{again['id']}/sign", {"on": "2017-07-13"})
    signed = [await _until(story, node, agreement, "signed") for node in (city, county)]
    shown = await story.get(county, f"{QUARTERS}/{signed[1]['id']}")
    settled = {(each["side"], each["reference"], each["reason"]) for each in shown["settled"]}
    story.check_equal("agreement: settled with a reason, and signed by both", settled, {("city", late, "added_late")})


async def _start_late(story: Story, county: str, city: str, agreement: str) -> str:
    """Somebody is introduced and begins on a day of that quarter; the county has counted it."""
    desk = await Desk.at(story, county, city, WRITTEN)
    before = (await _posts(story, county, agreement))[county[1:]]
    (one,) = await desk.introduce(1)
    firm = employer_of(story, one)
    (await firm.post(f"{LIST}/{one['id']}/hire", json={"on": WRITTEN})).raise_for_status()
    body = {"introduction": one["id"], "start": BEGAN, "wage_fen": (desk.post["wage"] or 3000) * 100}

    async def begun() -> bool:
        answer = await firm.post(SPELLS, json=body, headers={"Idempotency-Key": f"late-{one['id']}"})
        if answer.status_code not in (201, 404, 409):
            raise StoryBroken(f"late start: {answer.status_code} {answer.text[:300]}")
        return answer.status_code == 201

    async def counted() -> bool:
        return (await _posts(story, county, agreement))[county[1:]] == before + 1

    await story.eventually(begun, what="a spell for the late start")
    await story.eventually(counted, what="the late start counted at the county")
    return str(one["id"])


async def _until(story: Story, node: str, agreement: str, state: str) -> Answer:
    """The quarter as a node has it, once it stands so; each node has it under an id of its own."""

    async def stands() -> Answer | None:
        rows = await story.pages(node, QUARTERS, agreement=agreement)
        return next((each for each in rows if (each["period"], each["state"]) == (QUARTER, state)), None)

    found = await story.eventually(stands, what=f"the quarter {state} at {node}")
    assert found is not None
    return found
