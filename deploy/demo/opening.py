"""Which place of a run shall come free in the story: one that somebody without a place was refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from deploy.demo.cast import Introduction, Opening
from deploy.demo.story import Story, StoryBroken

# How often "why not that job?" is asked in search of somebody who may move up.
ASKED_MOST = 300


async def choose_opening(story: Story, held: list[Introduction], spare: set[str]) -> Opening:
    """A full vacancy and somebody without a place whom it refused; best if somebody placed would move up to it.

    `spare` are introductions that the story needs for something else.
    """
    search = await _begin(story, held, spare)
    first: Opening | None = None
    async for person, vacancy in search.refusals():
        first = first or Opening(search.places[vacancy], person, None)
        mover = await search.mover(vacancy)
        if mover:
            return Opening(search.places[vacancy], person, mover)
        if search.asked > ASKED_MOST:
            break
    if first is None:
        raise StoryBroken("nobody without a place was refused anywhere: the run was no competition")
    return first


async def _begin(story: Story, held: list[Introduction], spare: set[str]) -> Search:
    seeking = [(node, each) for node in story.counties for each in story.cast.seeking[node] if not each["together"]]
    placed, singles = {each["person"] for each in held}, {each["person"] for _, each in seeking}
    full = await _full_vacancies(story)
    movable = [
        each for each in held if each["id"] not in spare and each["person"] in singles and each["vacancy"] in full
    ]
    without = [(node, each["person"]) for node, each in seeking if each["person"] not in placed]
    return Search(story, movable, without)


async def _full_vacancies(story: Story) -> set[str]:
    """Vacancies whose open seats are all taken, by the certificates that the first county has."""
    signed = await story.get(story.counties[0], f"/matching/v1/runs/{story.cast.run}/certificate")
    tables = [each["cutoffs"] or {} for each in signed["certificates"]]
    return {vacancy for table in tables for vacancy, seats in table.items() if seats["open"] > 0}


@dataclass
class Search:
    """Asks the counties why somebody is not somewhere, each question once."""

    story: Story
    movable: list[Introduction]
    without: list[tuple[str, str]]
    asked: int = 0
    _known: dict[tuple[str, str], bool] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, Introduction]:
        """vacancy -> somebody who holds it and may lose it."""
        return {each["vacancy"]: each for each in self.movable}

    async def refusals(self) -> AsyncIterator[tuple[str, str]]:
        """People without a place and vacancies that refused them though every hard rule held."""
        done: set[str] = set()
        for node, person in self.without:
            for vacancy in self.places:
                if vacancy not in done and await self.refused(node, person, vacancy):
                    done.add(vacancy)
                    yield person, vacancy

    async def mover(self, vacancy: str) -> Introduction | None:
        """Somebody placed elsewhere who wanted this one more, and whose own place somebody without one was refused."""
        losing = self.places[vacancy]["id"]
        for each in self.movable:
            if self.asked > ASKED_MOST or each["vacancy"] == vacancy or each["id"] == losing:
                continue
            if await self.refused(f"n{each['county']}", each["person"], vacancy) and await self._wanted(
                each["vacancy"]
            ):
                return each
        return None

    async def _wanted(self, vacancy: str) -> bool:
        for node, person in self.without:
            if self.asked <= ASKED_MOST and await self.refused(node, person, vacancy):
                return True
        return False

    async def refused(self, node: str, person: str, vacancy: str) -> bool:
        """Whether it was the cutoff or the lottery; not a hard rule, nor that the person has a better place."""
        if (person, vacancy) not in self._known:
            self.asked += 1
            run = {"run": self.story.cast.run}
            answer = await self.story.at(node).get(f"/matching/v1/people/{person}/explanations/{vacancy}", params=run)
            refused = answer.status_code == 200 and answer.json()["kind"] in ("cutoff", "lottery")
            self._known[person, vacancy] = refused
        return self._known[person, vacancy]
