"""A phone's copy follows the register: nothing is missed by whoever commits late, nothing stays of who has left the scope."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.common.housekeeping import forget
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from tests.integration.registry.files import a_file, a_row, listed, send_bytes
from tests.integration.registry.phones import BIANCHENG, HUAYUAN, SYNC, Phone
from tests.integration.registry.test_corrections import LABOURERS
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of


async def a_county(client: httpx.AsyncClient, people: int = 3) -> dict[str, list[dict[str, Any]]]:
    """Households of one person in 花垣镇, one in 边城镇; people by township."""
    rows = [a_row(a_number(order=f"{one:03}"), 户编号=f"43000{one}") for one in range(1, people + 1)]
    rows.append(a_row(a_number(order="901"), "吴老二", 乡="边城镇", 村="茶洞村", 户编号="430009"))
    (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in await listed(client):
        found.setdefault(row["township"], []).append(row)
    return found


async def correct(client: httpx.AsyncClient, one: str, **said: Any) -> httpx.Response:
    answer = await client.patch(f"{LABOURERS}/{one}", json=said, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_phone_gets_its_scope_whole_and_then_the_difference(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer, client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        people = await a_county(officer)
        phone = Phone(cadre)
        assert await phone.pull(limit=2) >= 6
        await phone.check()
        assert phone.places == [{"township": "花垣镇", "village": "老寨村"}]
        assert phone.people.keys() == {row["id"] for row in people["花垣镇"]}
        assert await phone.pull() == 0
        await correct(officer, people["花垣镇"][0]["id"], work_place="04", on="2017-03-20")
        await correct(officer, people["边城镇"][0]["id"], work_place="04", on="2017-03-20")
        assert await phone.pull() == 1
        await phone.check()
    assert phone.people[people["花垣镇"][0]["id"]]["work_place"] == "04"
    assert all(row["name"].endswith("**") for row in phone.people.values())


async def test_who_moves_to_another_township_leaves_one_phone_and_comes_to_the_other(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with (
        client_of(context) as officer,
        client_of(context, "cadre", regions=[HUAYUAN]) as one,
        client_of(context, "cadre", regions=[BIANCHENG]) as other,
    ):
        people = await a_county(officer)
        here, there = Phone(one), Phone(other)
        for phone in (here, there):
            await phone.pull()
        moving = people["花垣镇"][0]["id"]
        moved = await officer.post(
            f"{LABOURERS}/{moving}/moves",
            json={"household": people["边城镇"][0]["household"], "kinship": "之子", "on": "2017-03-20"},
        )
        assert moved.status_code == 200, moved.text
        page = await here.page()
        await there.pull()
        await here.check()
        await there.check()
    assert set(page["gone"]) == {moving, people["花垣镇"][0]["household"]}
    assert moving in there.people


async def test_whoever_commits_late_is_not_missed(nodes: Nodes) -> None:
    """The one who began first ends last: a phone that asked in between gets both in the end."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer, client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        first, second, _ = (row["id"] for row in (await a_county(officer))["花垣镇"])
        phone = Phone(cadre)
        await phone.pull()
        touch = text("UPDATE person SET version = version + 1 WHERE id = :one")
        async with context.database.transaction() as slow:
            await slow.execute(touch, {"one": first})
            await correct(officer, second, education="高中")
            await phone.pull()
        await phone.pull()
        await phone.check()
    assert phone.people[first]["version"] == 2


@pytest.mark.parametrize("regions", [["433124:花垣镇/老寨村"], [HUAYUAN, BIANCHENG]])
async def test_another_scope_starts_anew(nodes: Nodes, regions: list[str]) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer, client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        await a_county(officer)
        phone = Phone(cadre)
        await phone.pull()
        async with client_of(context, "cadre", regions=regions) as changed:
            refused = await changed.get(SYNC, params={"after": phone.after})
            phone.client = changed
            await phone.pull()
            await phone.check()
    assert (refused.status_code, refused.json()["type"]) == (410, "urn:xieli:problem:start-anew")


async def test_a_phone_that_was_away_too_long_starts_anew(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer, client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        people = await a_county(officer)
        away, back = Phone(cadre), Phone(cadre)
        await away.pull()
        home = people["边城镇"][0]["household"]
        await officer.post(
            f"{LABOURERS}/{people['花垣镇'][0]['id']}/moves",
            json={"household": home, "kinship": "之子", "on": "2017-03-20"},
        )
        await back.pull()
        await _age(context, "sync_row")
        await forget(context)
        refused = await cadre.get(SYNC, params={"after": away.after})
        assert await back.pull() == 0
        await away.pull()
        await away.check()
    assert refused.status_code == 410


async def _age(context: ServiceContext, table: str) -> None:
    async with context.database.transaction() as tx:
        await tx.execute(text(f"UPDATE {table} SET at = at - interval '400 days'"))


async def test_a_cursor_of_something_else_is_refused(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        answer = await cadre.get(SYNC, params={"after": "AAAA"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/after"
