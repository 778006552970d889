"""A run between real nodes on real brokers, with what goes wrong there: a city away, a convener killed, a vacancy gone, a stop."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.local import fleet
from deploy.local.fleet import kill_node, start_node
from deploy.local.node import Node, nodes_of
from libs.common.events.jobs import VacancyWithdrawn
from libs.common.node import NodeContext
from libs.common.outbox import announce
from libs.common.pools import Database
from services.jobs.settings import JobsSettings
from services.matching import kernel
from tests.bench.measure import digest, read
from tests.bench.nodes import (
    AS_OF,
    CITIES,
    COUNTIES,
    PROVINCE,
    allot,
    announce_run,
    convene,
    door,
    fill,
    gathered,
    until,
)
from tests.support import eventually

ROOT = Path(__file__).parents[2]
Shown = dict[str, Any]

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Running:
    """Six nodes with people and vacancies in their lists, and what each city gives to every run."""

    nodes: dict[str, Node]
    allotted: dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("market")
    subprocess.run([sys.executable, "-P", "-m", "tests.bench.instances", str(folder), "1k", "7"], cwd=ROOT, check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XIELI_HOME", str(tmp_path_factory.mktemp("nodes")))
        fleet.prepare(print)
        try:
            fleet.up((), print)
            nodes = {node.id: node for node in nodes_of()}
            yield Running(nodes, asyncio.run(fill(nodes, read(folder))))
        finally:
            fleet.down((), print)


async def shown_at(node: Node, run: str) -> Shown:
    async with door(node, "officer") as client:
        answer = await client.get(f"/runs/{run}")
        return dict(answer.json()) if answer.status_code == 200 else {}


async def seen_when(node: Node, run: str, holds: Callable[[Shown], bool]) -> None:
    """Until a node shows a run so."""

    async def does() -> bool:
        return holds(await shown_at(node, run))

    await eventually(does, within=120)


async def settled(running: Running, run: str) -> Shown:
    async with asyncio.timeout(180), door(running.nodes[PROVINCE], "officer") as client:
        return await until(client, f"/runs/{run}", "settled")


async def assert_central(running: Running, shown: Shown) -> None:
    """The nodes' result is the one of the kernel on all their facts in one place; every county has verified its people's."""
    facts = await gathered(running.nodes, shown["run"], shown["seed"])
    assert shown["hash"] == digest(facts, kernel.match(kernel.prepare(*facts)).vacancy)
    assert shown["placed"] > 0
    for county in COUNTIES:
        async with door(running.nodes[county], "auditor") as client:

            async def has_verified(client: httpx.AsyncClient = client) -> bool:
                return bool((await client.get(f"/runs/{shown['run']}/certificate")).json()["verified"])

            await eventually(has_verified, within=60)


def has_cards_for(city: str) -> Callable[[Shown], bool]:
    return lambda shown: any(
        each["to"] == city and each["sent"] for each in shown.get("channels", []) if each["kind"] == "cards"
    )


def waits_for(city: str) -> Callable[[Shown], bool]:
    """Whether everything but the city's own channels has been handled, and something for the city has not."""

    def quiet(shown: Shown) -> bool:
        others = [each for each in shown["channels"] if city not in (each["from"], each["to"])]
        return all(each["sent"] == each["handled"] for each in others) and any(
            each["sent"] > each["handled"] for each in shown["channels"] if each["to"] == city
        )

    return quiet


async def _kill_while_cards_are_on_their_way(running: Running, city: str) -> str:
    """A run whose city is killed as soon as a county has sent it cards: most of them come while it is away."""
    run = await convene(running.nodes, running.allotted)
    await seen_when(running.nodes[COUNTIES[0]], run, has_cards_for(city))
    await asyncio.to_thread(kill_node, city)
    await seen_when(running.nodes[PROVINCE], run, waits_for(city))
    return run


def play(what: Awaitable[None]) -> None:
    async def whole() -> None:
        await what

    asyncio.run(whole())


def test_a_city_that_is_away_after_its_reveal_changes_nothing_but_the_time(running: Running) -> None:
    async def story() -> None:
        run = await _kill_while_cards_are_on_their_way(running, "n440300")
        assert (await shown_at(running.nodes[PROVINCE], run))["state"] == "open"
        await asyncio.to_thread(start_node, "n440300")
        await assert_central(running, await settled(running, run))

    play(story())


def test_a_convener_killed_in_mid_run_goes_on_where_it_was(running: Running) -> None:
    async def story() -> None:
        run = await convene(running.nodes, running.allotted)
        await seen_when(running.nodes[COUNTIES[0]], run, has_cards_for(CITIES[0]))
        await asyncio.to_thread(kill_node, PROVINCE)
        await asyncio.to_thread(start_node, PROVINCE)
        await assert_central(running, await settled(running, run))

    play(story())


def test_a_vacancy_withdrawn_after_it_was_allotted_is_closed_in_the_run(running: Running) -> None:
    async def story() -> None:
        run, [first, *others] = await announce_run(running.nodes), CITIES
        await allot(running.nodes[first], run, running.allotted[first])
        gone = max(running.allotted[first], key=lambda each: each["openings"])["vacancy"]
        await _withdraw(running.nodes[first], gone)
        running.allotted[first] = [each for each in running.allotted[first] if each["vacancy"] != gone]
        for city in others:
            await allot(running.nodes[city], run, running.allotted[city])
        shown = await settled(running, run)
        await assert_central(running, shown)
        facts = await gathered(running.nodes, run, shown["seed"])
        assert [each.openings for each in facts.vacancies if each.vacancy == gone] == [0]

    play(story())


async def _withdraw(node: Node, vacancy: str) -> None:
    """The city's jobs service announces it, and its matching service strikes it off the list."""
    told = {
        name.removeprefix("XIELI_").lower(): value
        for name, value in node.environment().items()
        if name.startswith("XIELI_")
    }
    settings = JobsSettings.model_validate(told)
    database = Database(settings.url_of_database(), "jobs", NodeContext.read(settings))
    async with database.transaction() as tx:
        await announce(tx, VacancyWithdrawn(vacancy=UUID(vacancy), city=node.id[1:], reason="filled", on=AS_OF))
    await database.close()
    async with door(node, "officer") as client:

        async def is_struck() -> bool:
            return all(each["vacancy"] != vacancy for each in await _supply(client))

        await eventually(is_struck, within=60)


async def _supply(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    after = ""
    while True:
        page = (await client.get(f"/supply?limit=200{after}")).raise_for_status().json()
        items += page["items"]
        if not page["next"]:
            return items
        after = f"&after={page['next']}"


def test_a_stopped_run_says_what_it_leaves_undone_and_binds_nobody(running: Running) -> None:
    async def story() -> None:
        run = await _kill_while_cards_are_on_their_way(running, "n370100")
        async with door(running.nodes[PROVINCE], "officer") as client:
            stopped = (
                (await client.post(f"/runs/{run}/stop", json={"reason": "deadline passed"})).raise_for_status().json()
            )
        left = sum(each["sent"] - each["handled"] for each in stopped["channels"])
        assert (stopped["state"], stopped["residue"]) == ("stopped", left)
        assert left > 0
        await asyncio.to_thread(start_node, "n370100")
        for node in running.nodes.values():
            await seen_when(node, run, lambda shown: shown.get("state") == "stopped")
        for county in COUNTIES:
            async with door(running.nodes[county], "officer") as client:
                assert (await client.get(f"/introductions?run={run}")).raise_for_status().json()["items"] == []

    play(story())
