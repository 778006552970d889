"""No server error and no undocumented answer, whatever is thrown at the doors; `./xieli fuzz` throws more of it."""

from __future__ import annotations

import json
from pathlib import Path

import asyncpg
import pytest
from jsonschema import Draft202012Validator

from tests.fuzz.engine import FIRST, Figures, fuzz
from tests.fuzz.house import House
from tests.support.doors import SERVICES

CASES = 300
SCHEMAS = Path(__file__).parents[1] / "contract" / "events"


async def test_what_was_announced_while_it_was_furnished_is_what_the_schemas_say(house: House) -> None:
    kinds = set()
    for node in house.nodes.values():
        for context in node.contexts.values():
            connection: asyncpg.Connection[asyncpg.Record] = await context.database.connect_raw()
            try:
                rows = await connection.fetch(
                    "SELECT DISTINCT ON (type) type, data::text AS data FROM journal ORDER BY type, position"
                )
            finally:
                await connection.close()
            for row in rows:
                schema = json.loads((SCHEMAS / f"{row['type']}.json").read_text(encoding="utf-8"))
                Draft202012Validator(schema).validate(json.loads(row["data"]))
                kinds.add(row["type"])
    assert len(kinds) > 10, kinds


@pytest.mark.filterwarnings("default")
def test_no_door_breaks_and_every_answer_is_documented(house: House) -> None:
    figures = Figures()
    fuzz(house, CASES * len(SERVICES), lambda _: None, figures)
    assert all(
        figures.cases[service] >= CASES // 2 and figures.cases[f"{service} hostile"] >= CASES // 2
        for service in SERVICES
    ), figures.cases
    assert len(FIRST) == 3
    assert not figures.faults, json.dumps(figures.faults, ensure_ascii=False, indent=1)[:20_000]
