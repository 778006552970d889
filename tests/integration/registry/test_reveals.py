"""Names have a purpose: one at a time with a reason, many with a second officer's approval, once and within hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from tests.integration.registry.files import WHY, a_file, a_row, listed, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of

REVEALS = "/registry/v1/reveals"


async def two_people(context: ServiceContext) -> list[dict[str, Any]]:
    """One of 花垣镇, one of 边城镇."""
    rows = a_file(a_row(a_number(), "龙老大"), a_row(a_number(order="003"), "吴老二", 乡="边城镇", 户编号="430002"))
    async with client_of(context) as client:
        await send_bytes(client, rows, "a.csv")
        return await listed(client)


async def test_one_person_is_named_for_a_purpose_to_whoever_may(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    (first, second) = await two_people(context)
    path = f"/registry/v1/labourers/{first['id']}/reveal"
    async with client_of(context) as officer, client_of(context, "cadre", regions=["433124:边城镇"]) as cadre:
        told = (await officer.post(path, json={**WHY, "as_of": "2016-12-31"})).json()
        hidden, own = (
            await cadre.post(path, json=WHY),
            await cadre.post(f"/registry/v1/labourers/{second['id']}/reveal", json=WHY),
        )
        nobody = await officer.post(f"/registry/v1/labourers/{uuid4()}/reveal", json=WHY)
    assert (told["name"], told["number"], told["phone"], told["birth_date"], told["age"]) == (
        "龙老大",
        a_number(),
        "15400000001",
        "1980-01-01",
        36,
    )
    assert (hidden.status_code, own.status_code, nobody.status_code) == (404, 200, 404)


@pytest.mark.parametrize("role", ["auditor", "analyst", "operator", "employer"])
async def test_nobody_else_is_told(nodes: Nodes, role: str) -> None:
    context = await nodes.open(SERVICE)
    (first, _) = await two_people(context)
    async with client_of(context, role, organisation="91440300MA5D8C1X2T") as client:
        one, many = (
            await client.post(f"/registry/v1/labourers/{first['id']}/reveal", json=WHY),
            await client.post(REVEALS, json=WHY),
        )
    assert (one.status_code, many.status_code) == (403, 403)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"purpose": "contact"},
        {"reference": "x"},
        {"purpose": "curiosity", "reference": "x"},
        {"purpose": "contact", "reference": "  "},
    ],
)
async def test_without_purpose_and_reference_nothing_is_told(nodes: Nodes, body: dict[str, str]) -> None:
    context = await nodes.open(SERVICE)
    (first, _) = await two_people(context)
    async with client_of(context) as client:
        one, many = (
            await client.post(f"/registry/v1/labourers/{first['id']}/reveal", json=body),
            await client.post(REVEALS, json=body),
        )
    assert (one.status_code, many.status_code) == (422, 422)


async def test_many_are_named_once_after_a_second_officers_approval(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await two_people(context)
    async with client_of(context) as client, client_of(context, subject="officer-2") as second:
        made = (await client.post(REVEALS, json=WHY, headers={"Idempotency-Key": "k"})).json()
        again = (await client.post(REVEALS, json=WHY, headers={"Idempotency-Key": "k"})).json()
        path = f"{REVEALS}/{made['id']}"
        early, own = (
            await client.post(f"{path}/collect"),
            await client.post(f"{path}/approve", headers={"If-Match": '"v1"'}),
        )
        stale, bare = (
            await second.post(f"{path}/approve", headers={"If-Match": '"v7"'}),
            await second.post(f"{path}/approve"),
        )
        etag = (await second.get(path)).headers["etag"]
        approved = await second.post(f"{path}/approve", headers={"If-Match": etag})
        twice = await second.post(f"{path}/approve", headers={"If-Match": approved.headers["etag"]})
        stranger, told, late = (
            await second.post(f"{path}/collect"),
            await client.post(f"{path}/collect"),
            await client.post(f"{path}/collect"),
        )
        listing = (await second.get(REVEALS)).json()["items"]
    assert again == made
    assert (made["state"], made["people"]) == ("requested", 2)
    assert [answer.status_code for answer in (early, own, stale, bare, approved, twice)] == [
        409,
        403,
        412,
        428,
        200,
        409,
    ]
    assert [answer.status_code for answer in (stranger, told, late)] == [404, 200, 410]
    assert {each["name"] for each in told.json()["items"]} == {"龙老大", "吴老二"}
    assert [(each["id"], each["state"], each["approved_by"]) for each in listing] == [
        (made["id"], "collected", "officer-2")
    ]


async def test_an_approval_expires(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await two_people(context)
    async with client_of(context) as client, client_of(context, subject="officer-2") as second:
        path = f"{REVEALS}/{(await client.post(REVEALS, json=WHY)).json()['id']}"
        await second.post(f"{path}/approve", headers={"If-Match": '"v1"'})
        async with context.database.transaction() as tx:
            await tx.execute(
                text("UPDATE reveal SET expires_at = :then"), {"then": context.node.clock.now() - timedelta(seconds=1)}
            )
        shown, late = await client.get(path), await client.post(f"{path}/collect")
    assert (shown.json()["state"], late.status_code) == ("expired", 410)


async def test_a_cadre_asks_for_the_own_township_and_approves_nothing(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    (first, second) = await two_people(context)
    async with client_of(context) as officer, client_of(context, "cadre", regions=["433124:边城镇"]) as cadre:
        own = await cadre.post(REVEALS, json=WHY)
        foreign = await cadre.post(REVEALS, json={**WHY, "ids": [first["id"], second["id"]]})
        officers = (await officer.post(REVEALS, json=WHY)).json()
        approval = await cadre.post(f"{REVEALS}/{officers['id']}/approve", headers={"If-Match": '"v1"'})
        hidden = await cadre.get(f"{REVEALS}/{officers['id']}")
        mine = (await cadre.get(REVEALS)).json()["items"]
    assert (own.status_code, own.json()["people"], foreign.status_code) == (201, 1, 404)
    assert (approval.status_code, hidden.status_code) == (403, 404)
    assert [each["id"] for each in mine] == [own.json()["id"]]


async def test_no_more_people_at_once_than_the_setting_says_and_not_nobody(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    people = await two_people(context)
    context.settings = context.settings.model_copy(update={"reveal_people": 1})
    async with client_of(context) as client:
        by_id = await client.post(REVEALS, json={**WHY, "ids": [each["id"] for each in people]})
        all_of_them, one = (
            await client.post(REVEALS, json=WHY),
            await client.post(REVEALS, json={**WHY, "township": "边城镇"}),
        )
        nobody = await client.post(REVEALS, json={**WHY, "township": "龙潭镇"})
    assert [answer.status_code for answer in (by_id, all_of_them, one, nobody)] == [422, 422, 201, 422]
