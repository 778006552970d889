"""One rejection with a named reason, and the pass of the run that fills the opening again under the same rule."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from deploy.demo.cast import Introduction, Opening
from deploy.demo.story import Story

LIST = "/matching/v1/introductions"
REJECTED_ON = "2017-04-24"
REASON = "lacking_skills"
Work = Callable[[Story, list[Introduction]], Awaitable[None]]


async def play(story: Story, *, ask: Work, hire: Work) -> None:
    """Reject one, see the person on the list again, open the pass, see the opening filled, introduce who came in."""
    opening = story.cast.free
    await _reject(story, opening.rejected)
    before = await _live(story)
    run = story.cast.run
    number = (await story.get(story.province, f"/matching/v1/runs/{run}"))["pass"]
    await story.post(story.province, f"/matching/v1/runs/{run}/passes")

    async def settled() -> Any:
        shown = await story.get(story.province, f"/matching/v1/runs/{run}")
        return shown if shown["pass"] > number and shown["state"] == "settled" and shown["hash"] else None

    shown = await story.eventually(settled, within=240, what="the second pass settled")
    after = await _filled(story, before)
    await _check_outcome(story, opening, before, after, shown["pass"])
    fresh = [each for each in after.values() if each["state"] in ("held", "offered")]
    await _close(story, fresh, ask=ask, hire=hire)


def employer_of(story: Story, introduction: Introduction) -> httpx.AsyncClient:
    """The vacancy's own employer at the city's door; for a firm without a credit code an officer acts."""
    node, uscc = f"n{introduction['city']}", introduction["employer_uscc"]
    return story.at(node, "employer", organisation=uscc) if uscc else story.at(node)


async def _reject(story: Story, rejected: Introduction) -> None:
    employer = employer_of(story, rejected)
    path = f"{LIST}/{rejected['id']}"
    nameless = await employer.post(f"{path}/reject", json={"reason": "because", "on": REJECTED_ON})
    named = await employer.post(f"{path}/reject", json={"reason": REASON, "on": REJECTED_ON})
    pointers = [error["pointer"] for error in nameless.json().get("errors", [])]
    ok = nameless.status_code == 422 and pointers == ["/reason"] and named.status_code == 200
    story.check(
        "a rejection needs a reason that has a name", ok, f"{nameless.status_code}, then {named.status_code} {REASON}"
    )

    async def listed() -> bool:
        seen = await story.get(f"n{rejected['county']}", path)
        return (seen["state"], seen["reason"]) == ("rejected", REASON)

    heard = await story.eventually(listed, what="the rejection at the county")
    story.check("the county hears why", heard, REASON)


async def _live(story: Story) -> dict[str, Introduction]:
    """person -> the introduction of the run that is open or signed."""
    rows = [each for node in story.counties for each in await story.pages(node, LIST, run=story.cast.run)]
    return {each["person"]: each for each in rows if each["owner"] or each["state"] == "started"}


async def _filled(story: Story, before: dict[str, Introduction]) -> dict[str, Introduction]:
    """The counties have held the places of the new pass: as many as before the rejection."""

    async def arrived() -> dict[str, Introduction]:
        now = await _live(story)
        return now if len(now) > len(before) else {}

    return await story.eventually(arrived, what="somebody in the place that came free")


async def _check_outcome(
    story: Story, opening: Opening, before: dict[str, Introduction], after: dict[str, Introduction], number: int
) -> None:
    signed = {person for person, each in before.items() if each["state"] in ("agreed", "introduced", "hired")}
    touched = [person for person in signed if after.get(person, {}).get("id") != before[person]["id"]]
    story.check(
        "signed places are frozen in the new pass", not touched, touched or f"{len(signed)} signed, pass {number}"
    )
    fresh = [each for person, each in after.items() if before.get(person, {}).get("id") != each["id"]]
    filled = [each for each in fresh if each["vacancy"] == opening.rejected["vacancy"]]
    story.check("the opening that came free is filled by the next pass", filled, opening.rejected["title"])
    newcomers = [each for each in fresh if each["person"] not in before]
    moved = [each for each in fresh if each["person"] in before]
    story.check(
        "in the end somebody without a place has one", newcomers, f"{len(newcomers)} came in, {len(moved)} moved up"
    )
    story.check("who was rejected has left this run", opening.rejected["person"] not in after)
    old = [await story.get(f"n{each['county']}", f"{LIST}/{before[each['person']]['id']}") for each in moved]
    ended = all((each["state"], each["reason"]) == ("obsolete", "moved_up") for each in old)
    story.check("whoever moved up has one place, not two", ended, f"{len(moved)} moved up")


async def _close(story: Story, fresh: list[Introduction], *, ask: Work, hire: Work) -> None:
    """Who came in or stayed open is asked, introduced and hired like all others."""
    ready = [each for each in fresh if each["state"] == "held"]
    await ask(story, ready)
    wanted = {each["id"] for each in ready}

    async def introduced() -> list[Introduction]:
        rows = list((await _live(story)).values())
        found = [each for each in rows if each["id"] in wanted and each["state"] == "introduced"]
        return found if len(found) == len(wanted) else []

    rows = await story.eventually(introduced, what="the cards of those who came in")
    await hire(story, rows)
    story.check("who came in by the second pass is hired too", True, f"{len(rows)} people")
