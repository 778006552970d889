"""A county's desk before a city's post (对接的两头): what the chapters of fairs, agreements and training places share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deploy.demo.cast import Answer, Introduction
from deploy.demo.introduce import CONSENT, LIST
from deploy.demo.needs import seekers
from deploy.demo.story import Story, StoryBroken

VACANCIES = "/jobs/v1/vacancies"


@dataclass(frozen=True)
class Desk:
    """The two ends, the day that is written, and the post that is spoken of: as the county's list has it."""

    story: Story
    county: str
    city: str
    post: Answer
    on: str

    @classmethod
    async def at(cls, story: Story, county: str, city: str | None, on: str, *, least: int = 2) -> Desk:
        """A post with so many openings left, at a firm with a credit code; of any city where none is named."""
        posts = await offered(story, county, city, least=least)
        return cls(story, county, f"n{posts[0]['city']}", posts[0], on)

    async def openings_left(self) -> int:
        shown = await self.story.get(self.city, f"{VACANCIES}/{self.post['vacancy']}")
        return int(shown["openings_left"])

    async def at_home(self, introduction: str) -> Introduction:
        shown: Introduction = await self.story.get(self.county, f"{LIST}/{introduction}")
        return shown

    async def wait(self, introductions: Sequence[str], state: str) -> list[Introduction]:
        """As the county sees them once each has come to a state."""

        async def come() -> list[Introduction]:
            seen = [await self.at_home(one) for one in introductions]
            return seen if all(each["state"] == state for each in seen) else []

        return await self.story.eventually(come, what=f"{len(introductions)} introductions {state} at the county")

    async def introduce(self, count: int) -> list[Introduction]:
        """So many people are proposed, told, and say yes, each step once for all; their cards are opened."""
        people = (await free_people(self.story, self.county))[:count]
        made = [
            await self.story.post(self.county, LIST, {"person": one, "vacancy": self.post["vacancy"], "on": self.on})
            for one in people
        ]
        named = {"introductions": [each["id"] for each in made], "on": self.on}
        done = [
            await self.story.post(self.county, f"{LIST}/bulk/{verb}", {**named, **more})
            for verb, more in (("offer", {}), ("agree", {"consent": CONSENT}))
        ]
        if [each["done"] for each in done] != [count, count]:
            raise StoryBroken(f"{count} were to be told and to agree: {done}")
        return await self.wait(named["introductions"], "introduced")


async def offered(story: Story, county: str, city: str | None, *, least: int) -> list[Answer]:
    """Ordinary posts on the county's list with so many openings left, at firms with a credit code."""
    asked = {"city": city[1:]} if city else {}
    rows = await story.pages(county, "/matching/v1/supply", **asked)
    found = [each for each in rows if each["openings_left"] >= least and each["employer_uscc"]]
    if not found:
        raise StoryBroken(f"no post with a firm's credit code has {least} openings left")
    return found


async def free_people(story: Story, county: str) -> list[str]:
    """Who seeks and has never been introduced."""
    known = {each["person"] for each in await story.pages(county, LIST)}
    return [each["person"] for each in await seekers(story, county) if each["person"] not in known]
