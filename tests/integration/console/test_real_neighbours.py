"""The pages in front of the real services of a node: every link leads somewhere, and nothing is shown that was not said."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from libs.common.service import ServiceContext
from services.console.clients import Neighbours
from tests.integration.console.test_pages import links_of
from tests.support.console import browser, open_console, sign_in
from tests.support.nodes import WAITING, Nodes, carry, client_of

FILES = Path(__file__).parents[3] / "deploy" / "demo" / "data"
SHEETS = {
    "n440300": [("jobs", "employers"), ("jobs", "vacancies")],
    "n433124": [("registry", "people"), ("registry", "wishes")],
}
ENOUGH = 4  # pages of one kind


async def open_node(nodes: Nodes, node: str) -> tuple[FrontDoor, ServiceContext]:
    """All five services of a node behind its one door, with the sheets of its office imported."""
    services = {
        name: importlib.import_module(f"services.{name}.app").SERVICE
        for name in ("registry", "jobs", "matching", "retention")
    }
    contexts = {name: await nodes.open(service, node) for name, service in services.items()}
    contexts["console"] = await open_console(nodes, node)
    for service, kind in SHEETS[node]:
        await enter_sheet(contexts[service], service, kind)
    await carry(*contexts.values())
    apps = {name: create_api(context) for name, context in contexts.items()}
    door = FrontDoor(apps, otherwise="console")
    apps["console"].state.neighbours = Neighbours("http://node", 30, httpx.ASGITransport(door))
    return door, contexts["console"]


async def enter_sheet(context: ServiceContext, service: str, kind: str) -> None:
    file = next(FILES.glob(f"{kind}-{context.node.code}.*"))
    async with client_of(context) as client:
        sent = {"kind": kind, "as_of": "2017-03-31"}
        answer = await client.post(
            f"/{service}/v1/imports",
            files={"file": (file.name, file.read_bytes())},
            data=sent,
            headers=WAITING,
            timeout=60,
        )
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(("node", "role"), [("n440300", "officer"), ("n433124", "officer"), ("n433124", "operator")])
async def test_every_link_leads_somewhere_in_front_of_the_real_services(nodes: Nodes, node: str, role: str) -> None:
    door, context = await open_node(nodes, node)
    async with browser(door) as client:  # type: ignore[arg-type]
        await sign_in(client, context, role)
        waiting, seen, kinds = ["http://node/province"], set[str](), Counter[str]()
        while waiting:
            address = waiting.pop(0)
            page = await client.get(address, timeout=60)
            assert page.status_code < 400, f"{address}: {page.status_code}"
            assert "None" not in page.text, address
            for link in sorted(links_of(page) - seen):
                kind = "/".join(urlsplit(link).path.split("/")[:2]) + f" {link.count('/')}"
                seen.add(link)
                kinds[kind] += 1
                if kinds[kind] <= ENOUGH:
                    waiting.append(link)
    assert len(kinds) > 3
