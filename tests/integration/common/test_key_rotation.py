"""Field keys turn while the service works: interrupted anywhere and begun again, everything opens, and the old key is gone at the end."""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, MetaData, text

from deploy.local import turning
from deploy.local.keys import make_keys
from deploy.turn import count_all, turn_field_keys
from libs.common.key_rings import FieldKeyGone, FieldKeys
from libs.common.messaging_tables import plumbing
from libs.common.privacy import Vault
from libs.common.rotation import sealed_columns
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from tests.integration.registry.files import a_file, a_row, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of

# Facts of a run under its pseudonyms.
# Pseudonyms of a run; keyed digests of what a finding stands on, and of phones (decision 0046).
# The last one is a keyed digest of what somebody gave at a fair, by which the same is taken once.
NO_PERSON = {
    "matching.run_rosters.people",
    "registry.quality_finding.grounds",
    "registry.quality_phone.token",
    "registry.self_sign_up.known_by",
}
SERVICES = ["registry", "jobs", "matching", "retention", "console"]


@pytest.fixture
async def own_nodes(tmp_path: Path) -> AsyncIterator[Nodes]:
    """Nodes whose keys nobody else uses."""
    opened = Nodes(tmp_path)
    yield opened
    await opened.close()


async def a_register(nodes: Nodes, people: int = 6) -> ServiceContext:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        rows = [a_row(a_number(order=f"{n + 100}"), f"麻老{'一二三四五六七八九'[n]}") for n in range(people)]
        await send_bytes(client, a_file(*rows), "a.csv")
    return context


async def all_texts(context: ServiceContext) -> dict[str, list[str]]:
    """Everything encrypted, opened by a vault that has just been read."""
    vault, opened = Vault.read(context.settings.keys), {}
    async with context.database.reading() as tx:
        for table, columns in sealed_columns(context.service.metadata).items():
            for column in columns:
                place = f"{table.fullname}.{column.name.removesuffix('_sealed')}"
                order = ", ".join(f'"{key.name}"' for key in table.primary_key)
                known = f"{column.name} IS NOT NULL"
                query = text(f"SELECT {column.name} FROM {table.fullname} WHERE {known} ORDER BY {order}")
                opened[place] = [vault.decrypt(blob, context=place) for blob in (await tx.execute(query)).scalars()]
    return opened


async def test_interrupted_after_any_step_and_begun_again_everything_opens_and_the_old_key_is_gone(
    own_nodes: Nodes,
) -> None:
    context = await a_register(own_nodes)
    keys, before = context.settings.keys, await all_texts(context)
    assert sum(map(len, before.values())) > 15
    steps = len([one async for one in turn_field_keys([context], keys, batch=2)])
    assert steps > 5
    for turn in range(steps):
        old = FieldKeys(keys).newest()[0]
        going = turn_field_keys([context], keys, batch=2)
        for _ in range(turn + 1):
            await anext(going)
        await going.aclose()
        assert await all_texts(context) == before
        async for _ in turn_field_keys([context], keys, batch=2):
            assert await all_texts(context) == before
        assert list(FieldKeys(keys).all()) == [max(FieldKeys(keys).all())]
        assert old not in await count_all([context])
    assert await all_texts(context) == before


async def test_what_is_written_meanwhile_is_under_the_newest_key_and_a_service_that_runs_reads_all(
    own_nodes: Nodes,
) -> None:
    context = await a_register(own_nodes)
    going = turn_field_keys([context], context.settings.keys, batch=1)
    await anext(going)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number(order="999"), "龙大妹")), "b.csv")
        async for _ in going:
            assert (await client.get("/registry/v1/labourers")).status_code == 200
    assert set(await count_all([context])) == {2}


async def test_a_transaction_that_began_before_is_waited_for(own_nodes: Nodes) -> None:
    context = await a_register(own_nodes)
    turned: list[object] = []

    async def turn() -> None:
        async for one in turn_field_keys([context], context.settings.keys):
            turned.append(one)

    async with context.database.transaction() as tx:
        blob = tx.node.vault.encrypt("old", context="registry.household.number")
        assert blob[0] == 1
        await tx.execute(text("SELECT 1"))
        await asyncio.sleep(0)
        going = asyncio.create_task(turn())
        await asyncio.wait([going], timeout=2)
        assert not going.done()
        assert 1 in FieldKeys(context.settings.keys).all()
        await tx.execute(text("UPDATE household SET number_sealed = :blob"), {"blob": blob})
    await going
    assert set(await count_all([context])) == {2}
    assert (await all_texts(context))["registry.household.number"] == ["old"]


def test_a_destroyed_key_opens_nothing_and_says_so(tmp_path: Path) -> None:
    make_keys("n433124", tmp_path)
    vault = Vault.read(tmp_path)
    blob = vault.encrypt("龙大妹", context="a.b.c")
    assert turning.add_field_key(tmp_path) == turning.add_field_key(tmp_path) == 2
    assert vault.encrypt("x", context="a.b.c")[0] == 2
    assert vault.decrypt(blob, context="a.b.c") == "龙大妹"
    assert turning.retire_field_keys(tmp_path, used={1}) == []
    assert turning.retire_field_keys(tmp_path, used=()) == [1]
    make_keys("n433124", tmp_path)
    assert list(FieldKeys(tmp_path).all()) == [2]
    with pytest.raises(FieldKeyGone):
        Vault.read(tmp_path).decrypt(blob, context="a.b.c")


def test_every_key_file_is_for_its_owner_alone_and_no_half_key_is_left(tmp_path: Path) -> None:
    make_keys("n433124", tmp_path)
    (tmp_path / "field").mkdir(mode=0o700)
    (tmp_path / "field" / "2.key.new").write_bytes(b"half")
    turning.add_field_key(tmp_path)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()} == {0o600}
    assert {len(key) for key in FieldKeys(tmp_path).all().values()} == {32}
    assert not list(tmp_path.rglob("*.new"))


@pytest.mark.parametrize("name", SERVICES)
def test_every_column_of_bytes_says_that_it_is_encrypted_or_is_known_to_hold_no_person(name: str) -> None:
    service = importlib.import_module(f"services.{name}.app").SERVICE
    shared = {table.name for table in plumbing(MetaData())}
    silent = [
        f"{table.fullname}.{column.name}"
        for table in service.metadata.sorted_tables
        for column in table.columns
        if f"{table.fullname}.{column.name}" not in NO_PERSON
        and isinstance(column.type, LargeBinary)
        and table.name not in shared
        and column not in sealed_columns(service.metadata).get(table, [])
        and not column.name.endswith(("_index", "digest", "salt", "hash"))
    ]
    assert not silent, json.dumps(silent)
