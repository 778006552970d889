"""Whoever is told counts alone gets no person, no wage and no small number: every reading door that the table opens to analyst and province is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import Uuid

from libs.common.access.rows import rows_of
from libs.common.kafka import topics_announced
from libs.common.service import ServiceContext
from libs.common.small_numbers import SMALL
from tests.fuzz.house import CITY, COUNTY, House, Node
from tests.fuzz.seeding import ROWS
from tests.integration.registry.files import DATA
from tests.support.doors import SERVICES, operations, service_of

ROLES = ("analyst", "province")
QUARTER_ENDS = ("2016-12-31", "2017-06-30", "2017-09-30")
# Decided figure by figure: numbers in their answers that count no people of a register.
NOT_OF_PEOPLE = {
    "openings",
    "openings_left",
    "reserved",
    "experience_points",  # places, and what a vacancy weighs
    "wage",
    "wage_max",
    "contract_months",  # what a vacancy offers
    "age_min",
    "age_max",
    "education_min",  # what it asks for
    "posts",
    "students",
    "fairs",
    "firms",
    "trained",
    "target",
    "year",
    "edition",
    "turn",  # what was agreed between two regions, and for when
    "staff",
    "employers",
    "vacancies",
    "designations",  # firms, what they offer and what they are named for
    "version",
    "sequence",
    "rounded_to",
    "month",
    "pass",
    "rounds",
    "settled",  # of the answer, of a run's protocol
    "cutoffs",  # of a vacancy, not of somebody
    "parked",
    "dead_letters",  # events that wait
    "wage_sum_fen",
    "subsidies_fen",
    "value",
    "bytes",  # amounts: held by the tests of small numbers, and looked at here for wages
}


def figures(
    document: dict[str, Any], schema: dict[str, Any], value: Any, name: str = ""
) -> Iterator[tuple[str, bool, Any]]:
    """Every number of an answer, and what stands for one: name of its field, whether the document says that it counts people, value."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    choices = [inner for each in schema.get("anyOf", []) for inner in each.get("anyOf", [each])]
    counts = any(choice.get("enum") == [SMALL] for choice in choices)
    if isinstance(value, dict):
        shape = next((choice for choice in choices if "$ref" in choice or choice.get("type") == "object"), schema)
        shape = document["components"]["schemas"][shape["$ref"].rsplit("/", 1)[-1]] if "$ref" in shape else shape
        for key, each in value.items():
            inner = shape.get("properties", {}).get(key)
            yield from figures(document, inner or _values(shape), each, key if inner else name)
    elif isinstance(value, list):
        shape = next((choice for choice in choices if choice.get("type") == "array"), schema)
        for each in value:
            yield from figures(document, shape.get("items", {}), each, name)
    elif counts or (isinstance(value, int | float) and not isinstance(value, bool)):
        yield name, counts, value


def _values(shape: dict[str, Any]) -> dict[str, Any]:
    more = shape.get("additionalProperties")
    return more if isinstance(more, dict) else {}


async def asked(house: House, node: Node, client: httpx.AsyncClient) -> Iterator[Any]:
    """Every answer that a role gets to a reading question: (path, what the document says of it, answer)."""
    found: list[tuple[dict[str, Any], dict[str, Any], httpx.Response]] = []
    for service in SERVICES:
        document = node.document(service)
        for verb, path, operation in operations(document):
            if verb != "GET":
                continue
            for answer in islice([each async for each in _answers(client, node.ids_of[service], path, operation)], 12):
                found.append((document, operation, answer))
    return iter(found)


async def _answers(client: httpx.AsyncClient, ids: list[str], path: str, operation: dict[str, Any]) -> Any:
    names = {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
    days: list[dict[str, Any]] = [{"as_of": day} for day in QUARTER_ENDS] if "as_of" in names else [{}]
    for wanted in days:
        wanted |= {"month": 1} if "month" in names else {}
        for place in ids if "{" in path else [""]:
            answer = await client.get(re.sub(r"\{[^}]+\}", place, path), params=wanted)
            if answer.status_code == 200:
                yield answer
            if answer.status_code in (401, 403):
                return


async def ids_of_people(node: Node) -> set[str]:
    """The key of every row that belongs to somebody, in the services that know people."""
    found: set[str] = set()
    for service in ("registry", "matching", "retention"):
        for table in node.contexts[service].service.metadata.sorted_tables:
            rows = rows_of(table)
            if rows and (rows.person or rows.through) and not rows.published:
                # A key of several parts names what the person takes part in (a run) as well: then only the person counts.
                alone = (
                    [column.name for column in table.primary_key if isinstance(column.type, Uuid)]
                    if len(table.primary_key) == 1
                    else []
                )
                keys = {*alone, *([rows.person] if rows.person else [])}
                found |= {
                    each
                    for key in keys
                    for each in await _all(
                        node.contexts[service], f"SELECT {key} FROM {table.fullname} WHERE {key} IS NOT NULL"
                    )
                }
    return found


async def _all(context: ServiceContext, query: str) -> set[str]:
    """As the service itself sees it, over a connection of this test's loop."""
    connection: asyncpg.Connection[asyncpg.Record] = await context.database.connect_raw()
    try:
        await connection.execute("SELECT set_config('xieli.reach', 'service', false)")
        return {str(row[0]) for row in await connection.fetch(query)}
    finally:
        await connection.close()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", [COUNTY, CITY])
async def test_no_answer_has_a_person_a_wage_or_a_small_number(house: House, name: str, role: str) -> None:
    node = house.nodes[name]
    known = await ids_of_people(node)
    wages = await _all(
        node.contexts["retention"], "SELECT wage_fen FROM retention.spell UNION SELECT amount_fen FROM retention.wage"
    )
    names = {
        line.split(",")[0] for line in (DATA / "people-433126.csv").read_text(encoding="gb18030").splitlines()[1:ROWS]
    }
    undecided: set[str] = set()
    wrong: list[tuple[str, Any]] = []
    seen: dict[str, int] = {}
    async with httpx.AsyncClient(
        base_url=node.url, headers={"Authorization": f"Bearer {node.token(role)}"}, timeout=60
    ) as client:
        for document, operation, answer in await asked(house, node, client):
            path = answer.request.url.path
            wrong += [(path, each) for each in known | names if each in answer.text]
            content = operation["responses"]["200"].get("content", {}).get("application/json")
            if content is None:
                continue
            for field, counts, value in figures(document, content["schema"], answer.json()):
                seen[path] = seen.get(path, 0) + counts
                if counts and value is not None and value != SMALL and (value % 5 or value < 0):
                    wrong.append((path, (field, value)))
                if str(value) in wages:
                    wrong.append((path, ("a wage", value)))
                undecided |= (
                    {f"{path} {field}"} if not counts and field not in NOT_OF_PEOPLE and value is not None else set()
                )
    assert not wrong
    assert not undecided, "say in the type that it counts people, or here that it does not"
    assert known
    assert any(seen.values()), f"no counts were looked at: {seen}"


@pytest.mark.parametrize("role", ROLES)
async def test_events_that_state_exact_counts_are_not_served(house: House, role: str) -> None:
    """Partners add them up from the bus; whoever is told counts alone would have every small number from there."""
    node = house.nodes[COUNTY]
    async with httpx.AsyncClient(
        base_url=node.url, headers={"Authorization": f"Bearer {node.token(role)}"}, timeout=60
    ) as client:
        for service in SERVICES:
            context = node.contexts[service]
            events = [event for event in service_of(service).announces if event.AUDIENCE == "public"]
            for topic in topics_announced(context.node, events):
                counted = topic in topics_announced(context.node, [event for event in events if event.COUNTS_PEOPLE])
                answer = await client.get(f"/{service}/v1/events", params={"topic": topic})
                assert answer.status_code == (403 if counted else 200), topic


@pytest.mark.parametrize("role", ROLES)
async def test_answers_that_lie_close_together_are_not_given(house: House, role: str) -> None:
    node = house.nodes[COUNTY]
    async with httpx.AsyncClient(
        base_url=node.url, headers={"Authorization": f"Bearer {node.token(role)}"}, timeout=60
    ) as client:
        rate = "/retention/v1/retention-rate?month=1&as_of="
        for path in (
            f"{rate}2017-06-29",
            f"{rate}2017-06-30&city=440300",
            f"{rate}2017-06-30&county=433126",
            "/console/v1/province?as_of=2017-06-29",
        ):
            assert (await client.get(path)).status_code == 422, path
        assert (await client.get(f"{rate}2017-06-30")).status_code == 200
