"""A quarter's round: whoever is there is listed, a visit settles, whoever moves moves in the lists, and whoever leaves is told."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from libs.common.service import ServiceContext
from services.console.app import SERVICE as CONSOLE
from services.registry.app import SERVICE
from services.registry.workers import draw_up
from tests.integration.registry.rounds import QUARTER, ROUNDS, no_change, open_round, progress, stands, total
from tests.integration.registry.test_corrections import LABOURERS
from tests.integration.registry.test_erasures import erase
from tests.integration.registry.test_households import a_village
from tests.integration.registry.test_visits import visit
from tests.support.nodes import Nodes, client_of

ON = {"on": "2017-05-02"}


async def test_everybody_of_the_day_is_listed_and_a_visit_of_the_period_settles(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        people = await a_village(client)
        await visit(client, people["配偶"]["id"], "2017-04-02", "changed", wish={"willing": True})
        await visit(client, people["之子"]["id"], "2017-03-31", "no_change")
        one = await open_round(client, context, due="2017-06-20")
        assert await total(client, one) == (4, 1, 3, 0)
        await visit(cadre, people["户主"]["id"], "2017-06-21", "no_change")
        await visit(cadre, people["之子"]["id"], "2017-06-22", "not_home")
        said, own = await progress(client, one), await progress(cadre, one)
        listed = await stands(cadre, one)
        waiting = await stands(client, one, state="open")
        early = await progress(client, one, as_of="2017-06-20")
    assert {name: said["total"][name] for name in ("listed", "settled", "late", "open", "left", "completeness")} == {
        "listed": 4,
        "settled": 2,
        "late": 1,
        "open": 2,
        "left": 0,
        "completeness": 0.5,
    }
    assert (said["overdue"], early["overdue"]) == (2, 0)
    assert [(each["township"], each["listed"]) for each in own["townships"]] == [("花垣镇", 3)]
    assert own["total"]["listed"] == 3
    assert {each["cadre"]: each["settled_by"] for each in own["cadres"]} == {"cadre-1": 1, "officer-1": 1}
    assert set(listed) == {people[who]["id"] for who in ("户主", "配偶", "之子")}
    assert listed[people["户主"]["id"]]["name"] == "龙**"
    assert set(waiting) == {people["之子"]["id"], people["alone"]["id"]}


async def test_no_change_is_one_press_and_pressed_twice_counts_once(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:边城镇"]) as cadre:
        people = await a_village(client)
        one = await open_round(client, context)
        head = people["户主"]["id"]
        first, again = await no_change(client, one, head), await no_change(client, one, head, "2017-05-21")
        visits = (await client.get(f"{LABOURERS}/{head}/visits")).json()["items"]
        hidden = await no_change(cadre, one, head)
        outside = await no_change(client, one, people["alone"]["id"], "2017-07-01")
        future = await no_change(client, one, people["alone"]["id"], "2030-07-01")
        assert await total(client, one) == (4, 1, 3, 0)
    assert (first.status_code, first.json()["state"], first.json()["settled_by"]) == (200, "settled", "officer-1")
    assert first.json() == again.json()
    assert [(each["found"], each["visited"]) for each in visits] == [("no_change", "2017-05-20")]
    assert (hidden.status_code, outside.status_code, future.status_code) == (404, 422, 422)
    assert outside.json()["errors"][0]["pointer"] == "/on"


async def test_who_comes_later_is_in_who_leaves_is_told_and_who_moves_moves_in_the_lists(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        one = await open_round(client, context)
        place = {"household": people["alone"]["household"], "kinship": "其他"}
        card = {"number": "433124199003076626", "name": "麻小妹", "education": "初中", "ability": "普通劳动力"}
        made = await client.post(LABOURERS, json={**card, **place, "confirmed": True, **ON})
        assert made.status_code == 201, made.text
        newcomer = made.json()["id"]
        assert await total(client, one) == (5, 0, 5, 0)
        moved = await client.post(f"{LABOURERS}/{people['之子']['id']}/moves", json={**place, **ON})
        assert moved.status_code == 200, moved.text
        await no_change(client, one, people["配偶"]["id"])
        gone = await client.post(
            f"{LABOURERS}/{people['配偶']['id']}/departures", json={"way": "dead", "on": "2017-05-21"}
        )
        assert gone.status_code == 200, gone.text
        dead = await no_change(client, one, people["配偶"]["id"])
        listed, said = await stands(client, one), await progress(client, one)
        back = {"kind": "entered_by_mistake", "reason": "同名误报", "on": "2017-05-22"}
        await client.post(f"{LABOURERS}/{people['配偶']['id']}/returns", json=back)
        assert await total(client, one) == (5, 1, 4, 0)
    assert (listed[newcomer]["later"], listed[people["户主"]["id"]]["later"]) == (True, False)
    assert listed[people["之子"]["id"]]["township"] == "边城镇"
    assert {each["township"]: (each["listed"], each["left"]) for each in said["townships"]} == {
        "花垣镇": (2, 1),
        "边城镇": (3, 0),
    }
    left = listed[people["配偶"]["id"]]
    assert (left["state"], left["left_as"], left["left_on"]) == ("left", "dead", "2017-05-21")
    assert (dead.status_code, dead.json()["type"]) == (409, "urn:xieli:problem:person-left")


async def test_one_round_for_a_period_none_before_the_last_and_no_heap_of_unsigned_ones(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:

        async def ask(**said: str) -> httpx.Response:
            return await client.post(ROUNDS, json={**QUARTER, **said})

        first = await ask(period="2017Q2")
        wrong = {
            "again": await ask(period="2017Q2"),
            "before": await ask(period="2017Q1"),
            "to come": await ask(period="2099Q1"),
            "another shape": await ask(period="2017-07"),
            "day outside": await ask(period="2017Q3", day="2017-10-01"),
            "due before": await ask(period="2017Q3", day="2017-08-01", due="2017-07-31"),
            "no cadre": await cadre.post(ROUNDS, json={**QUARTER, "period": "2017Q3"}),
        }
        await ask(period="2017Q3")
        heap = await ask(period="2017Q4")
        month = await ask(kind="month", period="2017-05")
        shown = (await client.get(ROUNDS)).json()["items"]
    assert first.status_code == 201
    assert {why: answer.status_code for why, answer in wrong.items()} == {
        "again": 409,
        "before": 422,
        "to come": 422,
        "another shape": 422,
        "day outside": 422,
        "due before": 422,
        "no cadre": 403,
    }
    assert wrong["day outside"].json()["errors"][0]["pointer"] == "/day"
    assert (heap.status_code, heap.json()["type"]) == (409, "urn:xieli:problem:rounds-unsigned")
    assert month.status_code == 201
    assert [each["period"] for each in shown] == ["2017-05", "2017Q3", "2017Q2"]


async def test_what_is_written_while_a_round_is_opened_is_on_its_list(nodes: Nodes) -> None:
    """A visit that was begun before the round was there, and ends after its list was asked for."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        connection = await context.database.connect_raw()
        try:
            async with connection.transaction():
                await connection.execute("SELECT set_config('xieli.reach', 'service', true)")
                await connection.execute(
                    "INSERT INTO visit (id, person, visited, visited_by, at, source, found) "
                    "VALUES (gen_random_uuid(), $1, '2017-05-02', 'cadre-2', now(), 'form', 'no_change')",
                    people["户主"]["id"],
                )
                made = await client.post(ROUNDS, json=QUARTER)
                await draw_up(context)
                waiting = (await client.get(made.headers["location"])).json()["state"]
        finally:
            await connection.close()
        await draw_up(context)
        one = (await client.get(made.headers["location"])).json()
        assert (waiting, one["state"]) == ("listing", "open")
        assert await total(client, one) == (4, 1, 3, 0)


async def _account(console: httpx.AsyncClient, login: str, region: str) -> None:
    made = await console.post(
        "/console/v1/accounts", json={"login": login, "role": "cadre", "regions": [region], "organisation": ""}
    )
    assert made.status_code == 201, made.text


@pytest.fixture
async def offices(nodes: Nodes) -> tuple[ServiceContext, ServiceContext]:
    return await nodes.open(SERVICE), await nodes.open(CONSOLE)


async def test_villages_are_given_to_cadres_who_have_an_account_for_them(
    offices: tuple[ServiceContext, ServiceContext],
) -> None:
    registry, console = offices
    async with (
        client_of(registry) as client,
        client_of(console, "operator") as operator,
        client_of(registry, "cadre", subject="shi", regions=["433124:花垣镇"]) as shi,
    ):
        for login, region in (("shi", "433124:花垣镇"), ("wu", "433124:边城镇/茶洞村")):
            await _account(operator, login, region)
        people = await a_village(client)
        one = await open_round(client, registry)
        old, tea = {"township": "花垣镇", "village": "老寨村"}, {"township": "边城镇", "village": "茶洞村"}

        async def give(villages: list[dict[str, str]], *cadres: str) -> httpx.Response:
            return await client.put(
                f"{ROUNDS}/{one['id']}/villages", json={"villages": villages, "cadres": list(cadres)}
            )

        given, also = await give([old], "shi"), await give([tea], "wu")
        outside, nobody = await give([old, tea], "shi"), await give([old], "nobody")
        nowhere = await give([{"township": "花垣镇", "village": "没有村"}], "shi")
        mine = await stands(shi, one, mine="true")
        await no_change(shi, one, people["户主"]["id"])
        said = await progress(client, one)
        taken = await give([tea])
    assert given.status_code == also.status_code == 200, given.text
    assert set(mine) == {people[who]["id"] for who in ("户主", "配偶", "之子")}
    errors: list[dict[str, Any]] = [outside.json()["errors"][0], nobody.json()["errors"][0]]
    assert (outside.status_code, nobody.status_code, nowhere.status_code) == (422, 422, 422)
    assert [(each["pointer"], each["code"]) for each in errors] == [("/cadres/0", "outside"), ("/cadres/0", "unknown")]
    assert "茶洞村" in errors[0]["message"]
    by = {each["cadre"]: (each["villages"], each["listed"], each["settled_by"]) for each in said["cadres"]}
    assert by == {"shi": (1, 3, 1), "wu": (1, 1, 0)}
    assert [each["cadre"] for each in taken.json()["assignments"]] == ["shi"]


async def test_who_is_erased_is_out_but_the_list_still_says_that_somebody_was_there(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        one, gone = await open_round(client, context), people["alone"]["id"]
        await visit(client, gone, "2017-05-02", "changed", wish={"willing": True})
        report = await erase(context, gone)
        assert await total(client, one) == (4, 0, 3, 1)
        left = (await stands(client, one))[gone]
    assert {part["table"]: part["rows"] for part in report["kept"]}["round_person"] == 1
    assert (left["left_as"], left["name"], left["willing"], left["visited"]) == ("erased", None, None, None)
