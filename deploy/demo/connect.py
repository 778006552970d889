"""两地对接, a day between a county and a city: a firm is designated, a post abroad needs a licence, one person does not turn up,
one withdraws the consent; the county's node is killed meanwhile, and nothing is lost by it."""

from __future__ import annotations

from datetime import date

from deploy.demo.cast import Answer, Introduction
from deploy.demo.desks import VACANCIES, Desk
from deploy.demo.introduce import LIST
from deploy.demo.keep import employer_of
from deploy.demo.needs import seekers
from deploy.demo.story import Story
from libs.common.calendar import add_days
from libs.common.node import Clock

DESIGNATIONS, EMPLOYERS = "/jobs/v1/designations", "/jobs/v1/employers"
PROMISED = 20


async def play(story: Story) -> None:
    """What both governments do beside a run, each step where it belongs."""
    desk = await Desk.at(story, story.counties[0], None, str(Clock().today()))
    designation = await _designate(desk)
    await _abroad(desk)
    missed, withdrawn = await desk.introduce(2)
    await _not_turned_up(desk, missed, designation)
    await _consent_withdrawn(desk, withdrawn)


async def _designate(desk: Desk) -> Answer:
    """就业扶贫基地: from, until, by whom, for how many; a second one of its kind is refused while the first holds."""
    wanted = {
        "employer_uscc": desk.post["employer_uscc"],
        "kind": "base",
        "since": desk.on,
        "until": str(add_days(date.fromisoformat(desk.on), 365)),
        "by": f"{desk.story.places[desk.city].name}人力资源和社会保障局",
        "promised": PROMISED,
    }
    made: Answer = await desk.story.post(desk.city, DESIGNATIONS, wanted)
    again = await desk.story.at(desk.city).post(DESIGNATIONS, json=wanted)
    seen = (made["running"], made["promised"], made["counted"], again.status_code)
    desk.story.check_equal(
        "connect: a firm is designated once, for a time and a number", seen, (True, PROMISED, 0, 409)
    )
    return made


async def _abroad(desk: Desk) -> None:
    """对外劳务合作: the post is refused for the licence and for nothing else, and given as soon as one is on record."""
    story, until = desk.story, add_days(date.fromisoformat(desk.on), 90)
    post = {
        "employer_uscc": desk.post["employer_uscc"],
        "title": "食品加工",
        "openings": 2,
        "wage": 9000,
        "kind": "abroad",
        "country": "JP",
        "age_min": 18,
        "age_max": 40,
        "contract_months": 36,
        "healthy": True,
        "passport": "arranged",
        "training": "planned",
        "valid_until": str(until),
    }
    refused = await story.at(desk.city).post(VACANCIES, json=post)
    codes = [error["code"] for error in refused.json().get("errors", [])]
    firms = await story.pages(desk.city, EMPLOYERS, q=desk.post["employer_uscc"])
    licence = {"export_licence": "L370020170001", "export_licence_until": str(add_days(until, 1))}
    await story.patch(desk.city, f"{EMPLOYERS}/{firms[0]['id']}", licence)
    given = await story.post(desk.city, VACANCIES, post)
    seen = (refused.status_code, codes, given["kind"], given["country"])
    story.check_equal(
        "connect: a post abroad is refused for the licence, and given with one",
        seen,
        (422, ["export_licence"], "abroad", "JP"),
    )


async def _not_turned_up(desk: Desk, missed: Introduction, designation: Answer) -> None:
    """未到岗: the opening is free and counts no more, and the person is free as soon as the county's node is back."""
    story, firm, before = desk.story, employer_of(desk.story, missed), await desk.openings_left()
    path, on = f"{LIST}/{missed['id']}", {"on": desk.on}
    (await firm.post(f"{path}/hire", json=on)).raise_for_status()
    await desk.wait([missed["id"]], "hired")

    async def counted(hires: int) -> bool:
        shown = await story.get(desk.city, f"{DESIGNATIONS}/{designation['id']}")
        return bool((shown["counted"], await desk.openings_left()) == (hires, before - hires))

    taken = await story.eventually(lambda: counted(1), what="the hire counted for the designation and the opening")
    await story.lab.kill(desk.county)
    (await firm.post(f"{path}/no-show", json={"reason": "did_not_come", **on})).raise_for_status()
    given_back = await story.eventually(lambda: counted(0), what="the opening of who did not come")
    await story.lab.start(desk.county)
    (seen,) = await desk.wait([missed["id"]], "no_show")
    free = [each["person"] for each in await seekers(story, desk.county)]
    story.check(
        "connect: a hire counts for the base and takes an opening; who does not come gives it back",
        taken and given_back,
    )
    story.check(
        "connect: who did not turn up seeks again, though the county's node was killed meanwhile",
        seen["person"] in free and seen["reason"] == "did_not_come",
        seen["reason"],
    )


async def _consent_withdrawn(desk: Desk, withdrawn: Introduction) -> None:
    """撤回同意: the city shows the name no more and confirms; both ends keep that it happened."""
    story, path = desk.story, f"{LIST}/{withdrawn['id']}"
    guest = (await story.get(desk.city, path))["guest"]
    before = await story.at(desk.city).get(f"/registry/v1/guests/{guest}")
    await story.post(desk.county, f"{path}/withdraw-consent", {"reason": "changed_mind", "on": desk.on})

    async def erased() -> bool:
        gone = (await story.at(desk.city).get(f"/registry/v1/guests/{guest}")).status_code in (404, 410)
        return gone and (await story.get(desk.city, path))["state"] == "declined"

    gone = await story.eventually(erased, what="the card erased at the city")
    sides = [await story.get(node, path) for node in (desk.county, desk.city)]
    kept = {(side["state"], side["reason"]) for side in sides} == {("declined", "consent_withdrawn")}
    withdrawn_on = sides[0]["consent_withdrawn_on"]
    story.check(
        "connect: a consent withdrawn erases the card at the city, and both ends keep that it happened",
        before.status_code == 200 and gone and kept and withdrawn_on == desk.on,
        withdrawn_on,
    )
