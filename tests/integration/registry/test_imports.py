"""Files imported over HTTP into a real database: counts as agreed, refused rows back, nothing twice, nothing in silence."""

from __future__ import annotations

import asyncio
import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from libs.common.events.registry import LabourerRecorded, RegistryIndicatorsStated
from services.registry.app import SERVICE
from services.registry.rules.numbers import check_character
from tests.integration.registry.files import TRUTH, a_file, a_row, file_of, listed, revealed, send, send_bytes, told_by
from tests.support.nodes import Nodes, client_of

PEOPLE_KEYS = (
    "total_rows",
    "accepted",
    "refused",
    "flagged",
    "findings",
    "households",
    "labourers",
    "labourers_by_township",
)


def a_number(birth: str = "19800101", order: str = "001") -> str:
    first17 = f"433124{birth}{order}"
    return first17 + check_character(first17)


@pytest.mark.parametrize("county", ["433124", "433126"])
async def test_people_and_wishes_go_in_as_agreed(nodes: Nodes, county: str) -> None:
    context = await nodes.open(SERVICE, f"n{county}")
    async with client_of(context) as client:
        people, wishes = await send(client, "people", county), await send(client, "wishes", county)
        assert (people.status_code, wishes.status_code) == (201, 201), people.text
        shown = (await client.get(f"/registry/v1/imports/{people.json()['id']}")).json()
    truth, wished = TRUTH[file_of("people", county).name], TRUTH[file_of("wishes", county).name]
    assert shown == people.json()
    assert {key: shown[key] for key in PEOPLE_KEYS} == {key: truth[key] for key in PEOPLE_KEYS}
    keys = ("total_rows", "accepted", "refused", "flagged", "findings", "willing", "couples")
    assert {key: wishes.json()[key] for key in keys} == {key: wished[key] for key in keys}


async def test_the_same_people_brought_by_several_at_once_go_in_once(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n433124")
    async with client_of(context) as client:
        answers = await asyncio.gather(*(send(client, "people") for _ in range(4)))
        assert [answer.status_code for answer in answers] == [201] * 4, [answer.text[:300] for answer in answers]
        assert sorted(answer.json()["added"] for answer in answers) == [0, 0, 0, answers[0].json()["accepted"]]
        assert len(await listed(client)) == answers[0].json()["accepted"]


async def test_everybody_is_announced_once_and_again_with_the_wish(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send(client, "people")
        await send(client, "wishes")
    told: list[LabourerRecorded] = await told_by(context, LabourerRecorded)
    truth, wished = TRUTH["people-433124.xlsx"], TRUTH["wishes-433124.xlsx"]
    assert len(told) == truth["accepted"] + wished["accepted"]
    newest = {event.person: event for event in told}
    assert sum(event.labourer for event in newest.values()) == truth["labourers"]
    assert sum(bool(event.wish and event.wish.willing) for event in newest.values()) == wished["willing"]
    couples = [event for event in newest.values() if event.wish and event.wish.partner]
    assert len(couples) == 2 * wished["couples"]
    assert all(newest[event.wish.partner].wish.partner == event.person for event in couples)  # type: ignore[union-attr,index]


async def test_figures_are_stated_as_of_the_files_own_day(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send(client, "people")
    (stated,) = await told_by(context, RegistryIndicatorsStated)
    truth = TRUTH["people-433124.xlsx"]
    assert (stated.as_of, stated.figures["people"], stated.figures["households"]) == (
        date(2016, 12, 31),
        truth["accepted"],
        truth["households"],
    )
    at_work = truth["labourers_by_work_place"]
    places = {name: stated.figures[name] for name in ("in_county", "in_province", "out_of_province", "elsewhere")}
    expected = {
        "in_county": at_work["县内"],
        "in_province": at_work["县外省内"],
        "out_of_province": at_work["省外"],
        "elsewhere": at_work["其他"],
    }
    assert places == expected
    assert stated.figures["employed"] == sum(expected.values())


async def test_refused_rows_come_back_with_the_reason_in_the_last_column(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        told = (await send(client, "people")).json()
        answer = await client.get(told["refused_rows"])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][-1] == "退回原因"
    assert len(rows) - 1 == told["refused"]
    assert all("（" in str(row[-1]) for row in rows[1:])


async def test_a_file_imported_again_changes_nothing(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        for kind in ("people", "wishes"):
            first, second = (await send(client, kind)).json(), (await send(client, kind)).json()
            assert (second["added"], second["changed"], second["known"]) == (0, 0, first["accepted"])
    truth = TRUTH["people-433124.xlsx"]["accepted"] + TRUTH["wishes-433124.xlsx"]["accepted"]
    assert len(await told_by(context, LabourerRecorded)) == truth


async def test_the_same_key_gives_the_kept_answer(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        first, again = (
            await send(client, "people", **{"Idempotency-Key": "k1"}),
            await send(client, "people", **{"Idempotency-Key": "k1"}),
        )
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_newer_file_changes_field_by_field_and_keeps_what_stood_there(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    number = a_number()
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(number)), "a.csv")
        newer = a_row(
            number,
            年度="2017",
            成员联系电话="",
            文化程度="高中",
            务工所在地="省外",
            **{"务工时间（月）": "3", "就业渠道": "自主就业"},
        )
        told = (await send_bytes(client, a_file(newer), "b.csv")).json()
        (row,) = await listed(client)
        (plain,) = (await revealed(client, context)).values()
    assert (told["added"], told["changed"], told["known"]) == (0, 1, 0)
    assert (row["education"], plain["phone"], row["work_place"], row["channel"]) == (
        "高中",
        "15400000001",
        "04",
        "自主就业",
    )
    async with context.database.reading() as tx:
        changes = (await tx.execute(text("SELECT field, before_sealed FROM change"))).all()
    before = {
        one.field: context.node.vault.decrypt(one.before_sealed, context="registry.change.before") for one in changes
    }
    assert before == {"education": "初中", "work_months": "0", "work_place": "", "channel": ""}


async def test_an_older_file_puts_nothing_back(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    number = a_number()
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(number, 年度="2017", 文化程度="高中")), "new.csv")
        told = (await send_bytes(client, a_file(a_row(number, 年度="2016")), "old.csv")).json()
        (row,) = await listed(client)
    assert row["education"] == "高中"
    assert told["added"] == 0


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"", "empty.csv", "empty-table"),
        ("一封信".encode(), "letter.xlsx", "not-a-workbook"),
        ("姓名,年龄\n龙,3".encode(), "x.csv", "no-header-row"),
        (b"%PDF-1.7", "scan.csv", "not-a-table"),
        (a_file(), "only-a-header.csv", "empty-table"),
        (a_file(a_row(a_number())).replace("证件号码".encode(), "不相干".encode()), "lacking.csv", "missing-columns"),
        (a_file(a_row(a_number(), 县="古丈县")), "guzhang.csv", "other-county"),
    ],
)
async def test_a_wrong_file_is_a_clear_problem_and_changes_nothing(
    nodes: Nodes, content: bytes, name: str, kind: str
) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        answer = await send_bytes(client, content, name)
        assert answer.status_code == 422, answer.text
        assert answer.json()["type"] == f"urn:xieli:problem:{kind}"
        assert {error["pointer"] for error in answer.json()["errors"]} == {"/file"}
        assert await listed(client) == []


async def test_a_file_without_a_year_asks_for_the_day(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    content = a_file(a_row(a_number(), 年度=""))
    async with client_of(context) as client:
        asked = await send_bytes(client, content, "a.csv")
        told = await send_bytes(client, content, "a.csv", as_of="2016-12-31")
    assert [error["pointer"] for error in asked.json()["errors"]] == ["/as_of"]
    assert (told.status_code, told.json()["as_of"]) == (201, "2016-12-31")


@pytest.mark.parametrize(
    ("role", "regions"), [("auditor", None), ("employer", None), ("cadre", ["433124:花垣镇"]), ("officer", ["440300"])]
)
async def test_only_the_countys_officers_import(nodes: Nodes, role: str, regions: list[str] | None) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context, role, regions=regions) as client:
        assert (await send(client, "people")).status_code == 403


async def test_nothing_that_names_a_person_stands_readable_in_the_database(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send(client, "people")
        plain = (await revealed(client, context)).values()
    async with context.database.reading() as tx:
        tables = ("person", "household", "batch", "change", "journal", "outbox", "wish", "idempotency", "reveal")
        stored = "".join([str((await tx.execute(text(f"SELECT * FROM {table}"))).all()) for table in tables])
    secrets = [row[which] for row in plain for which in ("number", "phone", "household_phone") if row[which]]
    assert len(secrets) > len(plain)
    assert not [secret for secret in secrets if secret in stored]
