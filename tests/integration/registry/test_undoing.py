"""An import taken back (撤回整批): whoever was untouched is as before it, whoever was changed since stays as they are and is named."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from libs.common.events.registry import LabourerErased
from libs.common.imports import worker
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from services.registry.operations import undoing
from services.registry.operations.imports import IMPORTS
from services.registry.rules.numbers import check_character
from tests.integration.registry.files import WHY, a_file, a_row, listed, send, send_bytes, told_by
from tests.support.nodes import WAITING, Nodes, client_of

# What only counts how often a row was written.
COUNTED = {"version"}


def a_number(order: int) -> str:
    first17 = f"43312419800101{order:03d}"
    return first17 + check_character(first17)


def rows_of(orders: range, **said: str) -> list[str]:
    """People two to a household."""
    return [
        a_row(a_number(one), 户编号=f"43{one // 2:04d}", 与户主关系="户主" if one % 2 == 0 else "其他", **said)
        for one in orders
    ]


async def bring(client: httpx.AsyncClient, rows: list[str], as_of: str = "2016-12-31") -> str:
    answer = await send_bytes(client, a_file(*rows), "people.csv", as_of=as_of)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def undo(client: httpx.AsyncClient, number: str) -> dict[str, Any]:
    answer = await client.post(f"/registry/v1/imports/{number}/undo", headers=WAITING)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def everybody(context: ServiceContext, client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """Every person with whatever a list shows, and the day on which what is known of them holds."""
    async with context.database.transaction() as tx:
        days = {str(row.id): row.as_of for row in await tx.execute(text("SELECT id, as_of FROM registry.person"))}
    shown = {one["id"]: one | {"known_as_of": days[one["id"]]} for one in await listed(client)}
    return {one: {name: value for name, value in each.items() if name not in COUNTED} for one, each in shown.items()}


def without_burden(shown: dict[str, Any]) -> dict[str, Any]:
    """The points of a household follow from everybody in it, the edited ones too."""
    return {name: value for name, value in shown.items() if name != "burden"}


async def edit(client: httpx.AsyncClient, one: str, **said: Any) -> None:
    path = f"/registry/v1/labourers/{one}"
    version = (await client.get(path)).headers["ETag"]
    answer = await client.patch(path, json={"on": "2017-03-01", **said}, headers={"If-Match": version})
    assert answer.status_code == 200, answer.text


async def test_an_import_taken_back_leaves_nobody_and_no_household(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = (await send(client, "people")).json()["id"]
        before = await listed(client)
        done = await undo(client, number)
        assert await listed(client) == []
        assert (await client.get("/registry/v1/households")).json()["items"] == []
        again = (await send(client, "people")).json()
        shown = (await client.get(f"/registry/v1/imports/{number}")).json()
        [_, first] = (await client.get("/registry/v1/imports")).json()["items"]
    assert (done["removed"], done["kept"]) == (len(before), [])
    assert again["added"] == len(before)
    assert shown["undone"] == done
    assert first["undone_at"] == done["undone_at"]
    gone = {str(each.person) for each in await told_by(context, LabourerErased)}
    assert gone == {each["id"] for each in before}


async def test_taken_back_twice_it_answers_the_same(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = await bring(client, rows_of(range(4)))
        [kept, *_] = await listed(client)
        await edit(client, kept["id"], phone="15411111111")
        first = await undo(client, number)
        await edit(client, kept["id"], phone="15422222222")
        assert await undo(client, number) == first
    assert first["kept"] == [{"person": kept["id"], "name": kept["name"], "reasons": ["changed"]}]
    assert first["removed"] == 3


async def test_only_an_officer_of_the_county_takes_an_import_back(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = await bring(client, rows_of(range(2)))
        unknown = await client.post("/registry/v1/imports/01890a5d-ac96-774b-bcce-b302099a8057/undo")
    assert unknown.status_code == 404
    for role in ("auditor", "system", "cadre"):
        async with client_of(context, role=role) as client:
            assert (await client.post(f"/registry/v1/imports/{number}/undo")).status_code == 403, role


async def test_wishes_taken_back_leave_people_and_phones_as_before(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send(client, "people")
        before = await everybody(context, client)
        number = (await send(client, "wishes")).json()["id"]
        assert await everybody(context, client) != before
        done = await undo(client, number)
        assert await everybody(context, client) == before
        history = (await client.get(f"/registry/v1/labourers/{next(iter(before))}/history")).json()["items"]
    assert done["removed"] == 0
    assert done["wishes"] > 0
    assert {each["reason"] for each in history if each["source"] == "form"} <= {
        "撤回整批导入 The import was taken back"
    }


async def test_a_file_of_the_wrong_year_does_not_stand_in_the_way_of_the_right_one(nodes: Nodes) -> None:
    """What was taken back counts for nothing: neither its day nor its facts keep an older file out."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await bring(client, rows_of(range(2)), as_of="2015-12-31")
        wrong = await bring(
            client, rows_of(range(2), 文化程度="大专", 务工所在地="省外", 就业渠道="自主就业"), as_of="2016-12-31"
        )
        await undo(client, wrong)
        await bring(
            client, rows_of(range(2), 文化程度="高中", 务工所在地="县外省内", 就业渠道="自主就业"), as_of="2016-06-30"
        )
        people = await listed(client)
    assert {(each["education"], each["work_place"]) for each in people} == {("高中", "03")}


async def change_somehow(client: httpx.AsyncClient, random: Random, one: dict[str, Any], homes: list[str]) -> str:
    """One thing that happens to a person between an import and its taking back; answers what it is told as."""
    what = random.choice(["phone", "education", "work", "ability", "move", "reveal", "visit"])
    if what == "move":
        to = random.choice([home for home in homes if home != one["household"]])
        body = {"household": to, "kinship": "其他", "on": "2017-03-01"}
        answer = await client.post(f"/registry/v1/labourers/{one['id']}/moves", json=body)
        assert answer.status_code == 200, answer.text
    elif what == "reveal":
        answer = await client.post("/registry/v1/reveals", json={**WHY, "ids": [one["id"]]})
        assert answer.status_code == 201, answer.text
        return "revealed"
    elif what == "visit":
        answer = await client.post(
            f"/registry/v1/labourers/{one['id']}/visits", json={"on": "2017-03-01", "found": "no_change"}
        )
        assert answer.status_code == 201, answer.text
        return "visited"
    else:
        said: dict[str, dict[str, Any]] = {
            "phone": {"phone": f"154{random.randrange(10**8):08d}"},
            "education": {"education": random.choice(["小学", "文盲或半文盲"])},
            "work": {"work_place": "04", "channel": "自主就业"},
            "ability": {"ability": "丧失劳动力"},
        }
        await edit(client, one["id"], **said[what])
    return "changed"


@pytest.mark.parametrize("seed", range(6))
async def test_whoever_was_edited_stays_and_everybody_else_is_as_before(nodes: Nodes, seed: int) -> None:
    context, random = await nodes.open(SERVICE), Random(seed)
    async with client_of(context) as client:
        await bring(client, rows_of(range(12), 务工所在地=random.choice(["", "县内"])), as_of="2015-12-31")
        before = await everybody(context, client)
        stated = [
            row
            for one in range(4, 20)
            for row in rows_of(
                range(one, one + 1),
                文化程度=random.choice(["初中", "高中"]),
                务工所在地=random.choice(["", "县内", "省外"]),
                成员联系电话=f"154{random.randrange(10**8):08d}",
                劳动技能=random.choice(["普通劳动力", "技能劳动力"]),
                村=random.choice(["老寨村", "新寨村"]),
            )
        ]
        number = await bring(client, stated, as_of="2016-12-31")
        there = await everybody(context, client)
        homes = sorted({each["household"] for each in there.values()})
        edited = {
            one: await change_somehow(client, random, there[one], homes)
            for one in sorted(random.sample(sorted(there), 6))
        }
        now = await everybody(context, client)
        done = await undo(client, number)
        after = await everybody(context, client)
    # In the order of entry: four whom the second file does not name, eight whom it changes, eight whom it brings in.
    touched, entered = set(sorted(there)[4:]), set(sorted(there)[12:])
    assert entered == there.keys() - before.keys()
    stays = {one for one, why in edited.items() if one in touched and (why != "revealed" or one in entered)}
    assert {each["person"]: each["reasons"] for each in done["kept"]} == {one: [edited[one]] for one in stays}
    assert after.keys() == there.keys() - (entered - stays)
    assert done["restored"] == 8 - len(stays - entered)
    for one, shown in after.items():
        expected = before[one] if one in touched - stays else now[one]
        assert without_burden(shown) == without_burden(expected), edited.get(one)


async def test_it_is_taken_back_in_portions_and_goes_on_where_its_worker_was_killed(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "PORTION", 4)
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = await bring(client, rows_of(range(10)))
        nodes.stop_working()
        path = f"/registry/v1/imports/{number}"
        asked = await client.post(f"{path}/undo")
        stopped = await client.post(f"{path}/cancel")
        again = await client.post(f"{path}/undo")
        async with context.database.transaction() as tx:  # one portion is in, and the process ends
            assert await undoing.undo_portion(tx, UUID(number))
        half, left = (await client.get(path)).json(), len(await listed(client))
        refused = await client.post(f"{path}/refused", json={"rows": [{"row": 2, "values": {"姓名": "龙"}}]})
        assert await worker.take_next_in(context, IMPORTS)
        done, shown = await undo(client, number), (await client.get(path)).json()
        assert await listed(client) == []
        assert (await client.get("/registry/v1/households")).json()["items"] == []
    assert (asked.status_code, asked.json()["people"], asked.json()["undone_at"]) == (202, 10, None)
    assert (stopped.json()["state"], stopped.json()["undone"]) == ("done", None)
    assert again.status_code == 202
    assert (half["state"], half["undone"]["seen"], half["undone"]["removed"], left) == ("undoing", 4, 4, 6)
    assert refused.status_code == 409
    assert (shown["state"], done["seen"], done["removed"], done["kept"]) == ("undone", 10, 10, [])


async def test_an_import_that_has_not_begun_is_taken_back_at_once(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        nodes.stop_working()
        files = {"file": ("people.csv", a_file(*rows_of(range(2))))}
        number = (await client.post("/registry/v1/imports", data={"kind": "people"}, files=files)).json()["id"]
        asked = await client.post(f"/registry/v1/imports/{number}/undo")
        while await worker.take_next_in(context, IMPORTS):
            pass
        shown = (await client.get(f"/registry/v1/imports/{number}")).json()
        assert await listed(client) == []
    assert (asked.status_code, asked.json()["people"]) == (202, 0)
    assert (shown["state"], shown["undone"]["removed"]) == ("undone", 0)
