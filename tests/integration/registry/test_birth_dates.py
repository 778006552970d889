"""The attack on birth dates, played: every reading door of the registry, every role, days moved as an analyst would move them.

What is asked follows from the routes' own parameters, so a door that is added is tried as well.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.common.access.policy import ROLES
from libs.common.api.application import create_api
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from services.registry.operations.quality import judge_due
from services.registry.operations.sealing import seal_field
from services.registry.rules.numbers import check_character
from tests.integration.registry.files import a_file, a_row, listed, send_bytes
from tests.integration.registry.test_cards import agree
from tests.integration.registry.test_imports import a_number
from tests.support.doors import application_of
from tests.support.nodes import Nodes, announced, client_of, hand_over

BIRTHDAY = date(1980, 8, 17)
FLAGS = ("true", "false")


@asynccontextmanager
async def reading_roles(context: ServiceContext) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """A client for every role there is."""
    clients: dict[str, httpx.AsyncClient] = {}
    for role in ROLES:
        regions = ["433124:花垣镇"] if role == "cadre" else None
        async with client_of(context, role, regions=regions, organisation="91440300MA5D8C1X2T") as client:
            clients[role] = client
    opened = {
        role: httpx.AsyncClient(
            transport=httpx.ASGITransport(application_of(context)), base_url="http://node", headers=each.headers
        )
        for role, each in clients.items()
    }
    yield opened
    for client in opened.values():
        await client.aclose()


def doors(context: ServiceContext, ids: dict[str, list[str]]) -> Iterator[tuple[str, list[str], list[dict[str, str]]]]:
    """Every GET of the registry's own with its path filled in: the address, its day parameters, and each of its other parameters in both ways."""
    for path, methods in create_api(context).openapi()["paths"].items():
        if "get" not in methods or {"operation", "events"} & set(methods["get"]["tags"]):
            continue
        if path == "/registry/v1/sync":
            continue  # its cursor tells that something has changed; its people are masked as a list's (test_sync_pull.py)
        if path.endswith(".xlsx") and "{" not in path:
            continue  # the same pages as the list beside it, in a file with a mark of its own (common/test_list_exports.py)
        asked = methods["get"].get("parameters", [])
        days = [one["name"] for one in asked if one["in"] == "query" and "date" in json.dumps(one["schema"])]
        flags = [one["name"] for one in asked if one["in"] == "query" and "boolean" in json.dumps(one["schema"])]
        ways: list[dict[str, str]] = [{}, *({flag: value} for flag in flags for value in FLAGS)]
        for address in filled(path, ids):
            yield address, days, ways


def filled(path: str, ids: dict[str, list[str]]) -> list[str]:
    kind = path.removeprefix("/registry/v1/").split("/")[0]
    holes = path.count("{")
    return (
        [path]
        if not holes
        else [path[: path.index("{")] + one + path[path.index("}") + 1 :] for one in ids.get(kind, [])]
    )


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    """A county with one person, who is also a guest at home, and an import."""
    context = await nodes.open(SERVICE)
    await agree(context, city="433124")
    await hand_over([one for one, _ in await announced(context)], context)
    return context


async def ids_of(context: ServiceContext) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    async with context.database.reading() as tx:
        for kind, table in (
            ("labourers", "person"),
            ("households", "household"),
            ("guests", "guest"),
            ("imports", "batch"),
        ):
            found[kind] = [str(one) for one in (await tx.execute(text(f"SELECT id FROM {table}"))).scalars()]
    return found


def a_sound_number(digits: str) -> str:
    return digits + check_character(digits)


async def be_born(context: ServiceContext, birth: date, hidden: str) -> None:
    """The same person with another birth date, and other digits wherever they are hidden."""
    vault, number = context.node.vault, a_sound_number(f"433124{birth:%Y%m%d}{hidden[:3]}")
    async with context.database.transaction() as tx:
        for table, which in (("person", "person"), ("guest", "guest")):
            sealed = {
                "number": seal_field(vault, f"{which}.number", number),
                "phone": seal_field(vault, f"{which}.phone", f"154{hidden}{hidden}"),
            }
            await tx.execute(
                text(f"UPDATE {table} SET birth_date = :birth, number_sealed = :number, phone_sealed = :phone"),
                {"birth": birth, **sealed},
            )
        await judge_due(tx, 1000)


async def everything(context: ServiceContext, days: list[date]) -> dict[str, str]:
    """Whatever any role is answered at any door on any of some days."""
    ids = await ids_of(context)
    answers: dict[str, str] = {}
    async with reading_roles(context) as clients:
        for address, on, ways in doors(context, ids):
            for way, day, (role, client) in itertools.product(ways, days if on else [None], clients.items()):
                params = way | {name: str(day) for name in on}
                answers[f"{role} {address} {params}"] = (await client.get(address, params=params)).text
    return answers


async def test_birth_dates_of_one_quarter_and_hidden_digits_change_no_answer_at_any_door_on_any_day(
    context: ServiceContext,
) -> None:
    steps = (16, 20, 25, 45, 59, 60)
    days = sorted(
        {
            day
            for years in steps
            for day in (date(1980 + years, 7, 31), date(1980 + years, 8, 17), date(1980 + years, 9, 30))
            if day.year <= 2027
        }
    )
    await be_born(context, BIRTHDAY, "0016")
    first = await everything(context, days)
    await be_born(context, date(1980, 9, 3), "9934")
    assert len(first) > 100
    assert {key: text for key, text in (await everything(context, days)).items() if first[key] != text} == {}


async def test_no_search_over_days_ends_at_a_birthday(context: ServiceContext) -> None:
    """Bisect every year for a day on which an answer changes: none of them is the birthday."""
    await be_born(context, BIRTHDAY, "0016")
    ids, found = await ids_of(context), set()
    async with reading_roles(context) as clients:
        for address, on, ways in doors(context, ids):
            for way, client in itertools.product(
                ways if on else [], [clients["analyst"], clients["auditor"], clients["officer"]]
            ):
                for year in (1996, 2000, 2016, 2025, 2026):

                    async def ask(
                        day: date,
                        address: str = address,
                        on: list[str] = on,
                        way: dict[str, str] = way,
                        client: httpx.AsyncClient = client,
                    ) -> Any:
                        answer = await client.get(address, params=way | {name: str(day) for name in on})
                        return answer.text.replace(str(day), "…")

                    found.add(await bisect(ask, date(year, 1, 1), date(year, 12, 31)))
    assert found - {None}
    assert not [day for day in found if day and abs((day - day.replace(month=8, day=17)).days) <= 1]


async def bisect(ask: Any, low: date, high: date) -> date | None:
    """A day on which the answer is other than the day before; None when both ends answer the same."""
    at_low = await ask(low)
    if await ask(high) == at_low:
        return None
    while high - low > timedelta(days=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if await ask(middle) == at_low else (low, middle)
    return high


async def test_the_search_does_find_what_is_dated(context: ServiceContext) -> None:
    """The means are sharp: a situation that begins on a day is found by them."""
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number(order="003"), "吴老二", 户编号="430002", 年度="2015")), "b.csv")
        (path, *_) = [f"/registry/v1/labourers/{row['id']}" for row in await listed(client) if row["visited"] is None]
        etag = (await client.get(path)).headers["etag"]
        (
            await client.patch(
                path, json={"work_place": "04", "channel": "自主就业", "on": "2026-05-08"}, headers={"If-Match": etag}
            )
        ).raise_for_status()

        async def ask(day: date) -> Any:
            return (await client.get(path, params={"as_of": str(day)})).text.replace(str(day), "…")

        assert await bisect(ask, date(2026, 1, 2), date(2026, 11, 1)) == date(2026, 5, 8)
