"""The import wizard (导入向导) in front of the real register: tried, confirmed, its refused rows fetched, taken back."""

from __future__ import annotations

import re
from uuid import uuid4

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
        "/imports/new",
        data={"kind": "people", "as_of": "2016-12-31", "key": str(uuid4()), **said},
        files=files,
        timeout=60,
    )


async def imports_of(client: httpx.AsyncClient) -> list[str]:
    return re.findall(r'href="(/imports/[0-9a-f-]{36})"', (await client.get("/imports")).text)


@pytest.fixture
async def county(nodes: Nodes) -> tuple[FrontDoor, ServiceContext]:
    return await open_node(nodes, NODE)


async def test_a_file_is_tried_put_right_confirmed_and_taken_back(county: tuple[FrontDoor, ServiceContext]) -> None:
    door, context = county
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context)
        before = await imports_of(client)
        key = re.search(r'name="key" value="([^"]+)"', (await client.get("/imports/new")).text)
        assert key
        sent, again = [await post(client, key=key[1]) for _ in range(2)]
        assert sent.status_code == 303, sent.text
        page = sent.headers["location"]
        assert (again.headers["location"], await imports_of(client)) == (page, [page, *before])
        tried = await client.get(page)
        refused = await client.get(f"{page}/refused.xlsx")
        one = await client.get(f"{page}/refused?row=3")
        wrong = await client.post(f"{page}/refused", data={"3.证件号码": "4331"})
        told = await client.get(page)
        await client.post(f"{page}/refused", data={"3.证件号码": a_number("19800101", "772")})
        mended = await client.get(page)
        done = await client.post(f"{page}/confirm")
        shown = await client.get(page)
        back = await client.post(f"{page}/undo")
        gone = await client.get(page)
    assert "证件号码校验位不对" in tried.text
    assert "确认导入 1 行" in tried.text
    assert "龙** · 433124************" in tried.text
    assert "整批" not in tried.text
    assert (refused.status_code, refused.content[:2]) == (200, b"PK")
    assert "refused-" in refused.headers["content-disposition"]
    assert 'name="3.证件号码"' in tried.text
    assert "433124198001017720" not in tried.text + one.text
    assert 'name="3.性别"' in one.text
    assert 'name="3.性别"' not in tried.text
    assert "还有行仍不对" in told.text
    assert (wrong.status_code, wrong.headers["location"]) == (303, page)
    assert "改好的行已记下，确认导入时存入。" in mended.text
    assert "确认导入 2 行" in mended.text
    assert (done.status_code, done.headers["location"]) == (303, page)
    assert "已导入。" in shown.text
    assert "确认导入 2 行" not in shown.text
    assert (back.status_code, "已撤回整批。" in gone.text, "确认撤回整批" in gone.text) == (303, True, False)


async def test_what_was_tried_is_let_go(county: tuple[FrontDoor, ServiceContext]) -> None:
    door, context = county
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context)
        page = (await post(client)).headers["location"]
        await client.post(f"{page}/cancel")
        shown, late = await client.get(page), await client.post(f"{page}/confirm")
    assert "已取消，什么都没有存。" in shown.text
    assert not {"确认导入", "确认撤回整批"} & set(re.findall(r"<button>([^< ]+)", shown.text))
    assert (late.status_code, "请再上传文件" in late.text) == (409, True)


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


async def test_a_city_imports_employers_and_vacancies_and_takes_nothing_back(nodes: Nodes) -> None:
    door, context = await open_node(nodes, "n440300")
    sheet = next(FILES.glob("vacancies-440300.*"))
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context)
        said = {"kind": "vacancies", "as_of": "2017-03-31", "key": str(uuid4())}
        files = {"file": (sheet.name, sheet.read_bytes())}
        tried = await client.post("/imports/new", data=said, files=files, timeout=60)
        await client.post(f"{tried.headers['location']}/confirm")
        shown = await client.get(tried.headers["location"])
    assert shown.status_code == 200
    assert "撤回整批" not in shown.text


def test_every_finding_and_every_reason_has_a_name() -> None:
    assert codes()["finding"].keys() >= OF_REGISTRY.keys() | OF_JOBS.keys()
    assert codes()["kept"].keys() == set(Why.__args__)  # type: ignore[attr-defined]
