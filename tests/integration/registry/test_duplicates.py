"""Who is perhaps the same person, on real PostgreSQL: every way in by every rule, asked once, decided by officers alone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import dialect

from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from services.registry.operations.searching import fill_tokens
from services.registry.store.same_person import ALIKE
from tests.integration.registry.files import a_file, a_row, listed, send_bytes
from tests.integration.registry.phones import SYNC
from tests.integration.registry.test_corrections import LABOURERS
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of

DUPLICATES = "/registry/v1/duplicates"
# By rule: who is known and who comes in, each as name, birth date, place, household.
HERE, THERE = ("花垣镇", "老寨村"), ("边城镇", "茶洞村")
Case = tuple[str, str, tuple[str, str], str]
CASES: dict[str, tuple[Case, Case]] = {
    "same_name_birth": (("吴秀龙", "19800101", HERE, "001"), ("吳秀龍", "19800101", THERE, "101")),
    "same_sound_birth": (("石丽华", "19810202", HERE, "002"), ("石莉花", "19810202", THERE, "102")),
    "near_name_village": (("麻大强", "19820303", HERE, "003"), ("麻小强", "19820303", HERE, "103")),
    "same_sound_household": (("田芳", "19840505", HERE, "004"), ("田方", "19880909", HERE, "004")),
    "same_sound_village": (("杨建国", "19830404", HERE, "005"), ("杨健国", "19830405", HERE, "105")),
    "": (("龙老大", "19700707", HERE, "006"), ("施阿婆", "19710808", HERE, "106")),
}
WAYS = ("file", "form", "phone", "correction")


def case_of(case: Case, way: str) -> Case:
    """The same people born some years, months and days later and in other households: nobody is alike to those of another way."""
    shift = WAYS.index(way)
    name, birth, place, home = case
    return name, str(int(birth) + shift * 10101), place, f"43{shift}{home}"


def row_of(place: int, who: int, case: Case) -> str:
    name, birth, (township, village), home = case
    head = {} if who == 0 or home[3] == "1" else {"与户主关系": "其他"}
    return a_row(a_number(birth, f"{place}{who}1"), name, 乡=township, 村=village, 户编号=home, **head)


def rows_of(who: int, way: str) -> list[str]:
    return [row_of(place, who, case_of(case[who], way)) for place, case in enumerate(CASES.values())]


def card_of(place: int, case: Case) -> dict[str, Any]:
    name, birth, (township, village), home = case
    return {
        "number": a_number(birth, f"{place}11"),
        "name": name,
        "household_no": home,
        "township": township,
        "village": village,
        "kinship": "其他",
        "education": "初中",
        "ability": "普通劳动力",
        "health": ["健康"],
    }


async def known(client: httpx.AsyncClient, *ways: str) -> None:
    rows = [row for way in ways for row in rows_of(0, way)]
    (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()
    assert await pairs(client) == []


async def pairs(client: httpx.AsyncClient, **params: str) -> list[dict[str, Any]]:
    answer = await client.get(DUPLICATES, params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def bring(context: ServiceContext, client: httpx.AsyncClient, way: str) -> None:
    """Everybody of the second column by one way in; nobody is kept out."""
    cards = [card_of(place, case_of(case[1], way)) for place, case in enumerate(CASES.values())]
    if way == "file":
        (await send_bytes(client, a_file(*rows_of(1, way)), "b.csv")).raise_for_status()
    elif way == "form":
        for card in cards:
            answer = await client.post(LABOURERS, json={**card, "confirmed": True})
            assert answer.status_code == 201, answer.text
    elif way == "phone":
        day = str(context.node.today())
        said = [
            {"kind": "enter", "id": str(uuid4()), "on": day, "labourer": {**card, "confirmed": True}} for card in cards
        ]
        async with client_of(context, "cadre", regions=[f"433124:{HERE[0]}", f"433124:{THERE[0]}"]) as cadre:
            answer = await cadre.post(SYNC, json={"today": day, "mutations": said})
        assert {each["state"] for each in answer.json()["answers"]} == {"applied"}, answer.text
    else:
        for card in cards:
            made = await client.post(LABOURERS, json={**card, "name": "无名氏", "confirmed": True})
            path, tag = made.headers["location"], made.headers["etag"]
            right = await client.patch(path, json={"name": card["name"]}, headers={"If-Match": tag})
            assert right.status_code == 200, right.text


async def decide(client: httpx.AsyncClient, pair: dict[str, Any]) -> httpx.Response:
    said = {"decision": "different", "reason": "两个人 Two people"}
    return await client.post(
        f"{DUPLICATES}/{pair['id']}/decision", json=said, headers={"If-Match": f'"v{pair["version"]}"'}
    )


async def test_every_way_in_finds_by_every_rule_and_asks_once(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await known(client, *WAYS)
        for way in WAYS:
            await bring(context, client, way)
            found = await pairs(client, state="open")
            assert {each["rule"] for each in found} == set(filter(None, CASES)), way
            assert {each["rules"] for each in found} == {"same-person-1"}
            assert {each["way"] for each in found} == {"form" if way == "correction" else way}
            for each in found:
                answer = await decide(client, each)
                assert (answer.status_code, answer.json()["state"]) == (200, "different")
        assert len(await listed(client)) == len(WAYS) * 2 * len(CASES)
        again = [row for way in WAYS for row in rows_of(1, way)]
        (await send_bytes(client, a_file(*again), "c.csv", as_of="2017-12-31")).raise_for_status()
        assert await pairs(client, state="open") == []


async def test_entered_people_are_looked_for_key_by_key_in_an_index_that_puts_nothing_off(nodes: Nodes) -> None:
    """Else every row that is found is compared with every key, and every key with every row that was put off."""
    context = await nodes.open(SERVICE)
    asked = str(ALIKE.compile(dialect=dialect(paramstyle="numeric_dollar")))  # type: ignore[no-untyped-call]
    async with context.database.transaction() as tx:
        driver = await tx.raw()
        await driver.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in await driver.fetch(f"EXPLAIN {asked}", [1, 2]))
        options = await driver.fetchval("SELECT reloptions FROM pg_class WHERE relname = 'search_index_alike'")
    assert "Index Cond: (alike @> ARRAY[asked.key])" in plan
    assert "Seq Scan" not in plan
    assert options == ["fastupdate=off"]


async def test_side_by_side_is_masked_and_says_what_differs(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        await known(client, "file")
        await bring(context, client, "file")
        first, *_ = await pairs(client, township="边城镇")
        answer = await client.get(f"{DUPLICATES}/{first['id']}")
        missing = await client.post(f"{DUPLICATES}/{first['id']}/decision", json={"decision": "different"})
        stale = await client.post(
            f"{DUPLICATES}/{first['id']}/decision",
            json={"decision": "different", "reason": "两个人"},
            headers={"If-Match": '"v9"'},
        )
        once, twice = await decide(client, first), await decide(client, {**first, "version": 2})
        assert (await cadre.get(DUPLICATES)).status_code == 403
        assert {each["rule"] for each in await pairs(client, township="边城镇")} == {
            "same_name_birth",
            "same_sound_birth",
        }
    facts = {each["field"]: each for each in answer.json()["facts"]}
    assert facts["name"] == {"field": "name", "one": "吴**", "other": "吳**", "differs": True, "taken": "name"}
    assert (facts["birth_date"]["one"], facts["birth_date"]["differs"], facts["birth_date"]["taken"]) == (
        "***",
        False,
        "number",
    )
    assert (facts["education"]["differs"], facts["village"]["taken"]) == (False, "household")
    assert "19800101" not in answer.text.replace("-", "")
    assert (missing.status_code, stale.status_code, once.status_code, twice.status_code) == (428, 412, 200, 409)
    assert answer.headers["etag"] == '"v1"'


async def test_an_officer_says_that_two_are_one_and_whoever_enters_that_one_is_another(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    card = card_of(0, case_of(CASES["same_name_birth"][1], "file")) | {"township": HERE[0], "village": HERE[1]}
    async with client_of(context) as client:
        await known(client, "file")
        people = await listed(client)
        refused = await client.post(LABOURERS, json=card)
        other = refused.json()["candidates"][0]["id"]
        await client.post(LABOURERS, json={**card, "different_from": [other]})
        (settled,) = await pairs(client)
        said = {"one": people[-1]["id"], "other": people[0]["id"]}
        stated = [await client.post(DUPLICATES, json=said) for _ in range(2)]
        wrong = await client.post(DUPLICATES, json={"one": other, "other": other})
        nobody = await client.post(DUPLICATES, json={"one": other, "other": str(uuid4())})
    assert (settled["state"], settled["one"]["id"]) == ("different", other)
    assert [each.json()["rule"] for each in stated] == ["stated", "stated"]
    assert stated[0].json()["id"] == stated[1].json()["id"]
    assert (wrong.status_code, nobody.status_code) == (422, 404)


async def test_whoever_was_here_before_there_were_keys_is_found_by_the_worker(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await known(client, "file")
        await bring(context, client, "file")
        async with context.database.transaction() as tx:
            await tx.execute(text("DELETE FROM same_person"))
            await tx.execute(text("UPDATE search_index SET alike = '{}', filled = false"))
        async with context.database.transaction() as tx:
            assert await fill_tokens(tx, 100) == 2 * len(CASES)
        assert {(each["rule"], each["way"]) for each in await pairs(client)} == {
            (rule, "register") for rule in CASES if rule
        }
