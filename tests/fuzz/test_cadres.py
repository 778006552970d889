"""A cadre changes nobody beyond the townships or villages of the token: every changing route is asked for everybody of elsewhere."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import Table

from libs.common.access.policy import POLICY
from libs.common.access.rows import rows_of
from libs.common.api.application import create_api
from libs.common.service import ServiceContext
from tests.fuzz.house import COUNTY, House, Node
from tests.integration.common.test_access_matrix import doors
from tests.support.doors import operations
from tests.support.nodes import token_of

PEOPLE = ("registry", "matching", "retention")


async def rows(context: ServiceContext, query: str, reach: str = "service", whose: str = "") -> list[asyncpg.Record]:
    """As the service itself sees them under a reach, over a connection of this test's loop."""
    connection: asyncpg.Connection[asyncpg.Record] = await context.database.connect_raw()
    try:
        await connection.execute(
            "SELECT set_config('xieli.reach', $1, false), set_config('xieli.whose', $2, false)", reach, whose
        )
        return list(await connection.fetch(query))
    finally:
        await connection.close()


def of_people(context: ServiceContext) -> list[Table]:
    """Tables whose rows belong to somebody, by themselves or through other rows."""
    tables = context.service.metadata.sorted_tables
    return [
        table
        for table in tables
        if (said := rows_of(table)) and not said.published and (said.township or said.person or said.through)
    ]


async def parted(node: Node, place: str) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Everybody's rows, table by table: those that a cadre of this place sees, and those that such a cadre does not."""
    seen: dict[str, dict[str, str]] = {}
    beyond: dict[str, dict[str, str]] = {}
    for service in PEOPLE:
        context = node.contexts[service]
        for table in of_people(context):
            keys = " || '/' || ".join(f'"{column.name}"::text' for column in table.primary_key)
            query = f"SELECT {keys} AS key, t::text AS said FROM {table.fullname} t"
            own = {row["key"] for row in await rows(context, query, "townships", place)}
            everybody = await rows(context, query)
            seen[table.fullname] = {row["key"]: row["said"] for row in everybody if row["key"] in own}
            beyond[table.fullname] = {row["key"]: row["said"] for row in everybody if row["key"] not in own}
    return seen, beyond


def body_of(document: dict[str, Any], operation: dict[str, Any]) -> Any:
    """The example of an operation's body, which is a sound one."""
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    named = document["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], schema)
    return named.get("example") or next(iter(named.get("examples", [])), None)


async def ask_everything(node: Node, regions: list[str]) -> list[tuple[str, int]]:
    """Every changing operation that the table opens to cadres, for every id that stands in the service."""
    answers: list[tuple[str, int]] = []
    for service in PEOPLE:
        context = node.contexts[service]
        named = {(door.method, door.path): door.action for door in doors(create_api(context))}
        token = token_of(context, "cadre", regions=regions)
        document = node.document(service)
        async with httpx.AsyncClient(
            base_url=node.url, headers={"Authorization": f"Bearer {token}", "If-Match": "*"}, timeout=60
        ) as client:
            for verb, path, operation in operations(document):
                action = named.get((verb, path)) or ""
                if verb != "GET" and action in POLICY and "cadre" in POLICY[action].cells:
                    answers += await _ask(client, node.ids_of[service], (verb, path), body_of(document, operation))
    return answers


async def _ask(
    client: httpx.AsyncClient, ids: list[str], operation: tuple[str, str], body: Any
) -> list[tuple[str, int]]:
    """Once for each id that its address or its body can name; once where neither names any."""
    verb, path = operation
    named = [name for name in ("person", "introduction", "claim") if isinstance(body, dict) and name in body]
    answers = []
    for place in ids if "{" in path or named else [""]:
        address = path[: path.index("{")] + place + path[path.index("}") + 1 :] if "{" in path else path
        said = {**body, **dict.fromkeys(named, place)} if named else body
        answers.append((f"{verb} {path}", (await client.request(verb, address, json=said)).status_code))
    return answers


@pytest.mark.parametrize("village", ["", "/别村", "/{village}"])
async def test_a_cadre_changes_nobody_of_elsewhere(house: House, village: str) -> None:
    node = house.nodes[COUNTY]
    most = (
        "SELECT township, min(village) AS village FROM registry.person GROUP BY township ORDER BY count(*) DESC LIMIT 1"
    )
    (home,) = await rows(node.contexts["registry"], most)
    place = home["township"] + village.format(village=home["village"])
    seen, before = await parted(node, place)
    answers = await ask_everything(node, [f"433126:{place}"])
    changed, after = await parted(node, place)
    assert after == before
    assert len({operation for operation, _ in answers}) > 8
    assert not [answer for answer in answers if answer[1] >= 500]
    # At home something is done, so that the silence elsewhere says something.
    assert (changed != seen) == (village != "/别村"), sorted(set(answers))
