"""Training places on pages in front of the real services: a course entered, somebody applied for by name, admitted, dropped out."""

from __future__ import annotations

import re

import httpx

from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from libs.common.calendar import add_days
from libs.common.service import ServiceContext
from services.console.clients import Neighbours
from services.jobs.app import SERVICE as JOBS
from services.registry.app import SERVICE as REGISTRY
from tests.integration.console.own_pages import open_county
from tests.integration.jobs.test_courses import a_course
from tests.integration.jobs.test_employers import FIRM, enter, offer
from tests.support.console import browser, open_console, sign_in
from tests.support.nodes import Nodes, carry, client_of

OPTION = re.compile(r'<option value="([0-9a-f-]{36})"[^>]*>([^<]+)</option>')


def door_of(*offices: ServiceContext) -> FrontDoor:
    """The services of a node behind one address, its console asking them there."""
    apps = {each.service.name: create_api(each) for each in offices}
    door = FrontDoor(apps, otherwise="console")
    apps["console"].state.neighbours = Neighbours("http://node", 30, httpx.ASGITransport(door))
    return door


async def test_a_county_applies_on_the_page_of_a_person_and_sees_what_the_city_says(nodes: Nodes) -> None:
    county = await open_county(nodes)
    jobs = await nodes.open(JOBS, "n440300")
    async with client_of(jobs) as school:
        for title, more in (("焊工班", {}), ("少年班", {"age_max": 18})):
            (await school.post("/jobs/v1/courses", json=a_course(jobs, title=title, **more))).raise_for_status()
        await carry(county.registry, jobs)
        async with browser(county.door) as client:  # type: ignore[arg-type]
            await sign_in(client, county.console)
            page = await client.get(f"/people/{county.one}")
            form = await client.get("/applications/new", params={"person": county.one})
            courses = OPTION.findall(form.text)
            said = {"person": county.one, "course": courses[0][0], "consented_by": "person"}
            unsaid = await client.post("/applications/new", data={**said, "consented_by": ""})
            made = await client.post("/applications/new", data=said)
            await carry(county.registry, jobs)
            one = made.headers["location"].rpartition("/")[2]
            (await school.post(f"/jobs/v1/admissions/{one}/admit", json={})).raise_for_status()
            await carry(county.registry, jobs)
            shown = await client.get(f"/applications/{one}")
            listed = await client.get("/applications", params={"state": "admitted"})
            offered = await client.get("/training", params={"open": "true"})
            gone = await client.post(f"/applications/{one}/withdraw", data={"reason": "person"})
            after = await client.get(f"/applications/{one}")
    assert f"/applications/new?person={county.one}" in page.text
    assert [title.split(" · ")[0] for _, title in courses] == ["焊工班"]
    assert "剩余 3" in courses[0][1]
    assert unsaid.status_code == 422
    assert made.status_code == 303
    assert "已录取" in shown.text
    assert f"/applications/{one}" in listed.text
    assert "少年班" in offered.text
    assert (gone.status_code, "已撤回" in after.text) == (303, True)


async def test_a_city_enters_an_order_class_by_choosing_vacancies_and_decides_by_forms(nodes: Nodes) -> None:
    jobs, registry = await nodes.open(JOBS, "n440300"), await nodes.open(REGISTRY, "n440300")
    console = await open_console(nodes, "n440300")
    today = jobs.node.today()
    async with client_of(jobs) as officer:
        await enter(officer)
        vacancies = [await offer(officer, title=title) for title in ("叉车司机", "装配工")]
    door = door_of(jobs, registry, console)
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, console)
        form = await client.get("/courses/new", params={"provider_uscc": FIRM})
        days = {"starts_on": str(today), "ends_on": str(add_days(today, 90)), "apply_by": str(today)}
        said = {"provider_uscc": FIRM, "kind": "order_class", "title": "订单班", "places": "4", **days}
        alone = await client.post("/courses/new", data=said)
        made = await client.post("/courses/new", data={**said, "vacancies": vacancies})
        shown = await client.get(made.headers["location"])
    assert [id for id, _ in OPTION.findall(form.text)] == vacancies
    assert "订单班须绑定本单位的岗位" in alone.text
    assert (made.status_code, "订单班" in shown.text) == (303, True)
