"""A firm hires many: one call with an answer for each, beside as many calls of one each; what is announced must be the same."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from libs.common.database import Transaction, new_id
from services.matching.rules.introductions.records import Introduction
from services.matching.store import introductions, lists
from tests.bench.connect.market import post
from tests.bench.connect.office import Office
from tests.support.nodes import Nodes
from tests.support.servers import connect_superuser

CITY, COUNTY = "n440300", "433124"
LIST = "/matching/v1/introductions"
ON = date(2017, 5, 2)
_ANNOUNCED = "SELECT data::text AS data, type, topic FROM outbox WHERE data->>'introduction' = ANY($1::text[])"


@dataclass(frozen=True)
class Hires:
    """Seconds for all of them, one by one and at once; whether both announced the same."""

    single: float
    bulk: float
    same: bool


def measure_hires(nodes: Nodes, home: Path, count: int) -> Hires:
    """So many single calls, then so many in one, at the same office: both halves have waited there from the beginning."""
    post_of_all = post(new_id(), openings=2 * count)
    waiting = [_introduced(post_of_all.vacancy) for _ in range(2 * count)]

    async def fill(tx: Transaction) -> None:
        await lists.upsert_vacancy(tx, post_of_all)
        await introductions.insert_introductions_if_absent(tx, waiting, "bench")

    office = Office.open(nodes, CITY, home, fill)
    one_by_one, at_once = ([str(each.introduction) for each in waiting[at::2]] for at in range(2))
    single, bulk = _hire(office, one_by_one, at_once)
    said, said_at_once = _said(office, one_by_one), _said(office, at_once)
    return Hires(single, bulk, same=said == said_at_once and len(said) >= count)


def _introduced(vacancy: UUID) -> Introduction:
    return Introduction(
        introduction=new_id(),
        county=COUNTY,
        city=CITY[1:],
        vacancy=vacancy,
        state="introduced",
        changed_on=ON,
        guest=new_id(),
        turn=3,
    )


def _hire(office: Office, one_by_one: Sequence[str], at_once: Sequence[str]) -> tuple[float, float]:
    on = {"on": str(ON)}
    with office.served() as server, office.client(server) as client:
        begun = time.perf_counter()
        for each in one_by_one:
            client.post(f"{LIST}/{each}/hire", json=on).raise_for_status()
        single = time.perf_counter() - begun
        begun = time.perf_counter()
        answer = client.post(f"{LIST}/bulk/hire", json={"introductions": list(at_once), **on}).raise_for_status()
        bulk = time.perf_counter() - begun
    assert answer.json()["done"] == len(at_once), answer.text[:500]
    return single, bulk


def _said(office: Office, hired: Sequence[str]) -> list[tuple[str, str, str]]:
    """What was announced of these, with a number in place of each one's own ids."""
    return sorted(asyncio.run(_announced(office, list(hired))))


async def _announced(office: Office, hired: list[str]) -> list[tuple[str, str, str]]:
    connection = await connect_superuser(office.settings.database_url, "matching")
    try:
        rows = await connection.fetch(_ANNOUNCED, hired)
    finally:
        await connection.close()
    number = {each: at for at, each in enumerate(hired)}
    return [(row["type"], row["topic"], _numbered(json.loads(row["data"]), number)) for row in rows]


def _numbered(data: dict[str, Any], number: dict[str, int]) -> str:
    own = {"introduction": number[data["introduction"]], "guest": None}
    return json.dumps({**data, **own}, sort_keys=True, ensure_ascii=False)
