"""The import wizard (导入向导) in front of the real register: tried, confirmed, its refused rows fetched, taken back."""

from __future__ import annotations

import re

import httpx
import pytest

from deploy.local.single_process_node import FrontDoor
from libs.common.service import ServiceContext
from services.console.rendering.codes import codes
from services.jobs.rules.severity import WORDS as OF_JOBS
from services.registry.rules.wording import WORDS as OF_REGISTRY
from services.registry.schemas.undoing import Why
from tests.integration.console.test_real_neighbours import FILES, open_node
from tests.integration.registry.files import a_file, a_row
from tests.integration.registry.test_imports import a_number
from tests.support.console import browser, sign_in
from tests.support.nodes import Nodes

NODE = "n433124"
ROWS = (a_row(a_number("19800101", "771")), a_row("433124198001017720", "龙老二"))
FILE = a_file(*ROWS)


async def post(client: httpx.AsyncClient, content: bytes = FILE, **said: str) -> httpx.Response:
    files = {"file": ("people.csv", content, "text/csv")}
    return await client.post(
        "/imports/new", data={"kind": "people", "as_of": "2016-12-31", **said}, files=files, timeout=60
    )


def hidden(page: httpx.Response) -> dict[str, str]:
    """What the confirming button sends along."""
    key = re.search(r'name="key" value="([^"]+)"', page.text)
    digest = re.search(r'name="confirmed" value="([^"]+)"', page.text)
    assert key, page.text
    assert digest, page.text
    return {"key": key[1], "confirmed": digest[1]}


async def imports_of(client: httpx.AsyncClient) -> list[str]:
    return re.findall(r'href="(/imports/[0-9a-f-]{36})"', (await client.get("/imports")).text)


@pytest.fixture
async def county(nodes: Nodes) -> tuple[FrontDoor, ServiceContext]:
    return await open_node(nodes, NODE)


async def test_a_file_is_tried_confirmed_and_taken_back(county: tuple[FrontDoor, ServiceContext]) -> None:
    door, context = county
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context)
        before = await imports_of(client)
        opened = await client.get("/imports/new")
        tried = await post(client)
        assert (opened.status_code, tried.status_code) == (200, 200), tried.text
        assert await imports_of(client) == before
        done = await post(client, **hidden(tried))
        assert done.status_code == 303, done.text
        again = await post(client, **hidden(tried))
        shown = await client.get(done.headers["location"])
        assert await imports_of(client) == [done.headers["location"], *before]
        assert again.headers["location"] == done.headers["location"]
        refused = await client.get(f"{done.headers['location']}/refused.xlsx")
        one = await client.get(f"{done.headers['location']}/refused?row=3")
        wrong = await client.post(f"{done.headers['location']}/refused", data={"3.证件号码": "4331"})
        told = await client.get(done.headers["location"])
        back = await client.post(f"{done.headers['location']}/undo")
        gone = await client.get(done.headers["location"])
    assert "证件号码校验位不对" in tried.text
    assert "已导入。" in shown.text
    assert "证件号码校验位不对" in shown.text
    assert "已撤回" not in shown.text
    assert (refused.status_code, refused.content[:2]) == (200, b"PK")
    assert "refused-" in refused.headers["content-disposition"]
    assert 'name="3.证件号码"' in shown.text
    assert "433124198001017720" not in shown.text + one.text
    assert 'name="3.性别"' in one.text
    assert 'name="3.性别"' not in shown.text
    assert "还有行仍不对" in told.text
    assert (wrong.status_code, wrong.headers["location"]) == (303, done.headers["location"])
    assert back.status_code == 303
    assert "已撤回整批。" in gone.text
    assert "确认撤回整批" not in gone.text


async def test_another_file_than_the_one_that_was_tried_is_tried_first(
    county: tuple[FrontDoor, ServiceContext],
) -> None:
    door, context = county
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context)
        before = await imports_of(client)
        tried = hidden(await post(client))
        others = [await post(client, a_file(ROWS[0]), **tried), await post(client, **{**tried, "as_of": "2015-12-31"})]
        assert await imports_of(client) == before
    assert all("已重新试导入" in each.text for each in others)
    assert all(hidden(each) != tried for each in others)


@pytest.mark.parametrize(
    ("said", "told"), [({"kind": "vacancies"}, "f-kind-wrong"), ({"as_of": "2999-13-01"}, "f-as_of-wrong")]
)
async def test_what_is_refused_stands_beside_its_field(
    county: tuple[FrontDoor, ServiceContext], said: dict[str, str], told: str
) -> None:
    door, context = county
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context)
        refused = await post(client, **said)
        swapped = await client.post(
            "/imports/new",
            data={"kind": "people", **said},
            files={"file": ("a.csv", FILE)},
            headers={"HX-Request": "true"},
        )
        empty = await client.post("/imports/new", data={"kind": "people"})
    assert refused.status_code == 422
    assert f'id="{told}"' in refused.text
    assert swapped.status_code == 200
    assert 'id="trial"' in swapped.text
    assert 'id="f-file-wrong"' in empty.text


async def test_a_file_that_is_none_is_told_in_words(county: tuple[FrontDoor, ServiceContext]) -> None:
    door, context = county
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context)
        refused = await post(client, b"\x89PNG nothing")
    assert refused.status_code in (400, 415, 422)
    assert 'role="alert"' in refused.text
    assert 'name="confirmed"' not in refused.text


async def test_a_city_imports_employers_and_vacancies_and_takes_nothing_back(nodes: Nodes) -> None:
    door, context = await open_node(nodes, "n440300")
    sheet = next(FILES.glob("vacancies-440300.*"))
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context)
        said = {"kind": "vacancies", "as_of": "2017-03-31"}
        files = {"file": (sheet.name, sheet.read_bytes())}
        tried = await client.post("/imports/new", data=said, files=files, timeout=60)
        done = await client.post("/imports/new", data={**said, **hidden(tried)}, files=files, timeout=60)
        shown = await client.get(done.headers["location"])
    assert shown.status_code == 200
    assert "撤回整批" not in shown.text


def test_every_finding_and_every_reason_has_a_name() -> None:
    assert codes()["finding"].keys() >= OF_REGISTRY.keys() | OF_JOBS.keys()
    assert codes()["kept"].keys() == set(Why.__args__)  # type: ignore[attr-defined]
