"""The stores of two nodes under news that is late, doubled, or lost and told again, steps in between: they end in states that fit."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import text

from libs.common.database import Transaction, new_id
from libs.common.events.envelope import Event
from libs.common.events.matching import (
    ConsentWithdrawn,
    IntroductionAnswered,
    IntroductionHired,
    IntroductionReleased,
    IntroductionSent,
    IntroductionWithdrawn,
)
from libs.common.events.registry import GuestReceived
from libs.common.inbox import Arrival
from libs.common.problems import Problem
from services.matching.operations.introductions import city, consents, county, undoing
from services.matching.rules.introductions.steps import SIGNED, TAKEN
from tests.integration.matching.two_offices import Two, two_offices
from tests.support.nodes import Nodes, announced
from tests.support.telling import a_labourer, a_vacancy, arrival_of_event, tell

BETWEEN: dict[str, type[Event]] = {
    kind.TYPE: kind for kind in (ConsentWithdrawn, IntroductionAnswered, IntroductionSent, IntroductionWithdrawn)
}
AT_HOME: dict[str, type[Event]] = {kind.TYPE: kind for kind in (IntroductionHired, IntroductionReleased)}
ON, BY = date(2017, 5, 9), "n433124/officer"
STEPS = (
    "offer",
    "agree",
    "agree",
    "decline",
    "cancel",
    "withdraw",
    "undo",
    "hire",
    "hire",
    "reject",
    "no_show",
    "start",
    "end",
)


class Wire:
    """Two nodes and everything that either has told the other so far: each may be heard at any time, as often as one likes."""

    def __init__(self, two: Two, made: list[UUID], random: Random) -> None:
        self.two, self.made, self.random = two, made, random
        self.told: list[tuple[str, Event]] = []
        self.seen = {"county": 0, "city": 0}

    async def collect(self) -> None:
        for side in ("county", "city"):
            for arrival, position in await announced(getattr(self.two, side), self.seen[side]):
                self.seen[side] = position
                if kind := BETWEEN.get(arrival.envelope.type):
                    self.told.append((side, kind.model_validate_json(arrival.data)))

    async def hear(self, news: list[tuple[str, Event]]) -> None:
        """Each as an event of its own, so that no inbox helps: the same word told again has another id."""
        for side, to in (("county", self.two.city), ("city", self.two.county)):
            node = f"n{'433124' if side == 'county' else '440300'}"
            batch: list[Arrival] = [arrival_of_event(event, to, node, "matching") for by, event in news if by == side]
            if batch:
                await to.inbox.receive(batch)

    async def act(self, step: str) -> None:
        """A step of either side on one of the introductions; what is not possible now is refused."""
        context = self.two.city if step in ("hire", "reject", "no_show", "start", "end") else self.two.county
        here = self.random.random() < 0.5 and step == "undo"
        try:
            async with (self.two.city if here else context).database.transaction() as tx:
                await self._take(tx, step, self.random.choice(self.made))
        except Problem:
            return

    async def _take(self, tx: Transaction, step: str, one: UUID) -> None:
        match step:
            case "offer":
                await county.offer_introductions(tx, [one], ON, BY)
            case "agree":
                await county.agree_introductions(tx, self.random.sample(self.made, 2), "2017.1", ON, BY)
            case "decline":
                await county.decline_introductions(tx, [one], "too_far", ON, BY)
            case "cancel":
                await county.cancel_introductions(tx, [one], "too_far", ON, BY)
            case "withdraw":
                await consents.withdraw_consent(tx, one, "not_said", ON, BY)
            case "undo":
                await undoing.undo_introduction(tx, one, ON, f"{tx.node.id}/officer")
            case "hire":
                await city.hire_introductions(tx, self.made, ON, BY)
            case "reject":
                await city.reject_introductions(tx, [one], "other", ON, BY)
            case "no_show":
                await city.miss_introductions(tx, [one], "did_not_come", ON, BY)
            case "start":
                await city.start_work(tx, one, ON)
            case "end":
                await city.end_work(tx, one, ON, returned_home=False)

    async def open_cards(self) -> None:
        """The registries: a card for everybody who has agreed."""
        for row in await self.rows("county"):
            if row["consent_on"] and self.random.random() < 0.5:
                card = GuestReceived(
                    introduction=row["introduction"],
                    guest=new_id(),
                    county="433124",
                    birth_date=date(1985, 3, 2),
                    education=2,
                    on=ON,
                )
                await tell(self.two.city, card)

    async def rows(self, side: str) -> list[dict[str, Any]]:
        async with getattr(self.two, side).database.reading() as tx:
            asked = "SELECT introduction, state, turn, consent_on FROM introductions ORDER BY introduction"
            return [dict(row._mapping) for row in (await tx.execute(text(asked))).all()]


async def has_place(two: Two) -> set[UUID]:
    """Whose opening jobs counts, from what the city's matching has told its own offices."""
    last: dict[UUID, tuple[int, bool]] = {}
    for arrival, _ in await announced(two.city):
        if kind := AT_HOME.get(arrival.envelope.type):
            event = cast("IntroductionHired | IntroductionReleased", kind.model_validate_json(arrival.data))
            last[event.introduction] = max(
                last.get(event.introduction, (0, False)), (event.turn, isinstance(event, IntroductionHired))
            )
    return {introduction for introduction, (_, hired) in last.items() if hired}


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_heard_when_both_nodes_end_alike(nodes: Nodes, seed: int) -> None:
    two, random = await two_offices(nodes), Random(seed)
    person, vacancies = a_labourer(), [a_vacancy(openings=9, openings_left=9) for _ in range(4)]
    await two.list_vacancies(*vacancies)
    await tell(two.county, person)
    wire = Wire(two, [UUID(await two.propose(person, vacancy)) for vacancy in vacancies], random)
    for _ in range(45):
        await wire.collect()
        if random.random() < 0.6:
            await wire.act(random.choice(STEPS))
            await wire.open_cards()
        else:
            await wire.hear([random.choice(wire.told)])
        assert sum(row["state"] in SIGNED for row in await wire.rows("county")) <= 1
    heard = 0
    while heard < len(wire.told):  # what was lost is told again, until nobody has anything to say
        heard = len(wire.told)
        await wire.hear(random.sample(wire.told, heard))
        await wire.collect()
    known = {row["introduction"]: row["state"] for row in await wire.rows("county")}
    assert known == {row["introduction"]: row["state"] for row in await wire.rows("city")}
    working = {row["introduction"] for row in await wire.rows("city") if row["state"] in TAKEN}
    ended = {introduction for introduction, state in known.items() if state == "ended"}
    assert await has_place(two) - ended == working
    assert len(working) <= 1
