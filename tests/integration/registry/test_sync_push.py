"""What a phone sends is counted once, merged field by field, and set aside where somebody else has said otherwise; nothing is lost."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from libs.common.calendar import add_days
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from tests.integration.registry.phones import BIANCHENG, HUAYUAN, SYNC, Phone
from tests.integration.registry.test_corrections import LABOURERS, history
from tests.integration.registry.test_entries import CARD
from tests.integration.registry.test_sync_pull import a_county, correct
from tests.support.nodes import Nodes, client_of

CONFLICTS = f"{SYNC}/conflicts"


def day(context: ServiceContext, days: int = 0) -> str:
    return str(add_days(context.node.today(), days))


def a_correction(context: ServiceContext, person: str, base: int = 1, **facts: Any) -> dict[str, Any]:
    return {"kind": "correct", "id": str(uuid4()), "person": person, "base": base, "on": day(context), "facts": facts}


async def send(context: ServiceContext, client: httpx.AsyncClient, *mutations: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.post(SYNC, json={"today": day(context), "mutations": mutations})
    assert answer.status_code == 200, answer.text
    answers: list[dict[str, Any]] = answer.json()["answers"]
    assert [each["id"] for each in answers] == [each.get("id") for each in mutations]
    return answers


async def test_each_kind_is_written_as_a_form_writes_it_and_told_to_come_from_a_phone(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer, client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        first, second, third = (row["id"] for row in (await a_county(officer))["花垣镇"])
        entered = {"kind": "enter", "id": str(uuid4()), "on": day(context)}
        card = {name: value for name, value in CARD.items() if name != "on"} | {"household_no": "430001"}
        answers = await send(
            context,
            cadre,
            a_correction(context, first, work_place="04", channel="自主就业"),
            {
                "kind": "visit",
                "id": str(uuid4()),
                "person": second,
                "on": day(context),
                "found": "changed",
                "wish": {"willing": True},
            },
            {"kind": "depart", "id": str(uuid4()), "person": third, "on": day(context), "way": "moved_out"},
            {**entered, "labourer": card},
            {"kind": "visit", "id": str(uuid4()), "person": entered["id"], "on": day(context), "found": "not_home"},
        )
        phone = Phone(cadre)
        await phone.pull()
        await phone.check()
        told = {one: await history(officer, one) for one in (first, third)}
        visits = (await officer.get(f"{LABOURERS}/{answers[3]['person']}/visits")).json()["items"]
    async with context.database.transaction() as tx:
        kept = (
            await tx.execute(text("SELECT count(*) FROM registry.audit WHERE action = 'registry.push'"))
        ).scalar_one()
    assert kept == 5, "one record for each"
    assert [each["state"] for each in answers] == ["applied"] * 5, answers
    assert phone.people[first]["work_place"] == "04"
    assert phone.people[second]["willing"] is True
    assert third not in phone.people
    assert answers[3]["person"] == answers[4]["person"] in phone.people
    assert {each["source"] for each in [*told[first], told[third][0], *visits] if each.get("field") != "entered"} >= {
        "phone"
    }
    assert [visit["source"] for visit in visits] == ["phone"]


async def test_sent_twice_it_counts_once_and_gets_the_same_answer(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer, client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        first, *_ = (row["id"] for row in (await a_county(officer))["花垣镇"])
        visit = {"kind": "visit", "id": str(uuid4()), "person": first, "on": day(context), "found": "no_change"}
        change = a_correction(context, first, education="高中")
        once = await send(context, cadre, visit, change, change)
        again = await send(context, cadre, change, visit)
        visits = (await officer.get(f"{LABOURERS}/{first}/visits")).json()["items"]
        other = await send(context, cadre, {**change, "facts": {"education": "大专"}})
        async with client_of(context, "cadre", regions=[HUAYUAN], subject="cadre-2") as stranger:
            foreign = await send(context, stranger, {**change, "base": 2, "facts": {"education": "初中"}})
        shown = (await officer.get(f"{LABOURERS}/{first}")).json()
    assert [(each["state"], each["repeated"]) for each in once] == [
        ("applied", False),
        ("applied", False),
        ("applied", True),
    ]
    assert [{**each, "repeated": False} for each in again] == [once[1], once[0]]
    assert len(visits) == 1
    assert other[0]["problem"]["errors"][0] | {"message": ""} == {
        "pointer": "/mutations/0/id",
        "code": "reused",
        "message": "",
    }
    assert (foreign[0]["state"], shown["education"], shown["version"]) == ("applied", "初中", 3)


async def test_other_fields_are_merged_and_the_same_one_waits_with_both_values(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer, client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        first, *_ = (row["id"] for row in (await a_county(officer))["花垣镇"])
        await correct(officer, first, education="高中", kinship="户主")
        merged, conflict, same = await send(
            context,
            cadre,
            a_correction(context, first, political_status="群众"),
            a_correction(context, first, education="大专", phone="15400000077"),
            a_correction(context, first, education="高中"),
        )
        shown = (await officer.get(f"{LABOURERS}/{first}")).json()
        [waiting] = (await cadre.get(CONFLICTS)).json()["items"]
        tag = (await officer.get(f"{CONFLICTS}/{waiting['id']}")).headers["etag"]
        taken = await officer.post(
            f"{CONFLICTS}/{waiting['id']}/decision", json={"decision": "mine"}, headers={"If-Match": tag}
        )
        twice = await officer.post(
            f"{CONFLICTS}/{waiting['id']}/decision", json={"decision": "theirs"}, headers={"If-Match": '"v2"'}
        )
        after = (await officer.get(f"{LABOURERS}/{first}")).json()
        left = (await cadre.get(CONFLICTS)).json()["items"]
    assert (merged["state"], conflict["state"], same["state"]) == ("merged", "conflict", "merged")
    assert (conflict["fields"], conflict["conflict"]) == (["education"], waiting["id"])
    assert (shown["education"], shown["phone"]) == ("高中", "154********")
    assert waiting["fields"] == [{"field": "education", "mine": "大专", "theirs": "高中"}]
    assert (taken.status_code, taken.json()["state"]) == (200, "mine"), taken.text
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:xieli:problem:conflict-decided")
    assert (after["education"], left) == ("大专", [])


@pytest.mark.parametrize(
    "decision", [{"decision": "theirs"}, {"decision": "value", "facts": {"education": "本科及以上"}}]
)
async def test_what_is_not_taken_stays_in_the_history(nodes: Nodes, decision: dict[str, Any]) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer, client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        first, *_ = (row["id"] for row in (await a_county(officer))["花垣镇"])
        await correct(officer, first, education="高中")
        [conflict] = await send(context, cadre, a_correction(context, first, education="大专"))
        path = f"{CONFLICTS}/{conflict['conflict']}"
        stale = await officer.post(f"{path}/decision", json=decision, headers={"If-Match": '"v9"'})
        async with client_of(context, "cadre", regions=[BIANCHENG]) as stranger:
            beyond = await stranger.post(f"{path}/decision", json=decision, headers={"If-Match": '"v1"'})
        done = await officer.post(f"{path}/decision", json=decision, headers={"If-Match": '"v1"'})
        told = await history(officer, first)
    assert (stale.status_code, beyond.status_code, done.status_code) == (412, 404, 200), done.text
    values = {value for each in told if each["field"] == "education" for value in (each["before"], each["after"])}
    assert {"高中", "大专"} <= values
    assert decision.get("facts", {"education": "高中"})["education"] in values


async def test_one_bad_mutation_stops_no_other_and_each_is_told_what_to_do(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer, client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        people = await a_county(officer)
        first, second, third = (row["id"] for row in people["花垣镇"])
        await send(
            context, cadre, {"kind": "depart", "id": str(uuid4()), "person": third, "on": day(context), "way": "dead"}
        )
        visit = {"kind": "visit", "person": first, "on": day(context), "found": "no_change"}
        bad: list[tuple[dict[str, Any], str]] = [
            (a_correction(context, people["边城镇"][0]["id"], education="高中"), "/person"),
            (a_correction(context, first, education="博士后"), "/facts/education"),
            (a_correction(context, first, village="无此村"), "/facts/village"),
            (a_correction(context, first, base=9, education="高中"), "/base"),
            (a_correction(context, first, education="高中") | {"on": day(context, 2)}, "/on"),
            (a_correction(context, first, education="高中") | {"on": day(context, -366)}, "/on"),
            ({**visit, "id": str(uuid4()), "found": "drunk"}, "/found"),
            ({**visit, "id": str(uuid4()), "kind": "guess"}, ""),
            (visit, "/id"),
        ]
        dead = {**visit, "id": str(uuid4()), "person": third}
        good = a_correction(context, second, education="高中")
        answers = await send(context, cadre, *(each for each, _ in bad), dead, good)
    for place, (answer, (_, pointer)) in enumerate(zip(answers, bad, strict=False)):
        assert answer["state"] == "refused", answer
        assert [error["pointer"] for error in answer["problem"]["errors"]] == [f"/mutations/{place}{pointer}"], answer
    assert answers[-2]["problem"]["type"] == "urn:xieli:problem:person-left"
    assert answers[-1]["state"] == "applied"


async def test_a_wrong_clock_and_too_many_are_refused_whole(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        one = a_correction(context, str(uuid4()), education="高中")
        wrong = [
            await cadre.post(SYNC, json={"today": day(context, days), "mutations": [one]}) for days in (-365, 365, -2)
        ]
        fine = await cadre.post(SYNC, json={"today": day(context, -1), "mutations": [one]})
        small = {"kind": "visit"}
        many = await cadre.post(SYNC, json={"today": day(context), "mutations": [small] * 10_000})
        large = await cadre.post(SYNC, json={"today": day(context), "mutations": [one] * 10_000})
    assert [(each.status_code, each.json()["today"]) for each in wrong] == [(422, day(context))] * 3
    assert fine.status_code == 200
    assert (many.status_code, many.json()["errors"][0]["pointer"]) == (422, "/mutations")
    assert "500" in many.json()["errors"][0]["message"]
    assert large.status_code == 413
