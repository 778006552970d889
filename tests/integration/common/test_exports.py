"""A file that has leaked says who took it: the same id stands in the file and in the trail, and the file can still be read in."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from deploy.cli import audit
from deploy.cli.__main__ import app
from libs.common.exports import HEADER, ExportMark
from libs.common.service import ServiceContext
from libs.common.sheets.marking import SHEET
from services.jobs.app import SERVICE as JOBS
from services.matching.files.marking import KEY
from services.registry.app import SERVICE as REGISTRY
from tests.integration.jobs.test_imports import import_file
from tests.integration.matching.scenes import COUNTIES, a_scene, announce_and_allot
from tests.integration.registry.files import a_file, a_row, send, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.doors import SERVICES, door_of, operations
from tests.support.nodes import WAITING, Nodes, announced, client_of

WHY = {"purpose": "contact", "reference": "走访第 8 号"}
# The weights of a run are published to everybody, byte by byte as their digest says.
PUBLIC = {
    "application/json",
    "application/problem+json",
    "application/x-ndjson",
    "text/html",
    "text/plain",
    "text/plain; version=0.0.4",
}


@pytest.mark.parametrize("name", SERVICES)
def test_every_file_that_a_service_gives_says_which_export_it_is(name: str, node_files: Path) -> None:
    document = json.loads(json.dumps(door_of(name, node_files).openapi()))
    answers = [(path, operation["responses"].get("200", {})) for _, path, operation in operations(document)]
    # A form to fill in has nobody in it.
    files = [
        (path, answer)
        for path, answer in answers
        if set(answer.get("content", {})) - PUBLIC and "/templates/" not in path
    ]
    assert [path for path, answer in files if HEADER not in answer.get("headers", {})] == []
    assert bool(files) == (name != "console")


async def record_of(context: ServiceContext, service: str, export: str) -> dict[str, Any]:
    """What the trail holds of an export, as an officer who audits asks for it."""
    async with client_of(context, "auditor") as auditor:
        (found,) = (await auditor.get(f"/{service}/v1/audit", params={"export": export})).json()["items"]
        assert (await auditor.get(f"/{service}/v1/audit", params={"export": str(uuid4())})).json()["items"] == []
    return dict(found)


def check_workbook(content: bytes, export: str) -> None:
    """In the properties, at the foot of the printed page, and on a sheet of its own."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert export in archive.read("docProps/custom.xml").decode()
        assert re.search(f"<oddFooter>[^<]*{export}", archive.read("xl/worksheets/sheet1.xml").decode())
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names[-1] == SHEET
    said = {str(line[0]).split()[-1]: line[1] for line in book.get_sheet_by_name(SHEET).to_python()}
    assert (said["export"], said["by"], said["role"]) == (export, "officer-1", "officer")
    assert set(said) == set(ExportMark.model_fields)


async def test_refused_rows_of_people_say_who_took_them_and_go_in_again(nodes: Nodes) -> None:
    context = await nodes.open(REGISTRY)
    async with client_of(context, subject="officer-1") as client:
        made = (await send(client, "people")).json()
        first, second = [await client.get(made["refused_rows"]) for _ in range(2)]
        again = await send_bytes(client, first.content, "refused.xlsx", as_of="2016-12-31")
    export = first.headers[HEADER]
    assert export != second.headers[HEADER]
    check_workbook(first.content, export)
    record = await record_of(context, "registry", export)
    assert (record["actor"], record["details"]) == (
        "officer-1",
        {"exported": "registry.refused", "filter": {"number": made["id"]}, "rows": made["refused"]},
    )
    assert (again.status_code, again.json()["total_rows"]) == (201, made["refused"])


async def test_refused_vacancies_say_who_took_them_and_go_in_again(nodes: Nodes) -> None:
    context = await nodes.open(JOBS, "n440300")
    async with client_of(context, subject="officer-1") as client:
        made = (await import_file(client, "vacancies")).json()
        taken = await client.get(made["refused_rows"])
        again = await client.post(
            "/jobs/v1/imports",
            data={"kind": "vacancies", "as_of": "2017-03-31"},
            files={"file": ("again.xlsx", taken.content)},
            headers=WAITING,
        )
    check_workbook(taken.content, taken.headers[HEADER])
    record = await record_of(context, "jobs", taken.headers[HEADER])
    assert (record["details"]["rows"], record["details"]["filter"]) == (made["refused"], {"number": made["id"]})
    assert (again.status_code, again.json()["total_rows"]) == (201, made["refused"])


async def test_what_stands_in_a_cell_is_the_same_after_marking(nodes: Nodes) -> None:
    """Text that looks like a number, a formula or a date stays what it was."""
    context = await nodes.open(REGISTRY)
    rows = [a_row("43312419800101001", name, 户编号="000430001", 村="=1+1") for name in ("龙老大", "007", "'=cmd")]
    async with client_of(context) as client:
        made = (await send_bytes(client, a_file(*rows), "people.csv")).json()
        taken = await client.get(made["refused_rows"])
    header, *lines = CalamineWorkbook.from_filelike(io.BytesIO(taken.content)).get_sheet_by_index(0).to_python()
    told = [dict(zip(header, line, strict=True)) for line in lines]
    assert [(line["姓名"], line["户编号"], line["村"]) for line in told] == [
        (name, "000430001", "=1+1") for name in ("龙老大", "007", "'=cmd")
    ]


async def test_names_that_were_collected_say_who_took_them(nodes: Nodes) -> None:
    context = await nodes.open(REGISTRY)
    async with client_of(context, subject="officer-1") as client, client_of(context, subject="officer-2") as second:
        await send_bytes(client, a_file(a_row(a_number())), "people.csv")
        asked = (await client.post("/registry/v1/reveals", json={**WHY, "township": "花垣镇"})).json()
        await second.post(f"/registry/v1/reveals/{asked['id']}/approve", headers={"If-Match": '"v1"'})
        taken = await client.post(f"/registry/v1/reveals/{asked['id']}/collect")
    mark = ExportMark.model_validate(taken.json()["mark"])
    assert (taken.headers[HEADER], mark.by, mark.purpose, mark.rows) == (str(mark.export), "officer-1", "contact", 1)
    record = await record_of(context, "registry", str(mark.export))
    assert (record["details"]["rows"], record["details"]["filter"]["request"], record["reference"]) == (
        1,
        asked["id"],
        "走访第 8 号",
    )


@pytest.mark.parametrize("file", ["people", "vacancies", "places"])
async def test_a_parquet_file_says_who_took_it_and_holds_the_same_rows(nodes: Nodes, file: str) -> None:
    scene = await a_scene(nodes, 7, people=4, jobs=2)
    await announce_and_allot(scene)
    await scene.bus.run()
    node = COUNTIES[0] if file != "vacancies" else "n440300"
    taken = await scene.get(node, f"/runs/{scene.run}/{file}.parquet")
    table = pq.read_table(pa.BufferReader(taken.content))
    mark = ExportMark.model_validate_json(table.schema.metadata[KEY])
    assert (str(mark.export), mark.what, mark.role, mark.rows) == (
        taken.headers[HEADER],
        f"matching.{file}",
        "auditor",
        table.num_rows,
    )
    record = await record_of(scene.contexts[node], "matching", str(mark.export))
    assert record["details"] == {
        "exported": mark.what,
        "filter": {"run": str(scene.run)},
        "rows": mark.rows,
        "bytes": record["details"]["bytes"],
    }


async def test_events_to_one_node_leave_with_a_mark_in_the_head(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 7, people=4, jobs=2)
    await announce_and_allot(scene)
    await scene.bus.run()
    context = scene.contexts[COUNTIES[0]]
    topic = next(one.envelope.topic for one, _ in await announced(context) if one.envelope.topic.startswith("to."))
    async with client_of(context, "operator") as operator:
        answer = await operator.get("/matching/v1/events", params={"topic": topic})
        assert answer.status_code == 200, answer.text
        rows = len(answer.text.splitlines())
        public = await operator.get("/matching/v1/events", params={"topic": "public.matching.run"})
    assert rows > 0
    assert HEADER not in public.headers
    record = await record_of(context, "matching", answer.headers[HEADER])
    assert record["details"] == {"exported": "events", "filter": {"topic": topic}, "rows": rows}


async def test_whoever_finds_a_file_asks_who_made_it(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    """`audit find` reads the trails of the nodes of this machine."""
    context = await nodes.open(REGISTRY)
    async with client_of(context, subject="officer-1") as client:
        made = (await send(client, "people")).json()
        export = (await client.get(made["refused_rows"])).headers[HEADER]

    async def connect(node: object, service: str) -> Any:
        return await context.database.connect_raw()

    class Here:
        id = "n433124"

    monkeypatch.setattr(audit, "_running", lambda names: ([], [Here]))
    monkeypatch.setattr(audit, "SERVICES", ["registry"])
    monkeypatch.setattr(audit, "_connect", connect)
    told, nothing = [
        await asyncio.to_thread(CliRunner().invoke, app, ["audit", "find", str(one), "--json"])
        for one in (UUID(export), uuid4())
    ]
    (found,) = json.loads(told.stdout)["found"]
    assert (found["node"], found["actor"], found["exported"], found["rows"]) == (
        "n433124",
        "officer-1",
        "registry.refused",
        made["refused"],
    )
    assert (told.exit_code, nothing.exit_code) == (0, 1)
