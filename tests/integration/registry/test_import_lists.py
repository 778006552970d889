"""The list of imports (导入清单): the newest first, page by page, with the totals of their reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from libs.common.service import Service
from services.jobs.app import SERVICE as JOBS
from services.registry.app import SERVICE as REGISTRY
from tests.support.nodes import WAITING, Nodes, client_of

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"


@pytest.mark.parametrize(
    ("service", "node", "kinds"),
    [(REGISTRY, "433124", ["people", "wishes"]), (JOBS, "440300", ["employers", "vacancies"])],
)
async def test_the_newest_comes_first_with_the_totals_of_its_report(
    nodes: Nodes, service: Service, node: str, kinds: list[str]
) -> None:
    context, address = await nodes.open(service, f"n{node}"), f"/{service.name}/v1/imports"
    async with client_of(context) as client:
        made = []
        for kind in kinds:
            path = next(DATA.glob(f"{kind}-{node}.*"))
            files = {"file": (path.name, path.read_bytes())}
            answer = await client.post(address, data={"kind": kind}, files=files, headers=WAITING, timeout=60)
            made.append(answer.json())
        first = (await client.get(address, params={"limit": 1})).json()
        second = (await client.get(address, params={"limit": 1, "after": first["next"]})).json()
    listed = first["items"] + second["items"]
    totals = ("id", "kind", "filename", "as_of", "total_rows", "accepted", "refused", "flagged", "added")
    assert [{name: one[name] for name in totals} for one in listed] == [
        {name: one[name] for name in totals} for one in reversed(made)
    ]
    assert second["next"] is None
    assert {one["by"] for one in listed} == {"officer-1"}
    assert all(one["region"] == node and one["undone_at"] is None for one in listed)
    assert all(abs(datetime.fromisoformat(one["at"]) - datetime.now(UTC)) < timedelta(hours=1) for one in listed)


async def test_a_list_is_for_those_who_may_see_an_import(nodes: Nodes) -> None:
    context = await nodes.open(REGISTRY, "n433124")
    for role, status in {"auditor": 200, "cadre": 403, "labourer": 403}.items():
        async with client_of(context, role=role) as client:
            assert (await client.get("/registry/v1/imports")).status_code == status, role
