"""A run between real nodes: `python -m tests.bench.nodes FOLDER SIZE` prints it as JSON.

Two counties, three cities and the province that convenes, each with its own PostgreSQL, Kafka, services and mirror, in a
state directory of their own. People and vacancies of the instance in FOLDER are dealt out to them and written into the lists
of their matching services; from there on everything is the nodes' own: the run is announced, allotted and read over HTTP.

`rounds` is the longest chain of cards and cutoffs, `mirror_seconds` the median of records that go from one node's Kafka to
another's while nothing else happens, `compute_seconds` the same pass played in this one process; `wall_seconds` is from the
opening of the run to its closing, `bound_seconds` 3 x rounds x mirror + compute. The rest of the figures say where time goes:
`processor_seconds` is what each part of all six nodes used of the processors from opening to closing, `turns` in how many
transactions each participant handled what had come to it.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from deploy.cli.signals import end_in_order
from deploy.cli.tokens import issue
from deploy.local import fleet
from deploy.local.node import Node, nodes_of
from libs.common.database import to_json
from libs.common.events.registry import Wish
from services.matching import files, kernel
from services.matching.files.columns import read_columns
from services.matching.rules.columns import person_at
from services.matching.rules.facts import Person, Vacancy
from services.matching.tables import lists
from services.matching.tables.runs import messages
from tests.bench.federation import Federation, play_rounds
from tests.bench.measure import Instance, digest, read
from tests.bench.spending import Mark, mirror_seconds

COUNTIES, CITIES, PROVINCE = ("n433124", "n433126"), ("n440300", "n430100", "n370100"), "n430000"
STATES = ("open", "closed", "settled")
AS_OF = "2017-03-31"


def person_row(person: Person, county: str) -> dict[str, Any]:
    """One of the instance's people as the county's list keeps somebody."""
    wish = Wish(
        visited=date.fromisoformat(AS_OF),
        willing=True,
        destinations=person.destinations,
        elsewhere=person.elsewhere,
        refused=tuple(person.refused),
        occupation=person.occupation,
        wage_expected=person.wage_expected,
        wage_minimum=person.wage_reserve,
        available_from=person.available_from,
        experience=person.experience,
        certificates=tuple(person.certificates),
        restrictions=tuple(person.restrictions),
        accommodations=tuple(person.accommodations),
        needs=tuple(person.needs),
        relatives_city=person.relatives_city,
    )
    return {
        "person": uuid4(),
        "household": uuid4(),
        "county": county,
        "township": "",
        "birth_date": date(2017 - person.age, 1, 1),
        "education": person.education,
        "labourer": True,
        "employed": False,
        "groups": sorted(person.groups),
        "burden": person.burden,
        "willing": True,
        "wish": wish.model_dump(mode="json"),
        "recorded_on": date.fromisoformat(AS_OF),
    }


def vacancy_row(vacancy: Vacancy, node: str, number: UUID) -> dict[str, Any]:
    """One of the instance's vacancies as the cities' list keeps it."""
    same = (
        "city",
        "occupation",
        "age_min",
        "age_max",
        "education_min",
        "wage",
        "starts_by",
        "experience_points",
        "openings",
    )
    sets = ("certificates", "demands", "accommodations", "offers")
    return {
        "vacancy": number,
        "node": node,
        "employer_name": "",
        "title": "",
        "openings_left": vacancy.openings,
        "reserved": {},
        "wage_basis": "month",
        "announced_on": date.fromisoformat(AS_OF),
        **{name: getattr(vacancy, name) for name in same},
        **{name: sorted(getattr(vacancy, name)) for name in sets},
    }


@asynccontextmanager
async def opened(node: Node) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(
        node.database_url.format(service="matching"),
        json_serializer=to_json,
        connect_args={"server_settings": {"search_path": "matching", "xieli.reach": "service"}},
    )
    try:
        yield engine
    finally:
        await engine.dispose()


async def fill(nodes: dict[str, Node], instance: Instance) -> dict[str, list[dict[str, Any]]]:
    """Deals people out to the counties and vacancies to the cities; what each city is to allot."""
    people = [person_at(instance.people, row, instance.weights, 0, ()) for row in range(len(instance.people))]
    for at, county in enumerate(COUNTIES):
        async with opened(nodes[county]) as engine, engine.begin() as connection:
            await connection.execute(
                insert(lists.people), [person_row(person, county[1:]) for person in people[at :: len(COUNTIES)]]
            )
    allotted: dict[str, list[dict[str, Any]]] = {}
    for at, city in enumerate(CITIES):
        own = [(uuid4(), vacancy) for vacancy in instance.vacancies[at :: len(CITIES)]]
        allotted[city] = [
            {"vacancy": str(number), "openings": each.openings, "reserved": dict(each.reserved)} for number, each in own
        ]
        for node in (city, *COUNTIES):
            async with opened(nodes[node]) as engine, engine.begin() as connection:
                await connection.execute(
                    insert(lists.vacancies), [vacancy_row(each, city, number) for number, each in own]
                )
    return allotted


def door(node: Node, role: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {issue(node, role)}"}
    return httpx.AsyncClient(base_url=f"{node.url}/matching/v1", headers=headers, timeout=120, trust_env=False)


async def until(client: httpx.AsyncClient, path: str, *states: str) -> dict[str, Any]:
    """Asks until the run is in one of the states; a disputed or stopped run ends everything."""
    while True:
        answer = await client.get(path)
        shown: dict[str, Any] = answer.json() if answer.status_code == 200 else {}
        if shown.get("dispute") or shown.get("state") == "stopped":
            raise RuntimeError(f"the run ended: {shown['dispute'] or shown['reason']}")
        if shown.get("state") in states and (shown["state"] != "settled" or shown.get("hash")):
            return shown
        await asyncio.sleep(0.3)


async def announce_run(nodes: dict[str, Node]) -> str:
    """The province announces a run; its id."""
    wanted = {"counties": COUNTIES, "cities": CITIES, "as_of": AS_OF, "deadline": "2017-06-30"}
    async with door(nodes[PROVINCE], "officer") as convener:
        run: str = (await convener.post("/runs", json=wanted)).raise_for_status().json()["run"]
    return run


async def allot(node: Node, run: str, allotted: list[dict[str, Any]]) -> None:
    """A city allots as soon as it knows the run."""
    async with door(node, "officer") as client:
        await until(client, f"/runs/{run}", "announced")
        (await client.post(f"/runs/{run}/allotments", json={"allotted": allotted})).raise_for_status()


async def convene(nodes: dict[str, Node], allotted: dict[str, list[dict[str, Any]]]) -> str:
    """Announces a run, and lets every city allot; its id."""
    run = await announce_run(nodes)
    for city in CITIES:
        await allot(nodes[city], run, allotted[city])
    return run


async def play(
    nodes: dict[str, Node], allotted: dict[str, list[dict[str, Any]]]
) -> tuple[dict[str, Any], dict[str, Mark]]:
    """The run, and when it came to what."""
    marks = {"announced": Mark.now(nodes.values())}
    run = await convene(nodes, allotted)
    marks["allotted"] = Mark.now(nodes.values())
    async with door(nodes[PROVINCE], "officer") as convener:
        for at, state in enumerate(STATES):
            shown = await until(convener, f"/runs/{run}", *STATES[at:])
            marks[state] = Mark.now(nodes.values())
    return shown, marks


async def turns(nodes: dict[str, Node], run: str) -> dict[str, int]:
    """In how many transactions each participant handled the messages of the first pass."""
    taken = select(func.max(messages.c.turn)).where(messages.c.run == UUID(run), messages.c.number == 1)
    counted: dict[str, int] = {}
    for name in (*COUNTIES, *CITIES):
        async with opened(nodes[name]) as engine, engine.connect() as connection:
            counted[name] = (await connection.execute(taken)).scalar_one()
    return counted


async def gathered(nodes: dict[str, Node], run: str, seed: str) -> Instance:
    """The facts of the run as its nodes show them to an auditor."""
    tables: dict[str, list[pa.Table]] = {"people": [], "vacancies": []}
    for file, names in (("people", COUNTIES), ("vacancies", CITIES)):
        for name in names:
            async with door(nodes[name], "auditor") as client:
                tables[file].append(
                    pq.read_table(
                        io.BytesIO((await client.get(f"/runs/{run}/{file}.parquet")).raise_for_status().content)
                    )
                )
    weights = files.published_weights()["2017.1"]
    people, _ = read_columns(_file(tables["people"]), weights)
    return Instance(
        people, list(files.read_vacancies(_file(tables["vacancies"]), weights).values()), weights, bytes.fromhex(seed)
    )


def _file(tables: Iterable[pa.Table]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.concat_tables(tables), sink)
    return sink.getvalue()


def compute_seconds(instance: Instance) -> tuple[float, str, int]:
    """The same pass in one process, one thing after another: laying out, looking, holding; its hash and rounds."""
    kernel.warm_up(instance.weights)
    begun = time.monotonic()
    county = np.arange(len(instance.people)) * len(COUNTIES) // max(1, len(instance.people))
    nodes = Federation.of(instance, county, COUNTIES)
    rounds, _ = play_rounds(nodes)
    return time.monotonic() - begun, digest(instance, nodes.places()), rounds


async def measure(folder: Path, size: str) -> dict[str, Any]:
    instance, nodes = read(folder), {node.id: node for node in nodes_of()}
    mirror = await mirror_seconds(nodes[COUNTIES[0]], nodes[CITIES[0]])
    allotted = await fill(nodes, instance)
    shown, marks = await play(nodes, allotted)
    facts = await gathered(nodes, shown["run"], shown["seed"])
    central = digest(facts, kernel.match(kernel.prepare(*facts)).vacancy)
    compute, _, _ = await asyncio.to_thread(compute_seconds, facts)
    crossing, wall = sum(channel["bytes"] for channel in shown["channels"]), marks["closed"].at - marks["open"].at
    bound = 3 * shown["rounds"] * mirror + compute
    return {
        "size": size,
        "mode": "nodes",
        "nodes": len(COUNTIES) + len(CITIES),
        "people": len(facts.people),
        "vacancies": len(facts.vacancies),
        "same_hash": shown["hash"] == central,
        "hash": shown["hash"],
        "placed": shown["placed"],
        "rounds": shown["rounds"],
        "cards": sum(channel["sent"] for channel in shown["channels"] if channel["kind"] == "cards"),
        "final_after_15_rounds": None,
        "megabytes": round(crossing / 1e6, 2),
        "seconds": round(marks["settled"].at - marks["announced"].at, 2),
        "wall_seconds": round(wall, 2),
        "bound_seconds": round(bound, 2),
        "within_bound": wall <= bound,
        "mirror_seconds": round(mirror, 4),
        "compute_seconds": round(compute, 2),
        "processor_seconds": marks["closed"].since(marks["open"]),
        "turns": await turns(nodes, shown["run"]),
        "until_allotted_seconds": round(marks["allotted"].at - marks["announced"].at, 2),
        "until_open_seconds": round(marks["open"].at - marks["allotted"].at, 2),
        "settling_seconds": round(marks["settled"].at - marks["closed"].at, 2),
        "passes": shown["pass"],
    }


def main(folder: Path, size: str) -> dict[str, Any]:
    """Starts the nodes, measures, and stops them whatever happens."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    tell = lambda text: print(text, file=sys.stderr, flush=True)  # noqa: E731
    fleet.prepare(tell)
    try:
        fleet.up((), tell)
        return asyncio.run(measure(folder, size))
    finally:
        fleet.down((), tell)


if __name__ == "__main__":
    end_in_order()
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
