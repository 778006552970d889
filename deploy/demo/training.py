"""订单班, a training place of a firm: applied for by the county, given in order; who drops out makes room for the next, and a name goes with the
place alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from deploy.demo.cast import Answer
from deploy.demo.desks import Desk, free_people
from deploy.demo.story import Story
from libs.common.calendar import add_days
from libs.common.node import Clock

COURSES, ADMISSIONS = "/jobs/v1/courses", "/jobs/v1/admissions"
OFFERED, APPLICATIONS, LEAVERS = "/registry/v1/courses", "/registry/v1/applications", "/registry/v1/leavers"
QUARTER_END, APPLIED, ADMITTED, DROPPED = "2017-06-30", "2017-07-10", "2017-07-20", "2017-10-09"


async def play(story: Story) -> None:
    """One place for two who apply: admitted and waiting, dropped out and moved up, completed with a certificate."""
    county, city = story.counties[0], story.cities[0]
    await _leavers(story, county)
    desk = await Desk.at(story, county, city, APPLIED)
    course = await _enter(desk)
    first, second = await _apply(desk, course)
    await _admit(desk, first, second)
    await _drop_out(desk, first, second)
    await _complete(desk, second)


async def _leavers(story: Story, county: str) -> None:
    """两后生: by rule from the facts on record, and who of them has nobody's plan."""
    counts = await story.get(county, f"{LEAVERS}/counts", as_of=QUARTER_END)
    listed = await story.pages(county, LEAVERS, as_of=QUARTER_END)
    ok = counts["people"] == len(listed) and 0 <= counts["unplanned"] <= counts["people"]
    story.check("training: the county lists its school leavers and those with nobody's plan", ok, counts)


async def _enter(desk: Desk) -> str:
    """An order class of one place, bound to a post of the firm; the county hears of it."""
    course = {
        "provider_uscc": desk.post["employer_uscc"],
        "title": f"{desk.post['title']}订单班",
        "kind": "order_class",
        "vacancies": [desk.post["vacancy"]],
        "places": 1,
        "starts_on": "2017-09-01",
        "ends_on": str(add_days(Clock().today(), 30)),
        "apply_by": "2017-08-20",
        "on": APPLIED,
    }
    made: Answer = await desk.story.post(desk.city, COURSES, course)
    deposit = {**course, "fee": 500, "fee_note": "押金，结业退还"}
    refused = await desk.story.at(desk.city).post(COURSES, json=deposit)

    async def heard() -> bool:
        return (await desk.story.at(desk.county).get(f"{OFFERED}/{made['id']}")).status_code == 200

    ok = await desk.story.eventually(heard, what="the course at the county")
    codes = [error["code"] for error in refused.json().get("errors", [])]
    desk.story.check_equal(
        "training: a course is offered, a deposit is refused", (ok, codes), (True, ["deposit_or_fee"])
    )
    return str(made["id"])


async def _apply(desk: Desk, course: str) -> Sequence[str]:
    """Two people of full age say yes; the city hears ages and schooling, and nobody's name."""
    people = (await free_people(desk.story, desk.county))[:2]
    told = {"course": course, "consented_by": "person", "on": APPLIED}
    made = [await desk.story.post(desk.county, APPLICATIONS, {"person": one, **told}) for one in people]

    async def arrived() -> list[Answer]:
        rows = await desk.story.pages(desk.city, ADMISSIONS, course=course)
        return rows if {each["id"] for each in rows} == {each["id"] for each in made} else []

    rows = await desk.story.eventually(arrived, what="the applications at the city")
    secret = all("person" not in each and "name" not in each for each in rows)
    desk.story.check(
        "training: the city hears of two who apply, and not who they are", secret, f"{len(rows)} applications"
    )
    return [each["id"] for each in made]


async def _admit(desk: Desk, first: str, second: str) -> None:
    """The only place goes to the first; the other waits."""
    states = [
        (await desk.story.post(desk.city, f"{ADMISSIONS}/{one}/admit", {"on": ADMITTED}))["state"]
        for one in (first, second)
    ]
    desk.story.check_equal("training: one place is given once, the next waits", states, ["admitted", "waiting"])
    await _wait(desk, {first: "admitted", second: "waiting"})
    day = {"days": 20, "on": "2017-09-30"}
    attended = await desk.story.at(desk.city).put(f"{ADMISSIONS}/{first}/attendance", json=day)
    desk.story.check_equal("training: attendance is noted", attended.json().get("attended"), 20)


async def _drop_out(desk: Desk, first: str, second: str) -> None:
    """退学: the place comes back and the next has it, at both nodes."""
    gone = await desk.story.post(desk.city, f"{ADMISSIONS}/{first}/drop", {"reason": "family", "on": DROPPED})
    moved = await desk.story.get(desk.city, f"{ADMISSIONS}/{second}")
    await _wait(desk, {first: "dropped", second: "admitted"})
    desk.story.check_equal(
        "training: who drops out makes room for the next, and the county hears both",
        (gone["state"], moved["state"]),
        ("dropped", "admitted"),
    )


async def _complete(desk: Desk, second: str) -> None:
    paper = {"certificate_number": "1744000000400123", "certificate_level": "初级", "on": str(date(2018, 6, 29))}
    await desk.story.post(desk.city, f"{ADMISSIONS}/{second}/complete", paper)
    await _wait(desk, {second: "completed"})
    shown = await desk.story.get(desk.county, f"{APPLICATIONS}/{second}")
    number = shown["certificate_number"]
    desk.story.check_equal("training: the certificate stands at home", number, paper["certificate_number"])


async def _wait(desk: Desk, wanted: dict[str, str]) -> None:
    """Until the county's applications stand as they should."""

    async def stand() -> bool:
        seen = {one: (await desk.story.get(desk.county, f"{APPLICATIONS}/{one}"))["state"] for one in wanted}
        return seen == wanted

    await desk.story.eventually(stand, what=f"applications {sorted(wanted.values())} at the county")
