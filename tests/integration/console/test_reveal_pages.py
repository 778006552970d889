"""Names on pages, in front of the real registry: with a purpose, on one page, on record; many with a second officer, once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

from deploy.local.accounts import lasting_accounts
from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from libs.common.service import ServiceContext
from services.console.clients import Neighbours
from services.console.rendering.codes import codes
from services.registry.app import SERVICE as REGISTRY
from tests.integration.registry.files import a_file, a_row, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.console import browser, open_console, sign_in
from tests.support.nodes import Nodes, client_of

NODE, SECOND = "n433124", "officer-2"
WHY = {"purpose": "contact", "reference": "走访登记第 31 号"}
DOCUMENT = Path(__file__).parents[2] / "contract" / "openapi" / "registry.json"


async def open_with_two_officers(nodes: Nodes) -> tuple[FrontDoor, ServiceContext]:
    """A county's register and console with three people, and a second officer who may approve what the first one asks."""
    path = nodes.root / NODE / "keys" / "accounts.json"
    lasting_accounts(path, NODE[1:])
    accounts = json.loads(path.read_text())
    if all(account["login"] != SECOND for account in accounts):
        path.write_text(
            json.dumps([*accounts, {**next(each for each in accounts if each["role"] == "officer"), "login": SECOND}])
        )
    registry, console = await nodes.open(REGISTRY, NODE), await open_console(nodes, NODE)
    rows = [
        a_row(a_number(order=f"00{order}"), 乡=township)
        for order, township in enumerate(("花垣镇", "花垣镇", "边城镇"), start=1)
    ]
    async with client_of(registry) as officer:
        assert (await send_bytes(officer, a_file(*rows), "people.csv")).json()["accepted"] == len(rows)
    apps = {"registry": create_api(registry), "console": create_api(console)}
    door = FrontDoor(apps, otherwise="console")
    apps["console"].state.neighbours = Neighbours("http://node", 30, httpx.ASGITransport(door))
    return door, console


def person_on(page: httpx.Response) -> str:
    found = re.search(r'href="(/people/[0-9a-f-]{36})"', page.text)
    assert found
    return found[1]


def plain_numbers(page: httpx.Response) -> list[str]:
    return re.findall(r"\b\d{17}[\dX]\b", page.text)


async def test_one_name_is_told_on_one_page_and_the_person_page_says_who_looked(nodes: Nodes) -> None:
    door, context = await open_with_two_officers(nodes)
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context)
        listed = await client.get("/people")
        person = person_on(listed)
        masked = await client.get(person)
        told = await client.post(f"{person}/reveal", data=WHY)
        after = await client.get(person)
        again = await client.get(f"{person}/reveal")
    assert (plain_numbers(listed), plain_numbers(masked), plain_numbers(after)) == ([], [], [])
    assert (told.status_code, len(plain_numbers(told)), told.headers["cache-control"]) == (200, 1, "no-store")
    assert "走访登记第 31 号" not in masked.text
    assert "走访登记第 31 号" in after.text
    assert again.status_code == 405


@pytest.mark.parametrize(
    "missing", [{"purpose": ""}, {"reference": ""}, {"purpose": "curiosity"}, {"reference": "x" * 130}]
)
async def test_without_a_purpose_and_a_reference_nobody_is_named(nodes: Nodes, missing: dict[str, str]) -> None:
    door, context = await open_with_two_officers(nodes)
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context)
        person = person_on(await client.get("/people"))
        refused = await client.post(f"{person}/reveal", data={**WHY, **missing})
    assert (refused.status_code, plain_numbers(refused)) == (422, [])
    assert 'role="alert"' in refused.text


async def test_another_site_cannot_ask_in_an_officers_name(nodes: Nodes) -> None:
    door, context = await open_with_two_officers(nodes)
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context)
        person = person_on(await client.get("/people"))
        forged = await client.post(f"{person}/reveal", data=WHY, headers={"Sec-Fetch-Site": "cross-site"})
    assert (forged.status_code, plain_numbers(forged)) == (403, [])


@pytest.mark.parametrize("role", ["operator", "auditor"])
async def test_a_role_without_the_right_has_no_form_and_no_answer(nodes: Nodes, role: str) -> None:
    door, context = await open_with_two_officers(nodes)
    async with browser(door) as officer, browser(door) as client:  # type: ignore[arg-type]
        await sign_in(officer, context)
        person = person_on(await officer.get("/people"))
        await sign_in(client, context, role)
        assert (await client.post(f"{person}/reveal", data=WHY)).status_code == 403
        assert (await client.post("/reveals", data=WHY)).status_code == 403
        assert "/reveal" not in (await client.get(person)).text


async def test_many_names_need_a_second_officer_and_are_collected_once(nodes: Nodes) -> None:
    door, context = await open_with_two_officers(nodes)
    async with browser(door) as first, browser(door) as second:  # type: ignore[arg-type]
        await sign_in(first, context)
        await sign_in(second, context, SECOND)
        asked = await first.post("/reveals", data={**WHY, "township": "花垣镇", "labourer": "true"})
        here = asked.headers["location"]
        assert asked.status_code == 303
        early, own = await first.post(f"{here}/collect"), await first.post(f"{here}/approve", data={"version": '"v1"'})
        assert "<button>批准" not in (await first.get(here)).text
        page = (await second.get(here)).text
        version = re.search(r'name="version" value="([^"]+)"', page)
        assert version
        approved = await second.post(f"{here}/approve", data={"version": version[1].replace("&#34;", '"')})
        stolen = await second.post(f"{here}/collect")
        told, twice = await first.post(f"{here}/collect"), await first.post(f"{here}/collect")
    assert (early.status_code, own.status_code, approved.status_code, stolen.status_code, twice.status_code) == (
        409,
        403,
        303,
        404,
        410,
    )
    assert [plain_numbers(page) for page in (early, own, stolen, twice)] == [[], [], [], []]
    assert len(plain_numbers(told)) == 2
    assert "导出编号" in told.text


def test_the_form_offers_the_purposes_that_the_registry_takes() -> None:
    schemas = json.loads(DOCUMENT.read_text(encoding="utf-8"))["components"]["schemas"]
    assert list(codes()["purpose"]) == schemas["Why"]["properties"]["purpose"]["enum"]
