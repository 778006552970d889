"""People entered by hand: number first, one rule with files, nobody twice, and no word of whoever is beyond the caller's reach."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from libs.common.events.registry import LabourerRecorded, RegistryIndicatorsStated
from services.registry.app import SERVICE
from services.registry.schemas.people import NewLabourer
from tests.integration.registry.files import a_file, a_row, listed, send_bytes, told_by
from tests.integration.registry.test_corrections import LABOURERS, history
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of

HOUSEHOLDS = "/registry/v1/households"
CARD: dict[str, Any] = {
    "number": a_number("19820615", "002"),
    "name": "石秀英",
    "household_no": "430001",
    "kinship": "配偶",
    "education": "初中",
    "ability": "普通劳动力",
    "health": ["健康"],
    "ethnic_group": "苗族",
    "phone": "15400000002",
    "low_income": True,
    "work_place": "04",
    "work_months": 5,
    "channel": "自主就业",
    "on": "2017-03-20",
}


async def a_county(client: httpx.AsyncClient) -> dict[str, str]:
    """One household in each of two townships; people by township."""
    rows = a_row(a_number()), a_row(a_number(order="003"), "吴老二", 乡="边城镇", 村="茶洞村", 户编号="430002")
    (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()
    return {row["township"]: row["id"] for row in await listed(client)}


async def enter(client: httpx.AsyncClient, **said: Any) -> httpx.Response:
    return await client.post(
        LABOURERS, json={name: each for name, each in {**CARD, **said}.items() if each is not None}
    )


async def test_a_person_goes_into_the_household_of_the_number_and_is_told_of(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await a_county(client)
        made = await enter(client)
        assert made.status_code == 201, made.text
        path = made.headers["location"]
        shown = await client.get(path)
        plain = await client.post(f"{path}/reveal", json={"purpose": "verification", "reference": "第 8 号"})
        told = await history(client, made.json()["id"])
    row = made.json()
    assert shown.headers["etag"] == made.headers["etag"] == '"v1"'
    assert (row["township"], row["village"], row["sex"], row["work_place"]) == ("花垣镇", "老寨村", "女", "04")
    assert (row["labourer"], row["employed"], row["findings"]) == (True, True, [])
    assert (plain.json()["name"], plain.json()["birth_date"]) == ("石秀英", "1982-06-15")
    assert [(each["field"], each["source"], each["who"], each["on"]) for each in told] == [
        ("entered", "form", "officer-1", "2017-03-20")
    ]
    event = (await told_by(context, LabourerRecorded))[-1]
    assert (str(event.person), event.work_place, event.channel) == (row["id"], "04", "自主就业")
    assert (await told_by(context, RegistryIndicatorsStated))[-1].figures["people"] == 3


async def test_a_form_and_a_file_that_say_the_same_make_the_same_person(nodes: Nodes) -> None:
    """One rule for both ways in."""
    context = await nodes.open(SERVICE)
    wife = a_row(
        CARD["number"], "石秀英", 性别="女", 与户主关系="配偶", 年度="2016", 成员联系电话="15400000002", 就业渠道="自主就业",
        **{"务工所在地": "省外", "务工时间（月）": "5"},
    )  # fmt: skip
    async with client_of(context) as client:
        await a_county(client)
        typed = (await enter(client, on="2016-12-31", ethnic_group=None, low_income=None)).json()
    async with client_of(await nodes.open(SERVICE, "n433126")) as other:
        head = a_row(a_number(), 县="古丈县")
        await send_bytes(other, a_file(head, wife.replace("花垣县", "古丈县")), "a.csv")
        filed = next(row for row in await listed(other) if row["kinship"] == "配偶")
    assert {name: typed[name] for name in filed if name not in ("id", "household")} == {
        name: value for name, value in filed.items() if name not in ("id", "household")
    }


@pytest.mark.parametrize(
    ("said", "pointers"),
    [
        ({"number": a_number("19820615", "002")[:17] + "?"}, {"/number"}),
        ({"number": "43312419821315002" + "1"}, {"/number"}),
        ({"birth_date": "1982-06-16", "sex": "男"}, {"/birth_date", "/sex"}),
        ({"name": "=1+1"}, {"/name"}),
        ({"ethnic_group": "火星族", "kinship": "邻居", "ability": "很能干", "work_place": "05"},
         {"/ethnic_group", "/kinship", "/ability", "/work_place"}),
        ({"health": ["健康", "感冒"]}, {"/health"}),
        ({"phone": "123", "household_phone": "456"}, {"/phone", "/household_phone"}),
        ({"household_no": "430777", "township": "花垣镇", "village": "没有村"}, {"/village"}),
        ({"household_no": "430777", "township": "没有乡", "village": "老寨村"}, {"/township"}),
        ({"household_no": "430777"}, {"/township"}),
        ({"kinship": "户主"}, {"/kinship"}),
        ({"on": "2999-01-01"}, {"/on"}),
        ({"household_no": None}, {""}),
    ],
)  # fmt: skip
async def test_what_cannot_stand_is_a_problem_at_its_field(
    nodes: Nodes, said: dict[str, Any], pointers: set[str]
) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await a_county(client)
        answer = await enter(client, **said)
        assert len(await listed(client)) == 2
    assert answer.status_code == 422, answer.text
    assert {each["pointer"] for each in answer.json()["errors"]} == pointers


async def test_what_is_odd_is_told_and_keeps_nobody_out(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await a_county(client)
        made = await enter(client, pupil="小学", work_months=None, number="433124820615002")
    assert made.status_code == 201, made.text
    assert {(each["code"], each["field"]) for each in made.json()["findings"]} == {
        ("id_old_15", "number"),
        ("schooling_both", "pupil"),
        ("work_place_without_months", "work_months"),
    }


async def test_a_new_household_is_made_and_one_of_elsewhere_is_not_told_of(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    place = {"township": "花垣镇", "village": "老寨村"}
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        await a_county(client)
        hidden = await enter(cadre, household_no="430002", kinship="户主", **place)
        made = await enter(cadre, household_no="430 777", kinship="户主", **place)
        home = (await cadre.get(f"{HOUSEHOLDS}/{made.json()['household']}")).json()
    assert (hidden.status_code, hidden.json()["known_as"]) == (409, None)
    assert hidden.json()["errors"][0]["pointer"] == "/household_no"
    assert (made.status_code, home["head"], home["members"], home["findings"]) == (201, "石**", 1, [])


async def test_the_same_number_is_refused_with_where_it_is_as_far_as_the_caller_sees(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        people = await a_county(client)
        taken = {"number": a_number(order="003"), "sex": None}
        seen, hidden = await enter(client, **taken), await enter(cadre, **taken)
        checked = [
            (await each.post(f"{LABOURERS}/checks", json={"number": taken["number"]})).json()
            for each in (client, cadre)
        ]
    other = people["边城镇"]
    assert (seen.status_code, hidden.status_code) == (409, 409)
    assert seen.json()["type"] == "urn:xieli:problem:number-taken"
    assert [seen.json()["known_as"], hidden.json()["known_as"]] == [f"{LABOURERS}/{other}", None]
    assert [(each["known"], each["known_as"]) for each in checked] == [(True, f"{LABOURERS}/{other}"), (True, None)]
    assert other not in hidden.text + str(checked[1])


async def test_who_is_perhaps_the_same_must_be_said_to_be_another(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    alike = {"number": a_number(order="005"), "name": "龙老二", "kinship": "之兄弟姐妹", "sex": None}
    async with client_of(context) as client:
        people = await a_county(client)
        first = await enter(client, **alike)
        checked = await client.post(
            f"{LABOURERS}/checks",
            json={"number": alike["number"], "name": "龙老二", "township": "花垣镇", "village": "老寨村"},
        )
        wrong = await enter(client, **alike, different_from=[people["边城镇"]])
        told = await enter(client, **alike, different_from=[people["花垣镇"]])
        again = await enter(client, **{**alike, "number": a_number(order="007")}, confirmed=True)
    assert (first.status_code, wrong.status_code, told.status_code, again.status_code) == (409, 409, 201, 201)
    (candidate,) = first.json()["candidates"]
    assert checked.json()["candidates"] == [candidate]
    assert (candidate["id"], candidate["name"], candidate["number"]) == (people["花垣镇"], "龙**", "433124************")
    assert not {"birth_date", "phone"} & candidate.keys()


async def test_somebody_alike_elsewhere_is_counted_and_not_shown(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        people = await a_county(client)
        answer = await enter(cadre, number=a_number(order="009"), name="吴老二", sex=None, kinship="其他")
    assert answer.status_code == 409
    assert (answer.json()["candidates"], answer.json()["elsewhere"]) == ([], 1)
    assert people["边城镇"] not in answer.text


async def test_a_check_says_what_the_number_says_and_leaves_no_number_on_the_trail(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "auditor") as auditor:
        sound = (await client.post(f"{LABOURERS}/checks", json={"number": CARD["number"]})).json()
        wrong = (await client.post(f"{LABOURERS}/checks", json={"number": "433124198206150029"})).json()
        trail = await auditor.get("/registry/v1/audit", params={"action": "registry.check_labourer"})
    assert (sound["valid"], sound["birth_date"], sound["sex"], sound["known"]) == (True, "1982-06-15", "女", False)
    assert (wrong["valid"], wrong["errors"][0]["code"], wrong["birth_date"]) == (False, "id_check_digit", None)
    assert len(trail.json()["items"]) == 2
    assert "19820615" not in trail.text


async def test_sent_twice_with_one_key_it_counts_once(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await a_county(client)
        answers = [await client.post(LABOURERS, json=CARD, headers={"Idempotency-Key": "a"}) for _ in range(2)]
        assert len(await listed(client)) == 3
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]


async def test_a_cadre_enters_nobody_beyond_the_own_township(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        people = await a_county(client)
        home = (await client.get(f"{LABOURERS}/{people['边城镇']}")).json()["household"]
        answers = [
            await enter(cadre, household_no=None, household=home),
            await enter(cadre, household_no="430777", township="边城镇", village="茶洞村"),
            await enter(cadre, township="边城镇", village="茶洞村"),
        ]
        assert len(await listed(client)) == 2
    assert [each.status_code for each in answers] == [404, 422, 422]


def test_the_example_is_what_the_test_enters() -> None:
    assert set(CARD) <= set(NewLabourer.model_fields)
