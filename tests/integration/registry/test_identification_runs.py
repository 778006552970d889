"""Everybody is judged by one day and one rule: the same in list, page, counts, table and figures, and another day is shown before it counts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from libs.common.events.registry import LabourerRecorded, RegistryIndicatorsStated
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from services.registry.rules.identification import identify, rules
from services.registry.store.identification import reasons_by
from services.registry.tables import person
from tests.integration.registry.files import YEAR_END, a_file, a_row, listed, send, send_bytes, told_by
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of

RUNS = "/registry/v1/identification/runs"
LATER = "2020-06-30"


async def run(client: httpx.AsyncClient, day: str, confirm: str | None = None) -> Any:
    answer = await client.post(RUNS, json={"day": day, **({"confirm": confirm} if confirm else {})})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def everywhere(client: httpx.AsyncClient) -> dict[str, tuple[int, dict[str, int]]]:
    """Labourers, and by township, as each answer that says no day tells them."""
    rows = [row for row in await listed(client) if row["labourer"]]
    filtered = await listed(client, labourer="true")
    counted = (await client.get("/registry/v1/labourers/counts", params={"labourer": "true"})).json()["people"]
    table = (await client.get("/registry/v1/identification")).json()
    villages = (await client.get("/registry/v1/villages")).json()["townships"]
    by_place = {each["township"]: sum(one["labourers"] for one in each["villages"]) for each in villages}
    told = {each["township"]: each["labourers"] for each in table["townships"]}
    return {
        "list": (len(rows), Counter(row["township"] for row in rows)),
        "filter": (len(filtered), Counter(row["township"] for row in filtered)),
        "counts": (counted, Counter(row["township"] for row in rows)),
        "table": (table["labourers"], _some(told)),
        "villages": (sum(by_place.values()), _some(by_place)),
    }


def _some(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


async def figure_of(context: ServiceContext, day: str) -> int:
    stated = [
        each for each in await told_by(context, RegistryIndicatorsStated) if each.as_of == date.fromisoformat(day)
    ]
    return int(stated[-1].figures["labourers"])


async def test_every_answer_tells_the_same_verdicts_before_and_after_a_run(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        (await send(client, "people")).raise_for_status()
        before = await everywhere(client)
        assert len({str(told) for told in map(str, ((n, sorted(c.items())) for n, c in before.values()))}) == 1
        assert {(row["judged_on"], row["rule"]) for row in await listed(client)} == {(YEAR_END, "v1")}
        assert await figure_of(context, YEAR_END) == before["list"][0]

        shown = await run(client, LATER)
        assert await everywhere(client) == before, "a look changes nothing"
        counted = await run(client, LATER, shown["digest"])
        after = await everywhere(client)
        assert len({str((n, sorted(c.items()))) for n, c in after.values()}) == 1
        assert {(row["judged_on"], row["rule"]) for row in await listed(client)} == {(LATER, "v1")}
        assert await figure_of(context, LATER) == after["list"][0]
        again = await run(client, LATER)
    assert (shown["counted"], again["changed"], again["people"]) == (None, 0, [])
    assert counted["counted"]
    for township in shown["townships"]:
        assert township["before"] == before["list"][1][township["township"]]
        assert township["after"] == after["list"][1][township["township"]]
    assert sum(each["become"] for each in shown["townships"]) > 0 < sum(each["cease"] for each in shown["townships"])


async def test_who_changes_is_told_to_matching_and_stays_on_record_with_who_counted_it(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        rows = (a_row(a_number("19570630")), a_row(a_number("19850301", order="003"), "吴老二"))
        await send_bytes(client, a_file(*rows), "a.csv")
        shown = await run(client, "2017-06-30")
        (one,) = shown["people"]
        assert (one["before"], one["after"], one["name"]) == ([], ["age"], "龙**")
        await run(client, "2017-06-30", shown["digest"])
        history = (await client.get(f"/registry/v1/labourers/{one['id']}/history")).json()["items"]
        counted = (await client.get(RUNS)).json()["items"]
    event = (await told_by(context, LabourerRecorded))[-1]
    assert (str(event.person), event.labourer, event.reasons, event.on) == (
        one["id"],
        False,
        ("age",),
        date(2017, 6, 30),
    )
    assert {each["field"] for each in history} >= {"reasons", "labourer"}
    assert [(each["day"], each["rule"], each["changed"]) for each in counted] == [
        (YEAR_END, "v1", 0),
        ("2017-06-30", "v1", 1),
    ]
    assert counted[-1]["counted_by"] == "officer-1"


async def test_only_what_was_shown_counts(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        await send_bytes(client, a_file(a_row(a_number("19570630"))), "a.csv")
        shown = await run(client, "2017-06-30")
        await send_bytes(client, a_file(a_row(a_number("19570601", order="005"), "吴老二", 户编号="430002")), "b.csv")
        stale = await client.post(RUNS, json={"day": "2017-06-30", "confirm": shown["digest"]})
        between = await client.post(RUNS, json={"day": "2017-06-29"})
        future = await client.post(RUNS, json={"day": "2028-03-31"})
        refused = await cadre.post(RUNS, json={"day": "2017-06-30"})
        rows = await listed(client)
    assert (stale.status_code, between.status_code, future.status_code, refused.status_code) == (409, 422, 422, 403)
    assert {row["judged_on"] for row in rows} == {YEAR_END}


async def test_a_correction_and_a_later_file_judge_by_the_day_of_the_register(nodes: Nodes) -> None:
    """Whoever turns 16 after it is no labourer before a run says so, whichever way the person came in."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number("20010615"), 劳动技能="无劳动力")), "a.csv")
        (row,) = await listed(client)
        path = f"/registry/v1/labourers/{row['id']}"
        etag = (await client.get(path)).headers["etag"]
        body = {"ability": "普通劳动力", "on": "2017-08-01"}
        (await client.patch(path, json=body, headers={"If-Match": etag})).raise_for_status()
        newer = a_row(a_number("20010301", order="003"), "吴老二", 户编号="430002", 年度="2017")
        await send_bytes(client, a_file(newer), "b.csv")
        young = await listed(client)
        shown = await run(client, "2017-12-31")
        await run(client, "2017-12-31", shown["digest"])
        grown = await listed(client)
    assert {(each["labourer"], *each["reasons"], each["judged_on"]) for each in young} == {(False, "age", YEAR_END)}
    assert {(each["labourer"], each["judged_on"]) for each in grown} == {(True, "2017-12-31")}


@pytest.fixture
async def judging(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE)


QUARTERS = [
    date(year, month, day) for year in (2016, 2017, 2027) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))
]


async def test_the_database_judges_as_the_rule_does(judging: ServiceContext) -> None:
    """Everybody who stands at an edge, by every rule, in one table of grounds."""
    births = {
        date(day.year - years, *each) for day in QUARTERS for years in (16, 17, 59, 60, 61) for each in _edges(day)
    }
    abilities, pupils = ("普通劳动力", "丧失劳动力", "无劳动力", ""), ("", "小学")
    async with client_of(judging) as client:
        rows = [
            a_row(a_number(f"{birth:%Y%m%d}", order=f"{at:03d}"), "龙老大", 劳动技能=ability, 在校生状况=pupil)
            for at, (birth, ability, pupil) in enumerate(
                (birth, abilities[n % 4], pupils[n // 4 % 2]) for n, birth in enumerate(sorted(births))
            )
        ]
        (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()
    async with judging.database.transaction() as tx:
        for day in QUARTERS:
            rule = next(each for each in reversed(rules()) if each.counts_from <= day)
            query = select(person.c.birth_date, person.c.ability, person.c.pupil, reasons_by(rule, day).label("why"))
            found = (await tx.execute(query)).all()
            assert len(found) > 50
            for one in found:
                assert tuple(one.why) == identify(one.birth_date, one.ability, one.pupil, day).reasons, (one, day)


def _edges(day: date) -> list[tuple[int, int]]:
    return [(day.month, day.day), (1, 1), (2, 28)] if day.month == 3 else [(day.month, day.day), (day.month, 1)]
