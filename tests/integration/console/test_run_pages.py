"""The workbench of runs in front of the real matching: a province convenes, cities give openings, a county reads who has a place and why not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from uuid import UUID

import httpx

from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from services.console.clients import Neighbours
from tests.integration.matching.scenes import CITIES, COUNTIES, PROVINCE, Scene, a_scene, allot
from tests.support.console import browser, open_console, sign_in
from tests.support.nodes import Nodes

NAMES = {"counties": "花垣县、古丈县", "cities": "济南市、长沙市、深圳市"}


@asynccontextmanager
async def _desk(nodes: Nodes, scene: Scene, node: str) -> AsyncIterator[httpx.AsyncClient]:
    """An officer signed in at a node's console, with its matching behind it."""
    console = await open_console(nodes, node)
    apps = {each.service.name: create_api(each) for each in (scene.contexts[node], console)}
    door = FrontDoor(apps, otherwise="console")
    apps["console"].state.neighbours = Neighbours("http://node", 30, httpx.ASGITransport(door))
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, console)
        yield client


def _links(page: httpx.Response) -> set[str]:
    return {unescape(link) for link in re.findall(r'href="([^"]+)"', page.text)}


def _hidden(page: httpx.Response) -> dict[str, str]:
    return {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="(key|version)" value="([^"]*)"', page.text)
    }


async def _convene(client: httpx.AsyncClient, scene: Scene) -> None:
    form = await client.get("/runs/new")
    said = {**NAMES, "as_of": "2017-03-31", "deadline": "2017-04-30", **_hidden(form)}
    nowhere = await client.post("/runs/new", data={**said, "counties": "无此县"})
    made = await client.post("/runs/new", data=said)
    assert "/runs/new" in _links(await client.get("/runs"))
    assert nowhere.status_code == 422
    assert made.status_code == 303, made.text
    scene.run = UUID(made.headers["location"].rsplit("/", 1)[-1])


async def test_a_run_is_convened_given_openings_watched_and_read_in_the_console(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 3, people=12)
    async with _desk(nodes, scene, PROVINCE) as province:
        await _convene(province, scene)
        page = f"/runs/{scene.run}"
        begun = await province.get(page)
        assert 'hx-trigger="every 2s"' in begun.text
        assert "正在等" in begun.text
        assert f"{page}/stop" in _links(begun)
        assert f"{page}/passes" not in _links(begun)
        await scene.bus.run()
        async with _desk(nodes, scene, CITIES[0]) as city:
            await _give_openings(city, page)
        for other in CITIES[1:]:
            await allot(scene, other, 1)
        await scene.bus.run()
        settled = await province.get(page)
        assert "hx-trigger" not in settled.text
        assert f"{page}/passes" in _links(settled)
        assert f"{page}/people" not in {link.partition("?")[0] for link in _links(settled)}
        again = await province.post(f"{page}/passes", data=_hidden(await province.get(f"{page}/passes")))
        assert again.headers["location"] == page
    async with _desk(nodes, scene, COUNTIES[0]) as county:
        await _read_why(county, page)


async def _give_openings(city: httpx.AsyncClient, page: str) -> None:
    """What is left stands in the fields; too many are refused at their row, and nothing is given twice."""
    assert f"{page}/allot" in _links(await city.get(page))
    form = await city.get(f"{page}/allot")
    fields = dict(re.findall(r'name="(openings\.[0-9a-f-]{36})"[^>]* value="(\d+)"', form.text))
    first = next(iter(fields))
    too_many = await city.post(f"{page}/allot", data={**fields, first: "999", **_hidden(form)})
    no_number = await city.post(f"{page}/allot", data={**fields, first: "两个", **_hidden(form)})
    given = await city.post(f"{page}/allot", data={**dict.fromkeys(fields, "1"), **_hidden(form)})
    over = await city.get(f"{page}/allot")
    assert fields
    assert (too_many.status_code, no_number.status_code) == (422, 422)
    assert re.search(r'value="999"[^>]*aria-invalid="true"', too_many.text)
    assert "尚余" in too_many.text
    assert given.headers["location"] == page
    assert (over.status_code, f"{page}/allot" in _links(await city.get(page))) == (409, False)


async def _read_why(county: httpx.AsyncClient, page: str) -> None:
    shown = await county.get(page)
    without = next(link for link in _links(shown) if link.startswith(f"{page}/people") and "placed=false" in link)
    told, english = await county.get(without), await county.get(f"{without}&lang=en")
    sheet = await county.get(without.replace("/people", "/people.xlsx"))
    assert f"{page}/stop" not in _links(shown)
    assert re.search(r"合适的岗位有 \d+ 个|个岗位都不合适", told.text)
    assert re.search(r"\d+ vacancies suit|none of the \d+ vacancies suits", english.text)
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")


async def test_everything_that_is_left_is_given_at_once(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 4, people=2, jobs=4)
    async with _desk(nodes, scene, PROVINCE) as province:
        await _convene(province, scene)
    await scene.bus.run()
    page = f"/runs/{scene.run}"
    left = (await scene.get(CITIES[0], f"/runs/{scene.run}/allotments?limit=200", "officer")).json()["items"]
    async with _desk(nodes, scene, CITIES[0]) as city:
        given = await city.post(f"{page}/allot", data={**_hidden(await city.get(f"{page}/allot")), "all": "1"})
    assert given.status_code == 303
    rows = (await scene.get(CITIES[0], f"/runs/{scene.run}/vacancies?limit=200", "officer")).json()["items"]
    assert {row["vacancy"]: row["openings"] for row in rows} == {row["vacancy"]: row["openings_left"] for row in left}
