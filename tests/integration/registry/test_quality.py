"""Data quality stands: findings follow every change, figures equal a recount, what is accepted comes back when its fact is another."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from services.registry.operations.quality import judge_due
from services.registry.rules.quality import rule_set
from tests.integration.registry.files import a_file, a_row, listed, send_bytes
from tests.integration.registry.test_corrections import LABOURERS, correct
from tests.integration.registry.test_departures import depart
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of

QUALITY = "/registry/v1/quality"
FINDINGS = f"{QUALITY}/findings"


async def judge(context: ServiceContext) -> int:
    """What the worker does until nobody is due; answers how many portions it took."""
    portions = 0
    while True:
        async with context.database.transaction() as tx:
            if not await judge_due(tx, 100):
                return portions
        portions += 1


async def findings(client: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    answer = await client.get(FINDINGS, params={"limit": 200, **params})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def rules_found(client: httpx.AsyncClient, **params: Any) -> set[str]:
    return {each["rule"] for each in await findings(client, **params)}


@pytest.fixture
async def county(nodes: Nodes) -> AsyncIterator[tuple[ServiceContext, httpx.AsyncClient]]:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        yield context, client


async def bring(client: httpx.AsyncClient, *rows: str) -> None:
    (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()


def of_huayuan(order: int, name: str, household: str, **said: str) -> str:
    return a_row(a_number(order=f"{order:03}"), name, 户编号=household, **said)


async def test_a_household_of_a_file_is_judged_once(county: tuple[ServiceContext, httpx.AsyncClient]) -> None:
    """Although its people and where they work are noted each by themselves."""
    context, client = county
    await judge(context)
    rows = (of_huayuan(n, "龙老大", f"43000{n}", 成员联系电话=f"1540000000{n}") for n in range(1, 7))
    await bring(client, *rows)
    judged: list[int] = []
    while not judged or judged[-1]:
        async with context.database.transaction() as tx:
            judged.append(await judge_due(tx, 2))
    assert judged == [2, 2, 2, 0]


async def test_a_finding_comes_with_the_fact_and_goes_with_its_correction(
    county: tuple[ServiceContext, httpx.AsyncClient],
) -> None:
    context, client = county
    await bring(client, of_huayuan(1, "龙老大", "430001", 劳动技能="丧失劳动力", 务工所在地="省外"))
    await judge(context)
    found = {each["rule"]: each for each in await findings(client)}
    one = found["unable_working"]
    assert one["correct_at"] == f"{LABOURERS}/{one['person']}"
    assert (one["field"], one["severity"], one["state"], one["name"]) == ("ability", "error", "open", "龙**")
    assert {"work_place_without_months", "channel_missing"} <= found.keys()
    shown = (await client.get(QUALITY)).json()
    assert (shown["people"], shown["rules"]["unable_working"], shown["waiting"]) == (1, 1, 0)
    (await correct(client, one["person"], ability="技能劳动力")).raise_for_status()
    assert (await client.get(QUALITY)).json()["waiting"]
    await judge(context)
    assert "unable_working" not in await rules_found(client)
    assert "unable_working" not in (await client.get(QUALITY)).json()["rules"]


async def test_what_is_accepted_stays_away_until_a_fact_that_it_rests_on_is_another(
    county: tuple[ServiceContext, httpx.AsyncClient],
) -> None:
    context, client = county
    await bring(client, of_huayuan(1, "龙老大", "430001", 劳动技能="无劳动力"))
    await judge(context)
    (one,) = await findings(client, rule="healthy_without_ability")
    accept, tag = f"{FINDINGS}/{one['id']}/accept", {"If-Match": f'"v{one["version"]}"'}
    before = (await client.get(QUALITY)).json()
    assert (await client.post(accept, json={"reason": "长期卧床"})).status_code == 428
    assert (await client.post(accept, json={"reason": ""}, headers=tag)).status_code == 422
    accepted = await client.post(accept, json={"reason": "长期卧床"}, headers=tag)
    assert (accepted.status_code, accepted.json()["state"], accepted.json()["reason"]) == (200, "accepted", "长期卧床")
    assert (await client.post(accept, json={"reason": "长期卧床"}, headers=tag)).status_code == 412
    again = {"If-Match": accepted.headers["etag"]}
    assert (await client.post(accept, json={"reason": "长期卧床"}, headers=again)).status_code == 409
    after = (await client.get(QUALITY)).json()
    assert (after["accepted"], after["warnings"]) == (before["accepted"] + 1, before["warnings"] - 1)
    (await correct(client, one["person"], education="小学")).raise_for_status()
    await judge(context)
    assert await findings(client, rule="healthy_without_ability") == []
    (kept,) = await findings(client, state="accepted")
    assert kept["reason"] == "长期卧床"
    (await correct(client, one["person"], ability="丧失劳动力")).raise_for_status()
    await judge(context)
    (back,) = await findings(client, rule="healthy_without_ability")
    assert (back["state"], back["reason"], back["id"]) == ("open", None, one["id"])


async def test_one_phone_in_two_households_is_told_of_both_and_no_longer_when_one_gives_it_up(
    county: tuple[ServiceContext, httpx.AsyncClient],
) -> None:
    context, client = county
    rows = [of_huayuan(order, "龙老大", f"43000{order}", 成员联系电话="15400000007") for order in (1, 3)]
    await bring(client, *rows)
    await judge(context)
    shared = await findings(client, rule="phone_shared")
    assert len(shared) == 2
    for phone, still in (("15400000008", 0), ("15400000007", 2), ("", 0)):
        (await correct(client, shared[0]["person"], phone=phone)).raise_for_status()
        await judge(context)
        assert len(await findings(client, rule="phone_shared")) == still, phone


async def test_whoever_leaves_has_no_findings_and_is_in_no_figure(
    county: tuple[ServiceContext, httpx.AsyncClient],
) -> None:
    context, client = county
    await bring(client, of_huayuan(1, "龙老大", "430001", 劳动技能=""))
    await judge(context)
    (person,) = await listed(client)
    assert await findings(client, person=person["id"])
    (await depart(client, person["id"])).raise_for_status()
    await judge(context)
    assert await findings(client) == []
    assert (await client.get(QUALITY)).json()["people"] == 0


async def test_the_list_is_filtered_paged_and_leaves_as_a_workbook(
    county: tuple[ServiceContext, httpx.AsyncClient],
) -> None:
    context, client = county
    rows = [
        of_huayuan(1, "龙老大", "430001", 劳动技能=""),
        of_huayuan(3, "吴老二", "430002", 乡="边城镇", 村="茶洞村", 劳动技能="", 文化程度=""),
    ]
    await bring(client, *rows)
    await judge(context)
    everything = await findings(client)
    errors = await findings(client, severity="error")
    assert {each["severity"] for each in errors} == {"error"}
    assert len(errors) + len(await findings(client, severity="warning")) == len(everything)
    assert {each["township"] for each in await findings(client, township="边城镇")} == {"边城镇"}
    assert await findings(client, village="没有的村") == []
    assert [each["rule"] for each in await findings(client, rule="schooling_neither")] == ["schooling_neither"]
    pages, after = [], None
    while True:
        page = (await client.get(FINDINGS, params={"limit": 1} | ({"after": after} if after else {}))).json()
        pages += page["items"]
        after = page["next"]
        if after is None:
            break
    assert pages == everything
    assert (await client.get(FINDINGS, params={"rule": "no_such"})).status_code == 422
    assert (await client.get(QUALITY, params={"township": "没有的镇"})).status_code in (404, 422)
    book = await client.get(f"{FINDINGS}.xlsx", params={"severity": "error"})
    assert (book.status_code, book.headers["content-type"].partition(";")[0].endswith("sheet")) == (200, True)
    async with client_of(context, "cadre", regions=["433124:边城镇"]) as cadre:
        assert {each["township"] for each in await findings(cadre)} == {"边城镇"}
        assert [each["township"] for each in (await cadre.get(QUALITY)).json()["townships"]] == ["边城镇"]
        other = next(each for each in everything if each["township"] != "边城镇")
        answer = await cadre.post(
            f"{FINDINGS}/{other['id']}/accept", json={"reason": "x"}, headers={"If-Match": '"v1"'}
        )
        assert answer.status_code == 404


async def test_another_version_of_the_rules_judges_everybody_again(
    county: tuple[ServiceContext, httpx.AsyncClient],
) -> None:
    context, client = county
    await bring(client, of_huayuan(1, "龙老大", "430001", 劳动技能=""))
    await judge(context)
    before = await rules_found(client)
    async with context.database.transaction() as tx:
        await tx.execute(text("UPDATE quality_version SET version = 'quality-0'"))
        await tx.execute(text("DELETE FROM quality_finding"))
    await judge(context)
    assert await rules_found(client) == before


VALUES: dict[str, list[Any]] = {
    "ability": ["普通劳动力", "无劳动力", "丧失劳动力"],
    "education": ["初中", ""],
    "pupil": ["", "普通高中一年级"],
    "phone": ["15400000001", "15400000002", "15400000003", ""],
    "work_place": [None, "04"],
    "work_months": [0, 7],
    "health": [["健康"], [], ["残疾"]],
    "disability": ["", "肢体残疾"],
    "low_income": [True, False],
    "destitute": [True, False],
}


async def test_figures_and_findings_after_any_sequence_equal_a_recount(
    county: tuple[ServiceContext, httpx.AsyncClient],
) -> None:
    """Changes, moves, departures, acceptances and judgements in any order: judged one by one it is as if judged at once."""
    context, client = county
    rows = [
        of_huayuan(
            2 * number + 1,
            "龙老大",
            f"4300{number // 2:02}",
            成员联系电话=f"1540000000{number % 4}",
            与户主关系="户主" if number % 2 == 0 else "之子",
            **({"乡": "边城镇", "村": "茶洞村"} if number % 4 > 1 else {}),
        )
        for number in range(8)
    ]
    await bring(client, *rows)
    random, people = Random(46), await listed(client)
    homes = sorted({each["household"] for each in people})
    for _ in range(60):
        one = random.choice(people)["id"]
        match random.choice(("correct", "correct", "correct", "judge", "judge", "move", "leave", "accept")):
            case "correct":
                field = random.choice(sorted(VALUES))
                await correct(client, one, **{field: random.choice(VALUES[field])})
            case "judge":
                async with context.database.transaction() as tx:
                    await judge_due(tx, random.choice((1, 2, 100)))
            case "move":
                tag = (await client.get(f"{LABOURERS}/{one}")).headers["etag"]
                body = {"household": random.choice(homes), "on": "2017-03-20"}
                await client.post(f"{LABOURERS}/{one}/moves", json=body, headers={"If-Match": tag})
            case "leave":
                if not (await depart(client, one)).is_success:
                    await client.post(f"{LABOURERS}/{one}/returns", json={"kind": "came_back", "on": "2017-06-01"})
            case "accept":
                for each in (await findings(client))[:1]:
                    tag = f'"v{each["version"]}"'
                    await client.post(
                        f"{FINDINGS}/{each['id']}/accept", json={"reason": "核对过"}, headers={"If-Match": tag}
                    )
    await judge(context)
    stands = await standing_of(context)
    assert stands["figures"] == recounted(stands)
    async with context.database.transaction() as tx:
        await tx.execute(text("UPDATE quality_version SET version = 'quality-0'"))
    await judge(context)
    assert await standing_of(context) == stands


async def standing_of(context: ServiceContext) -> dict[str, Counter[Any]]:
    """Everything that stands, as counted rows."""
    queries = {
        "figures": "SELECT township, village, rule, figure, amount FROM quality_figure WHERE amount <> 0",
        "findings": "SELECT township, village, rule, state, person, field FROM quality_finding",
        "people": "SELECT p.township, p.village, q.complete, p.id, p.household = q.household, p.township = q.township "
        "FROM person p LEFT JOIN quality_person q ON q.person = p.id WHERE p.left_on IS NULL",
        "phones": "SELECT household, token FROM quality_phone",
    }
    async with context.database.transaction() as tx:
        return {name: Counter(tuple(row) for row in await tx.execute(text(sql))) for name, sql in queries.items()}


def recounted(stands: dict[str, Counter[Any]]) -> Counter[Any]:
    sums: Counter[tuple[str, str, str, str]] = Counter()
    for township, village, complete, *_ in stands["people"]:
        sums[township, village, "", "people"] += 1
        sums[township, village, "", "complete"] += complete
    for township, village, rule, state, *_ in stands["findings"]:
        sums[township, village, rule, state] += 1
    return Counter({(*place, amount): 1 for place, amount in sums.items() if amount})


async def test_the_rules_are_told(county: tuple[ServiceContext, httpx.AsyncClient]) -> None:
    _, client = county
    told = (await client.get(f"{QUALITY}/rules")).json()
    assert told["version"] == rule_set().version
    assert {each["id"] for each in told["rules"]} >= rule_set().rules.keys()
