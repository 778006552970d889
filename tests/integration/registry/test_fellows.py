"""Groups of fellow villagers (同村结伴) from the sheet to the event: one id for each group of a village, and never its name."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import httpx

from libs.common.events.registry import LabourerRecorded
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from tests.integration.registry.files import WHY, a_file, a_row, revealed, send_bytes, told_by
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, announced, client_of

HEADER = "姓名,证件号码,是否愿意外出务工,意向地区,意向工种,期望月薪,最低月薪,可上岗时间,不能从事,所需便利,走访日期"
# Name -> (village, what the sheet says of the group).
VILLAGERS = {
    "龙一": ("老寨村", "Ａ 组"),
    "龙二": ("老寨村", "a组"),
    "石一": ("杠杠村", "A组"),
    "石二": ("杠杠村", "A组"),
    "吴一": ("老寨村", ""),
    "吴二": ("老寨村", "一起到深圳去打工的龙家寨的那几个老乡年轻人"),
    "麻一": ("老寨村", "b组"),
}
NUMBERS = {name: a_number(order=f"{order:03}") for order, name in enumerate(VILLAGERS, 1)}


def wishes_of(*names: str, column: bool = True, **groups: str) -> bytes:
    """A wishes sheet of these people; `groups` says of some another group than above."""
    rows = [
        f"{name},{NUMBERS[name]},是,深圳,普工,3500,3000,随时,,,2017-02-20"
        + f",{groups.get(name, VILLAGERS[name][1])}" * column
        for name in names
    ]
    return "\n".join([HEADER + ",结伴小组" * column, *rows]).encode()


async def record_people(client: httpx.AsyncClient) -> None:
    rows = [
        a_row(NUMBERS[name], name, 村=village, 户编号=f"43{order:04}")
        for order, (name, (village, _)) in enumerate(VILLAGERS.items())
    ]
    assert (await send_bytes(client, a_file(*rows), "people.csv")).json()["accepted"] == len(VILLAGERS)


async def record_wishes(client: httpx.AsyncClient, *names: str, **said: Any) -> dict[str, Any]:
    answer = await send_bytes(client, wishes_of(*names, **said), "wishes.csv", kind="wishes")
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def groups_told(context: ServiceContext, client: httpx.AsyncClient) -> dict[str, UUID | None]:
    """Name -> the group in the newest event of everybody who has a wish."""
    names = {UUID(one): row["name"] for one, row in (await revealed(client, context)).items()}
    told = await told_by(context, LabourerRecorded)
    return {names[event.person]: event.wish.fellows for event in told if event.wish}


async def test_people_of_one_village_are_told_of_by_one_id_and_those_of_another_by_another(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await record_people(client)
        report = await record_wishes(client, *VILLAGERS)
        groups = await groups_told(context, client)
    assert (report["accepted"], report["refused"]) == (len(VILLAGERS), 0)
    assert report["findings"] == {
        "7": [{"code": "wish_fellows_too_long", "column": "结伴小组"}],
        "8": [{"code": "wish_fellows_alone", "column": "结伴小组"}],
    }
    assert groups["龙一"] == groups["龙二"]
    assert groups["石一"] == groups["石二"]
    assert len({groups["龙一"], groups["石一"], groups["麻一"]} - {None}) == 3
    assert (groups["吴一"], groups["吴二"]) == (None, None)


async def test_the_register_knows_who_is_of_one_village(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await record_people(client)
        together, apart = await record_wishes(client, "龙一", "龙二"), await record_wishes(client, "龙一", "石一")
    alone = [{"code": "wish_fellows_alone", "column": "结伴小组"}]
    assert (together["findings"], apart["findings"]) == ({}, {"2": alone, "3": alone})


async def test_no_event_names_a_group(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await record_people(client)
        await record_wishes(client, *VILLAGERS)
        assert any((await groups_told(context, client)).values())
    told = "".join([json.dumps(json.loads(one.data), ensure_ascii=False) for one, _ in await announced(context)])
    assert "花垣镇" in told
    assert not [name for name in ("组", "老寨村", "杠杠村") if name in told]


async def test_fellows_of_two_sheets_are_one_group(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await record_people(client)
        first, second = await record_wishes(client, "龙一"), await record_wishes(client, "龙二")
        groups = await groups_told(context, client)
    alone = {"2": [{"code": "wish_fellows_alone", "column": "结伴小组"}]}
    assert (first["findings"], second["findings"]) == (alone, alone)
    assert groups["龙一"] == groups["龙二"] is not None


async def test_another_group_is_told_and_the_same_one_is_not_told_again(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await record_people(client)
        await record_wishes(client, "龙一", "龙二")
        again = await record_wishes(client, "龙一", "龙二")
        moved = await record_wishes(client, "龙一", "龙二", 龙二="b组")
        groups = await groups_told(context, client)
        left = await record_wishes(client, "龙一", "龙二", column=False)
        alone = await groups_told(context, client)
    assert [(told["added"], told["known"]) for told in (again, moved, left)] == [(0, 2), (1, 1), (2, 0)]
    assert len({groups["龙一"], groups["龙二"]} - {None}) == 2
    assert alone == {"龙一": None, "龙二": None}


async def test_a_person_is_shown_with_the_groups_id_and_its_name_to_who_may_see_names(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "auditor") as auditor:
        await record_people(client)
        await record_wishes(client, "龙一", "龙二")
        one = next(one for one, row in (await revealed(client, context)).items() if row["name"] == "龙一")
        path, group = f"/registry/v1/labourers/{one}", (await groups_told(context, client))["龙一"]
        plain = (await client.post(f"{path}/reveal", json=WHY)).json()
        masked = (await auditor.get(path)).json()
    assert (plain["fellows"], masked["wish"]["fellows"]) == ("a组", str(group))
    assert "fellows" not in masked
