"""A county's register, matching and console behind one door, with somebody who seeks work and has been offered a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from libs.common.service import ServiceContext
from services.console.clients import Neighbours
from services.matching.app import SERVICE as MATCHING
from services.registry.app import SERVICE as REGISTRY
from services.retention.app import SERVICE as RETENTION
from tests.integration.registry.files import a_file, a_row, listed, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.console import FROM_HERE, open_console
from tests.support.nodes import Nodes, carry, client_of
from tests.support.telling import a_vacancy, tell

PEOPLE, INTRODUCTIONS = "/registry/v1/labourers", "/matching/v1/introductions"


@dataclass
class County:
    """The door, the offices behind it, and two people of the register by id."""

    door: FrontDoor
    registry: ServiceContext
    matching: ServiceContext
    console: ServiceContext
    one: str
    other: str

    async def code(self, person: str | None = None) -> str:
        async with client_of(self.registry) as officer:
            answer = await officer.post(f"{PEOPLE}/{person or self.one}/codes")
        return str(answer.json()["code"])

    async def offer(self) -> str:
        """A place is offered to the first one; the introduction."""
        vacancy = a_vacancy()
        await tell(self.matching, vacancy)
        async with client_of(self.matching) as officer:
            made = await officer.post(INTRODUCTIONS, json={"person": self.one, "vacancy": str(vacancy.vacancy)})
            assert made.status_code == 201, made.text
            offered = await officer.post(f"{INTRODUCTIONS}/{made.json()['id']}/offer", json={})
        assert offered.status_code == 200, offered.text
        return str(made.json()["id"])

    async def introduction(self, one: str) -> dict[str, Any]:
        async with client_of(self.matching) as officer:
            return dict((await officer.get(f"{INTRODUCTIONS}/{one}")).json())

    def phone(self, address: str = "203.0.113.7") -> httpx.AsyncClient:
        """A browser of somebody at an address."""
        transport = httpx.ASGITransport(self.door, client=(address, 1), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://node", headers=FROM_HERE)


async def open_county(nodes: Nodes) -> County:
    registry, matching = await nodes.open(REGISTRY), await nodes.open(MATCHING)
    retention = await nodes.open(RETENTION)
    console = await open_console(nodes, "n433124")
    async with client_of(registry) as officer:
        rows = (a_row(a_number(order="001"), "石秀英"), a_row(a_number(order="003"), "吴老二", 户编号="430002"))
        assert (await send_bytes(officer, a_file(*rows), "people.csv")).json()["accepted"] == 2
        by_name = {row["name"][0]: row["id"] for row in await listed(officer)}
        said = {"on": "2017-05-20", "found": "changed", "wish": {"willing": True, "destinations": ["440300"]}}
        assert (await officer.post(f"{PEOPLE}/{by_name['石']}/visits", json=said)).status_code == 201
    await carry(registry, matching, retention)
    offices = (registry, matching, retention, console)
    apps = {each.service.name: create_api(each) for each in offices}
    door = FrontDoor(apps, otherwise="console")
    apps["console"].state.neighbours = Neighbours("http://node", 30, httpx.ASGITransport(door))
    return County(door, registry, matching, console, by_name["石"], by_name["吴"])
