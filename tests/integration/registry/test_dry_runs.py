"""A dry run over HTTP: the report of an import with what would be stored, row by row and masked, and nothing stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.common.imports.answers import TRIAL_ROWS
from libs.common.service import Service, ServiceContext
from services.jobs.app import SERVICE as JOBS
from services.registry.app import SERVICE as REGISTRY
from services.registry.schemas import LabourerShown
from tests.support.nodes import WAITING, Nodes, client_of

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"
KINDS = [(REGISTRY, "people", "433124"), (REGISTRY, "wishes", "433124"), (JOBS, "employers", "440300")]
# What the register alone knows of somebody: who they are there, and what follows from the household and from visits.
OF_THE_REGISTER = {"id", "household", "burden", "willing", "visited", "version"}


async def ask(client: httpx.AsyncClient, service: str, kind: str, region: str, **fields: str) -> httpx.Response:
    path = next(DATA.glob(f"{kind}-{region}.*"))
    files = {"file": (path.name, path.read_bytes())}
    return await client.post(
        f"/{service}/v1/imports", data={"kind": kind, **fields}, files=files, headers=WAITING, timeout=60
    )


async def stored(context: ServiceContext, table: str) -> Any:
    async with context.database.transaction() as tx:
        return (await tx.execute(text(f"SELECT count(*) FROM {table}"))).scalar()


@pytest.mark.parametrize(("service", "kind", "region"), [*KINDS, (JOBS, "vacancies", "440300")])
async def test_a_dry_run_reports_what_the_import_reports_and_stores_nothing(
    nodes: Nodes, service: Service, kind: str, region: str
) -> None:
    context = await nodes.open(service, f"n{region}")
    async with client_of(context) as client:
        if kind == "wishes":
            assert (await ask(client, "registry", "people", region)).status_code == 201
        tried = await ask(client, service.name, kind, region, dry_run="true")
        assert tried.status_code == 200, tried.text
        assert "location" not in tried.headers
        assert await stored(context, "batch" if service is REGISTRY else "imports") == (1 if kind == "wishes" else 0)
        done = await ask(client, service.name, kind, region)
    assert done.status_code == 201
    said, made = tried.json(), done.json()
    same = ("total_rows", "accepted", "refused", "flagged", "header_row", "ignored_rows", "findings", "notes", "sheets")
    assert {name: said[name] for name in same} == {name: made[name] for name in same}


async def test_every_row_is_shown_once_page_by_page_in_the_names_of_the_list(nodes: Nodes) -> None:
    context = await nodes.open(REGISTRY, "n433124")
    rows: dict[str, Any] = {}
    async with client_of(context) as client:
        after = 0
        while after is not None:
            page = (await ask(client, "registry", "people", "433124", dry_run="true", rows_after=str(after))).json()
            assert len(page["rows"]) <= TRIAL_ROWS
            assert not set(rows) & set(page["rows"])
            rows |= page["rows"]
            after = page["rows_next"]
        await ask(client, "registry", "people", "433124")
        listed = (await client.get("/registry/v1/labourers", params={"limit": 50})).json()["items"]
    names = set(LabourerShown.model_fields) - OF_THE_REGISTER
    assert len(rows) == page["accepted"] == 595
    assert all(set(row) == names | {"work_months", "household_no"} for row in rows.values())
    # What follows from an age goes by the day of the file, in the list by the last year's end.
    alike = names - {"age_band", "groups", "older"}
    shown = [{name: row[name] for name in alike} for row in rows.values()]
    assert all({name: person[name] for name in alike} in shown for person in listed)


@pytest.mark.parametrize(("service", "kind", "region"), KINDS)
async def test_a_dry_run_gives_no_number_and_no_phone_away(
    nodes: Nodes, service: Service, kind: str, region: str
) -> None:
    context = await nodes.open(service, f"n{region}")
    async with client_of(context) as client:
        if kind == "wishes":
            await ask(client, "registry", "people", region)
        rows = (await ask(client, service.name, kind, region, dry_run="true")).json()["rows"]
    told = json.dumps([{**row, "household_no": "", "uscc": ""} for row in rows.values()])
    assert rows
    assert not any(len(run) >= 11 for run in "".join(c if c.isdigit() else " " for c in told).split())
