"""Whatever happens in any order: settled, open and left are who is listed, the sums are the rows, and what is signed stays as it was."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from services.registry.operations.round_listing import sum_up
from tests.integration.registry.files import a_file, a_row, listed, send_bytes
from tests.integration.registry.rounds import no_change, open_round, progress
from tests.integration.registry.test_corrections import LABOURERS
from tests.integration.registry.test_imports import a_number
from tests.integration.registry.test_round_signing import sign, take_back
from tests.integration.registry.test_visits import visit
from tests.support.nodes import Nodes, client_of

PLACES = (("花垣镇", "老寨村", "430001"), ("边城镇", "茶洞村", "430002"), ("吉卫镇", "腊乙村", "430003"))
PEOPLE = 6
ON = "2017-05-{:02}"
DOINGS = ("settle", "visit", "nobody", "move", "die", "back", "sign", "unsign", "sum", "wish")
step = st.tuples(st.sampled_from(DOINGS), st.integers(0, PEOPLE - 1), st.integers(0, len(PLACES) - 1))


class Life:
    """One round of one small county; each step may be refused, and none may leave it wrong."""

    def __init__(self, context: ServiceContext, client: httpx.AsyncClient, people: list[dict[str, Any]]):
        self.context, self.client, self.people = context, client, people
        self.homes = {one["township"]: one["household"] for one in people}
        self.round: dict[str, Any] = {}
        self.signed: dict[str, Any] = {}

    async def do(self, what: str, who: int, where: int, day: str) -> None:
        one, township = self.people[who]["id"], PLACES[where][0]
        path = f"{LABOURERS}/{one}"
        match what:
            case "settle":
                await no_change(self.client, self.round, one, day)
            case "visit" | "nobody":
                await visit(self.client, one, day, "changed" if what == "visit" else "not_home")
            case "wish":
                await visit(self.client, one, day, "changed", wish={"willing": where == 0})
            case "move":
                body = {"household": self.homes[township], "kinship": "其他", "on": day}
                await self.client.post(f"{path}/moves", json=body)
            case "die":
                await self.client.post(f"{path}/departures", json={"way": "moved_out", "on": day})
            case "back":
                await self.client.post(f"{path}/returns", json={"kind": "came_back", "on": day})
            case "sign":
                answer = await sign(self.client, self.round, township, rest="not_reached")
                if answer.status_code == 200:
                    self.signed[township] = (await self.shown())[township]
            case "unsign":
                if (await take_back(self.client, self.round, township)).status_code == 200:
                    del self.signed[township]
            case "sum":
                async with self.context.database.transaction() as tx:
                    await sum_up(tx)

    async def shown(self) -> dict[str, dict[str, Any]]:
        told = await progress(self.client, self.round)
        return {
            each["township"]: {name: each[name] for name in ("listed", "settled", "late", "open", "left")}
            for each in told["townships"]
        }

    async def check(self) -> None:
        shown = await self.shown()
        for figures in shown.values():
            assert figures["settled"] + figures["open"] + figures["left"] == figures["listed"]
        assert sum(figures["listed"] for figures in shown.values()) == PEOPLE
        query = "SELECT township, state, count(*) FROM round_person WHERE round = :round GROUP BY 1, 2"
        async with self.context.database.reading() as tx:
            rows = (await tx.execute(text(query), {"round": self.round["id"]})).all()
        told = Counter(
            {(town, state): figures[state] for town, figures in shown.items() for state in ("settled", "open", "left")}
        )
        assert +told == Counter({(row.township, row.state): row.count for row in rows})
        assert {town: shown[town] for town in self.signed} == self.signed


async def test_settled_open_and_left_are_who_is_listed_whatever_happens(nodes: Nodes) -> None:
    context, loop = await nodes.open(SERVICE), asyncio.get_running_loop()
    async with client_of(context) as client:
        rows = [
            a_row(a_number(order=f"{number:03}"), f"龙{number}", 乡=PLACES[number % 3][0], 村=PLACES[number % 3][1], 户编号=PLACES[number % 3][2],
                  与户主关系="户主" if number < 3 else "其他")
            for number in range(PEOPLE)
        ]  # fmt: skip
        (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()
        people = await listed(client)
        assert len(people) == PEOPLE
        life = Life(context, client, people)

        async def live(steps: list[tuple[str, int, int]], opened: int) -> None:
            """The round is opened amid the steps; afterwards everything is put back for the next life."""
            life.round, life.signed = {}, {}
            for number, (what, who, where) in enumerate(steps):
                if number == opened:
                    life.round = await open_round(client, context)
                if life.round or what not in ("settle", "sign", "unsign"):
                    await life.do(what, who, where, ON.format(number % 28 + 1))
                if life.round:
                    await life.check()
            await _start_again(context)

        @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
        @given(steps=st.lists(step, min_size=8, max_size=14), opened=st.integers(0, 2))
        def lives(steps: list[tuple[str, int, int]], opened: int) -> None:
            asyncio.run_coroutine_threadsafe(live(steps, opened), loop).result(240)

        await asyncio.to_thread(lives)


async def _start_again(context: ServiceContext) -> None:
    tables = ("round", "round_person", "round_count", "round_signature", "visit", "wish", "departure")
    async with context.database.transaction() as tx:
        for table in tables:
            await tx.execute(text(f"DELETE FROM {table}"))
        await tx.execute(text("UPDATE person SET left_as = NULL, left_on = NULL, away = '{}'"))
        await tx.execute(text("UPDATE household SET closed_on = NULL"))
