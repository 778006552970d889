"""Finding somebody over encrypted fields, on real PostgreSQL: by every part, within reach alone, after keys have turned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from deploy.turn import turn_field_keys
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from services.registry.operations.searching import fill_tokens
from services.registry.rules import read_people
from services.registry.rules.report import PersonRow
from services.registry.rules.search import name_key
from tests.integration.registry.files import a_file, a_row, file_of, listed, send, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of

SEARCHES = "/registry/v1/labourers/searches"


async def found(client: httpx.AsyncClient, q: str, **more: Any) -> list[str]:
    """The ids of everybody whom a term finds, page by page."""
    ids: list[str] = []
    after: dict[str, str] = {}
    while True:
        answer = await client.post(SEARCHES, json={"q": q, "limit": 20, **more, **after})
        assert answer.status_code == 200, answer.text
        ids += [row["id"] for row in answer.json()["items"]]
        if answer.json()["next"] is None:
            return ids
        after = {"after": answer.json()["next"]}


def sample() -> tuple[PersonRow, ...]:
    path = file_of("people")
    return read_people(path.read_bytes(), path.name).people


def meant_by(q: str) -> int:
    """How many of the sample have what is typed, looked at in plain."""
    return sum(
        q in name_key(one.name)
        or one.household_no == q
        or any(known.endswith(q) for known in (one.number, one.phone, one.household_phone) if known)
        for one in sample()
    )


async def test_each_key_finds_all_who_have_it_and_nobody_else(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    some = sample()[::97]
    async with client_of(context) as client:
        (await send(client, "people")).raise_for_status()
        for one in some:
            keys = [one.name, one.name[0], one.name[-1], one.name[:2], one.household_no]
            keys += [one.number[-4:], one.number[-5:], one.number[-6:], one.number[-9:], one.number]
            for q in [*keys, *([one.phone, one.phone[-4:]] if one.phone else [])]:
                assert len(ids := await found(client, q)) == len(set(ids)) == meant_by(q) > 0, q


async def test_nobody_outside_the_reach_is_found(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    rows = a_file(a_row(a_number()), a_row(a_number(order="003"), "龙老二", 乡="边城镇", 户编号="430002"))
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:边城镇"]) as cadre:
        await send_bytes(client, rows, "a.csv")
        for q in ("龙老", "long", a_number(), a_number()[-4:], "15400000001", "430001"):
            everybody, own = await found(client, q), await found(cadre, q)
            assert set(own) <= {row["id"] for row in await listed(cadre)}
            assert len(own) < len(everybody)
        async with client_of(context, "analyst") as analyst:
            refused = await analyst.post(SEARCHES, json={"q": "龙"})
    assert refused.status_code == 403


async def test_an_address_takes_names_and_ends_of_numbers_and_no_whole_one(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number())), "a.csv")
        path = "/registry/v1/labourers"
        answers = {q: await client.get(path, params={"q": q}) for q in ("龙老", "lld", "0001", a_number(), "12")}
        filtered = await client.get(path, params={"q": "龙老", "labourer": "false"})
    assert [len(answers[q].json()["items"]) for q in ("龙老", "lld", "0001")] == [1, 1, 1]
    assert [answers[q].status_code for q in (a_number(), "12")] == [422, 422]
    assert answers[a_number()].json()["errors"][0]["pointer"] == "/query/q"
    assert a_number() not in answers[a_number()].text
    assert filtered.json()["items"] == []


async def test_a_search_stays_on_record_without_its_term(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number())), "a.csv")
        (row,) = await listed(client)
        await found(client, a_number()[-4:])
        await client.get("/registry/v1/labourers", params={"q": "龙老大"})
    async with context.database.reading() as tx:
        query = text("SELECT persons::text[], details::text FROM audit WHERE details ? 'searched' ORDER BY at")
        by_digits, by_name = (await tx.execute(query)).all()
    assert (by_digits[0], by_name[0]) == ([row["id"]], [])
    assert a_number()[-4:] not in by_digits[1]
    assert "龙" not in by_name[1]


async def test_who_changes_the_phone_is_found_by_the_other_one(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number())), "a.csv")
        (row,) = await listed(client)
        path = f"/registry/v1/labourers/{row['id']}"
        etag = (await client.get(path)).headers["etag"]
        changed = await client.patch(path, json={"phone": "15400009876"}, headers={"If-Match": etag})
        changed.raise_for_status()
        assert await found(client, "9876") == await found(client, "龙老大") == [row["id"]]
        assert await found(client, "15400000001") == []


@pytest.fixture
async def own_nodes(tmp_path: Path) -> Any:
    """Nodes whose keys nobody else uses."""
    opened = Nodes(tmp_path)
    yield opened
    await opened.close()


async def test_turned_keys_still_find(own_nodes: Nodes) -> None:
    context = await own_nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number())), "a.csv")
        async for _ in turn_field_keys([context], context.settings.keys):
            pass
        for q in ("老大", "laoda", a_number()[-6:], a_number(), "15400000001", "430001"):
            assert len(await found(client, q)) == 1, q


async def test_who_was_here_before_the_index_is_found_when_the_worker_has_been_there(nodes: Nodes) -> None:
    """In portions, begun again wherever it ended; what was written meanwhile stays."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(*(a_row(a_number(order=f"{n}01"), "龙老大") for n in range(1, 6))), "a.csv")
        await _forget_tokens(context)
        assert await found(client, "老大") == []
        for left in (3, 1, 0):
            async with context.database.transaction() as tx:
                await fill_tokens(tx, 2)
            assert await _unfilled(context) == left
        assert len(await found(client, "老大")) == 5
    async with context.database.transaction() as tx:
        assert await fill_tokens(tx, 2) == 0


async def _forget_tokens(context: ServiceContext) -> None:
    async with context.database.transaction() as tx:
        await tx.execute(text("UPDATE search_index SET tokens = '{}', filled = false"))


async def _unfilled(context: ServiceContext) -> int:
    async with context.database.reading() as tx:
        return int((await tx.execute(text("SELECT count(*) FROM search_index WHERE NOT filled"))).scalar_one())
