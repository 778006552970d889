"""Every fact of a person can be put right by hand, and the history shows what stood there before: a list derived from the form itself."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from libs.common.events.retention import SituationChanged
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from services.registry.rules.masking import MASKS
from services.registry.rules.numbers import check_character
from services.registry.schemas.people import Correction
from tests.integration.registry.files import a_file, a_row, listed, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of
from tests.support.telling import tell

LABOURERS = "/registry/v1/labourers"
OTHER = "43312419900307" + "125"
OTHER_NUMBER = OTHER + check_character(OTHER)
# What is said of each fact, as the history tells it before and after.
SAID: dict[str, tuple[Any, str, str]] = {
    "name": ("石秀英", "龙**", "石**"),
    "phone": ("15400000009", "154********", "154********"),
    "household_phone": ("13800000009", "", "138********"),
    "person_no": ("43000100001", "", "***"),
    "township": ("边城镇", "花垣镇", "边城镇"),
    "village": ("茶洞村", "老寨村", "茶洞村"),
    "ethnic_group": ("土家族", "", "土家族"),
    "kinship": ("配偶", "户主", "配偶"),
    "education": ("小学", "初中", "小学"),
    "pupil": ("小学", "", "小学"),
    "ability": ("丧失劳动力", "普通劳动力", "丧失劳动力"),
    "health": (["患有大病", "残疾"], "健康", "患有大病、残疾"),
    "disability": ("肢体残疾", "", "肢体残疾"),
    "political_status": ("群众", "", "群众"),
    "low_income": (True, "否", "是"),
    "destitute": (True, "否", "是"),
    "work_employer": ("花垣县电子厂", "", "花垣县电子厂"),
    "work_months": (7, "0", "7"),
    "work_place": ("04", "", "04"),
    "channel": ("自主就业", "", "自主就业"),
    "number": (OTHER_NUMBER, "433124************", "433124************"),
}
BESIDE: dict[str, dict[str, Any]] = {
    "township": {"village": "茶洞村"},
    "village": {"township": "边城镇"},
    "channel": {"work_place": "04"},
    "number": {"reason": "户口簿有误 the register of households was wrong"},
}
FOLLOWS = {"sex", "birth_date"}


async def a_register(client: httpx.AsyncClient) -> str:
    rows = a_row(a_number()), a_row(a_number(order="003"), "吴老二", 乡="边城镇", 村="茶洞村", 户编号="430002")
    (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()
    return next(str(row["id"]) for row in await listed(client) if row["township"] == "花垣镇")


async def correct(client: httpx.AsyncClient, one: str, **said: Any) -> httpx.Response:
    tag = (await client.get(f"{LABOURERS}/{one}")).headers["etag"]
    return await client.patch(f"{LABOURERS}/{one}", json={"on": "2017-03-20", **said}, headers={"If-Match": tag})


async def history(client: httpx.AsyncClient, one: str, **params: Any) -> list[dict[str, Any]]:
    answer = await client.get(f"{LABOURERS}/{one}/history", params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_every_fact_of_the_form_is_tried() -> None:
    assert SAID.keys() | FOLLOWS == Correction.model_fields.keys() - {"on", "reason"}


@pytest.mark.parametrize("field", SAID)
async def test_what_stood_there_before_is_told(nodes: Nodes, field: str) -> None:
    context = await nodes.open(SERVICE)
    value, before, after = SAID[field]
    async with client_of(context) as client:
        one = await a_register(client)
        answer = await correct(client, one, **{field: value}, **BESIDE.get(field, {}))
        assert answer.status_code == 200, answer.text
        again = await correct(client, one, **{field: value}, **BESIDE.get(field, {}))
        told = await history(client, one)
    assert again.status_code == 200
    (mine,) = [each for each in told if each["field"] == field]
    assert (mine["before"], mine["after"]) == (before, after)
    assert (mine["who"], mine["source"], mine["on"], mine["batch"]) == ("officer-1", "form", "2017-03-20", None)
    assert mine["reason"] == BESIDE.get(field, {}).get("reason")
    if field not in MASKS and field in answer.json():
        assert answer.json()[field] == value
    assert told[-1]["field"] == "entered"
    assert (told[-1]["source"], told[-1]["row"], told[-1]["on"]) == ("file", 2, "2016-12-31")


async def test_another_number_brings_its_birth_date_sex_and_verdict(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    child = "43312420100307" + "124"
    async with client_of(context) as client:
        one = await a_register(client)
        changed = await correct(client, one, number=child + check_character(child), reason="登记有误")
        told = {each["field"] for each in await history(client, one)}
        found = await client.post(f"{LABOURERS}/{one}/reveal", json={"purpose": "verification", "reference": "第 8 号"})
    assert (changed.json()["sex"], changed.json()["labourer"], changed.json()["reasons"]) == ("女", False, ["age"])
    assert told >= {"number", "sex", "birth_date", "labourer", "reasons"}
    assert (found.json()["number"], found.json()["birth_date"]) == (child + check_character(child), "2010-03-07")


@pytest.mark.parametrize(
    ("said", "pointers"),
    [
        ({"number": a_number()[:17] + "?", "reason": "x"}, {"/number"}),
        ({"number": "123"}, {"/number"}),
        ({"number": OTHER_NUMBER}, {"/reason"}),
        ({"number": OTHER_NUMBER, "reason": "x", "birth_date": "1980-01-01", "sex": "女"}, {"/birth_date", "/sex"}),
        ({"birth_date": "1981-01-01"}, {"/birth_date"}),
        ({"sex": "女"}, {"/sex"}),
        ({"village": "没有村"}, {"/village"}),
        ({"township": "没有乡", "village": "老寨村"}, {"/township"}),
        (
            {"ethnic_group": "火星族", "kinship": "邻居", "political_status": "无"},
            {"/ethnic_group", "/kinship", "/political_status"},
        ),
        ({"work_months": 13}, {"/work_months"}),
        ({"on": "2999-01-01"}, {"/on"}),
    ],
)
async def test_what_cannot_stand_is_a_problem_at_its_field(
    nodes: Nodes, said: dict[str, Any], pointers: set[str]
) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        one = await a_register(client)
        answer = await correct(client, one, **said)
        told = await history(client, one)
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == pointers
    assert [each["field"] for each in told] == ["entered"]


async def test_an_unknown_village_says_which_there_are(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        one = await a_register(client)
        village = await correct(client, one, village="茶洞村")
        township = await correct(client, one, township="茶洞镇")
    assert "老寨村" in village.json()["errors"][0]["message"]
    assert "花垣镇, 边城镇" in township.json()["errors"][0]["message"]


async def test_the_number_of_somebody_else_names_who_has_it_as_far_as_the_caller_sees(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    taken = {"number": a_number(order="003"), "reason": "登记有误"}
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        one = await a_register(client)
        (other,) = [row["id"] for row in await listed(client) if row["id"] != one]
        seen, hidden = await correct(client, one, **taken), await correct(cadre, one, **taken)
    assert (seen.status_code, hidden.status_code) == (409, 409)
    assert seen.json()["known_as"] == f"{LABOURERS}/{other}"
    assert hidden.json()["known_as"] is None
    assert other not in hidden.text
    assert "elsewhere in this county" in hidden.json()["errors"][0]["message"]


async def test_a_cadre_moves_nobody_out_of_the_own_township_by_a_correction(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        one = await a_register(client)
        answer = await correct(cadre, one, township="边城镇", village="茶洞村")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/township")
    assert "茶洞村" not in answer.text


async def test_a_second_head_is_refused(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        wife = a_row(a_number(order="004"), "石秀英", 性别="女", 与户主关系="配偶")
        await send_bytes(client, a_file(a_row(a_number()), wife), "a.csv")
        one = next(row["id"] for row in await listed(client) if row["kinship"] == "配偶")
        answer = await correct(client, one, kinship="户主")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "head_multiple")


async def test_a_stale_form_is_shown_what_stands_there_now(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        one = await a_register(client)
        await correct(client, one, name="石秀英", education="小学", low_income=True, work_place="04")
        stale = await client.patch(
            f"{LABOURERS}/{one}",
            json={"name": "石大妹", "education": "高中", "low_income": False, "work_place": None, "number": "1"},
            headers={"If-Match": '"v1"'},
        )
    assert stale.status_code == 412
    assert stale.json()["version"] == '"v2"'
    assert stale.json()["current"] == {
        "name": "石**",
        "education": "小学",
        "low_income": True,
        "work_place": "04",
        "number": "433124************",
    }


async def test_history_tells_files_forms_and_events_newest_first_and_page_by_page(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        one = await a_register(client)
        await correct(client, one, education="小学")
        row = a_row(a_number(), 年度="2017", 劳动技能="技能劳动力", **{"务工所在地": "省外", "务工时间（月）": "3"})
        await send_bytes(client, a_file(row), "b.csv")
        await tell(context, SituationChanged(person=one, work_place=None, since="2018-02-01"), service="retention")
        told = await history(client, one)
        paged, after = [], {}
        while True:
            page = (await client.get(f"{LABOURERS}/{one}/history", params={"limit": 2, **after})).json()
            paged += page["items"]
            if not page["next"]:
                break
            after = {"after": page["next"]}
    assert paged == told
    assert [each["at"] for each in told] == sorted((each["at"] for each in told), reverse=True)
    by_field = [(each["field"], each["source"], each["before"], each["after"]) for each in told]
    assert by_field[0] == ("work_place", "event", "04", "")
    assert ("work_place", "file", "", "04") in by_field
    assert ("ability", "file", "普通劳动力", "技能劳动力") in by_field
    assert ("education", "form", "初中", "小学") in by_field
    of_file = next(each for each in told if each["field"] == "ability")
    assert (of_file["row"], of_file["who"], of_file["on"]) == (2, "officer-1", "2017-12-31")
    async with client_of(context) as client:
        assert (await client.get(f"/registry/v1/imports/{of_file['batch']}")).status_code == 200


@pytest.mark.parametrize("role", ["cadre", "auditor", "employer", "analyst"])
async def test_history_is_for_who_may_see_the_person(nodes: Nodes, role: str) -> None:
    context: ServiceContext = await nodes.open(SERVICE)
    async with client_of(context) as client:
        one = await a_register(client)
    regions = ["433124:边城镇"] if role == "cadre" else None
    async with client_of(context, role, regions=regions) as other:
        answer = await other.get(f"{LABOURERS}/{one}/history")
    assert answer.status_code == {"auditor": 200, "cadre": 404}.get(role, 403)
