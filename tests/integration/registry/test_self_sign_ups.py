"""Sign-up for a fair without an account: taken once, told to nobody who is in the register, found by a desk, forgotten."""

from __future__ import annotations

from typing import Any

import httpx
from sqlalchemy import text

from libs.common.calendar import add_days
from libs.common.database import new_id
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from services.registry.operations.self_sign_ups import forget_self_sign_ups
from services.registry.rules.self_sign_ups import KEPT_DAYS
from tests.integration.registry.files import a_file, a_row, listed, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of

NUMBER, FAIR = a_number(order="001"), str(new_id())
HERE = f"/registry/v1/fairs/{FAIR}/self-sign-ups"


async def give(context: ServiceContext, **said: Any) -> httpx.Response:
    day = str(context.node.today())
    body = {"name": "石秀英", "tail": NUMBER[-6:], "phone": "15400000001", "day": day, **said}
    async with client_of(context, "service") as node:
        return await node.post(HERE, json=body)


async def a_register(nodes: Nodes) -> tuple[ServiceContext, str]:
    """With one person in it; answers who it is."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer:
        assert (await send_bytes(officer, a_file(a_row(NUMBER, "石秀英")), "people.csv")).json()["accepted"] == 1
        (one,) = await listed(officer)
    return context, str(one["id"])


async def test_the_answer_is_the_same_for_everybody_and_nothing_is_kept_in_clear(nodes: Nodes) -> None:
    context, _ = await a_register(nodes)
    answers = [await give(context), await give(context), await give(context, name="无名氏", tail="00000X")]
    assert {(each.status_code, each.text) for each in answers} == {(200, '{"taken":true}')}
    wrong = await give(context, tail="12", phone="1")
    assert (wrong.status_code, {each["pointer"] for each in wrong.json()["errors"]}) == (422, {"/tail", "/phone"})
    async with context.database.reading() as tx:
        rows = [str(row) for row in await tx.execute(text("SELECT * FROM self_sign_up"))]
    assert len(rows) == 2
    assert not any(word in row for row in rows for word in ("石秀英", NUMBER[-6:], "15400000001"))
    async with client_of(context) as officer, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        shown = (await officer.get(HERE)).json()["items"]
        assert [(each["name"], each["state"]) for each in shown] == [("石**", "waiting"), ("无**", "waiting")]
        assert (await officer.get(f"{HERE}.xlsx")).status_code == 200
        assert (await officer.post(HERE, json={})).status_code == (await cadre.get(HERE)).status_code == 403


async def test_a_desk_finds_who_it_is_and_what_was_given_is_gone(nodes: Nodes) -> None:
    context, person = await a_register(nodes)
    await give(context)
    await give(context, name="石秀兰", phone="15400000002")
    async with client_of(context) as officer:
        first, second = [each["id"] for each in (await officer.get(HERE)).json()["items"]]
        found = [(await officer.get(f"{HERE}/{each}")).json() for each in (first, second)]
        assert [[each["id"] for each in one["candidates"]] for one in found] == [[person], [person]]
        assert [one["named"] for one in found] == [[person], []]
        settled = [(await officer.post(f"{HERE}/{first}/settle", json={"person": person})).json() for _ in range(2)]
        assert settled[0] == settled[1]
        assert (settled[0]["state"], settled[0]["name"], settled[0]["person"]) == ("confirmed", None, person)
        assert (await officer.post(f"{HERE}/{first}/settle", json={})).status_code == 409
        assert (await officer.post(f"{HERE}/{second}/settle", json={})).json()["state"] == "dropped"
        assert (await officer.post(f"{HERE}/{second}/settle", json={"person": str(new_id())})).status_code in (404, 409)
        seen = (await officer.get(f"/registry/v1/labourers/{person}/accesses")).json()["items"]
        assert any(each["action"] == "registry.show_self_sign_up" for each in seen), seen
    await give(context)
    async with context.database.reading() as tx:
        left = (await tx.execute(text("SELECT count(*), count(name_sealed) FROM self_sign_up"))).one()
    assert tuple(left) == (2, 0)


async def test_a_week_after_the_fair_what_nobody_looked_at_is_forgotten(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    for days in (-KEPT_DAYS - 1, -KEPT_DAYS):
        day = str(add_days(context.node.today(), days))
        assert (await give(context, day=day, phone=f"1540000000{-days}"[:11])).status_code == 200
    async with context.database.transaction() as tx:
        assert await forget_self_sign_ups(tx, None, 100) == 1
    async with client_of(context) as officer:
        assert len((await officer.get(HERE)).json()["items"]) == 1
