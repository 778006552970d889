"""A list as a workbook holds just what its pages show, says what it rests on, and leaves one record; every list has one."""

from __future__ import annotations

import inspect
import io
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel
from python_calamine import CalamineWorkbook

from libs.common.api import list_exports
from libs.common.exports import HEADER, ExportMark
from libs.common.sheets.marking import SHEET
from services.jobs.app import SERVICE as JOBS
from services.registry.app import SERVICE as REGISTRY
from tests.integration.jobs.test_imports import import_file
from tests.integration.registry.files import a_file, a_row, listed, send, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.doors import SERVICES, door_of, routes_of
from tests.support.nodes import Nodes, client_of

LABOURERS = "/registry/v1/labourers"
# Pages that are no list of an office's day: of one thing, of files and phones, of the node itself, of runs by pseudonym.
NO_SHEET = {
    "/registry/v1/labourers/{person}/history",
    "/jobs/v1/employers/{employer}/history",
    "/registry/v1/labourers/{person}/accesses",
    "/registry/v1/reveals",
    "/registry/v1/imports",
    "/jobs/v1/imports",
    "/registry/v1/labourers/{person}/visits",
    "/registry/v1/sync/conflicts",
    # A labourer's own.
    "/registry/v1/labourers/{person}/correction-requests",
    "/registry/v1/duplicates",
    # Its workbook is to be put right and handed back: every row that came back, whatever the page is asked for.
    "/registry/v1/imports/{number}/refused",
    "/jobs/v1/imports/{number}/refused",
}
PLUMBING = ("/parked", "/dead-letters", "/audit", "/runs", "/weights", "/cards", "/accounts", "/systems", "/events")


def pages_of(name: str, node_files: Path) -> set[str]:
    """Every address that answers with pages."""
    found = set()
    for context in routes_of(door_of(name, node_files)):
        route = context.original_route
        model = route.response_model if isinstance(route, APIRoute) and "GET" in (route.methods or ()) else None
        if inspect.isclass(model) and issubclass(model, BaseModel) and {"items", "next"} <= set(model.model_fields):
            found.add(str(context.path))
    return found


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "console"])
def test_every_list_of_work_leaves_as_a_workbook_with_the_same_filters(name: str, node_files: Path) -> None:
    app = door_of(name, node_files)
    document: dict[str, Any] = app.openapi()
    lists = {path for path in pages_of(name, node_files) - NO_SHEET if not any(each in path for each in PLUMBING)}
    missing = {path for path in lists if f"{path}.xlsx" not in document["paths"]} - {"/matching/v1/demand"}
    assert lists
    assert missing == set()

    def filters(path: str) -> set[str]:
        return {one["name"] for one in document["paths"][path]["get"].get("parameters", [])} - {"after", "limit"}

    for path in lists - {"/matching/v1/demand"}:
        assert filters(f"{path}.xlsx") == filters(path), path


def read(content: bytes) -> tuple[str, list[dict[str, Any]], dict[str, str]]:
    """What stands above the heads, the rows by heading, and the mark."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    lines = book.get_sheet_by_index(0).to_python()
    heads = [str(head) for head in lines[2]]
    rows = [{head: value or None for head, value in zip(heads, line, strict=True)} for line in lines[3:]]
    mark = {str(line[0]).split()[-1]: str(line[1]) for line in book.get_sheet_by_name(SHEET).to_python()}
    return str(lines[1][0]), rows, mark


async def test_it_holds_what_the_pages_show_masked_alike_and_says_what_it_rests_on(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_exports, "PAGE_ROWS", 100)
    asked = {"township": "花垣镇", "labourer": "true", "as_of": "2016-12-31"}
    context = await nodes.open(REGISTRY)
    async with client_of(context, subject="officer-1") as client, client_of(context, "auditor") as auditor:
        await send(client, "people")
        shown = await listed(client, **asked)
        taken = await client.get(f"{LABOURERS}.xlsx", params=asked)
        everybody = await client.get(f"{LABOURERS}.xlsx", params={"sort": "place"})
        placed = await listed(client, sort="place")
        record = (await auditor.get("/registry/v1/audit", params={"export": taken.headers[HEADER]})).json()["items"]
    assert taken.status_code == 200, taken.text
    told, rows, mark = read(taken.content)
    assert [(row["编号"], row["姓名"], row["证件号码"], row["联系电话"]) for row in rows] == [
        (one["id"], one["name"], one["number"], one["phone"]) for one in shown
    ]
    assert all(said in told for said in (context.node.id, "2016-12-31", "认定 ", "乡镇", "花垣镇")), told
    assert set(mark) == set(ExportMark.model_fields)
    assert (mark["export"], mark["by"], mark["as_of"]) == (taken.headers[HEADER], "officer-1", "2016-12-31")
    assert (mark["rows"], mark["left_off"]) == (str(len(shown)), "False")
    (found,) = record
    assert (found["action"], found["details"]["rows"]) == ("registry.export_labourers", len(shown))
    assert found["details"]["filter"] == asked
    assert [row["编号"] for row in read(everybody.content)[1]] == [one["id"] for one in placed]
    assert len(placed) > 100


async def test_more_rows_than_an_export_takes_are_told_in_the_sheet_the_mark_and_the_trail(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_exports, "PAGE_ROWS", 10)
    monkeypatch.setattr(list_exports, "MOST_ROWS", 20)
    context = await nodes.open(REGISTRY)
    async with client_of(context) as client, client_of(context, "auditor") as auditor:
        await send(client, "people")
        taken = await client.get(f"{LABOURERS}.xlsx")
        record = (await auditor.get("/registry/v1/audit", params={"export": taken.headers[HEADER]})).json()["items"]
    _, rows, mark = read(taken.content)
    assert len(rows) == 21
    assert "未列全" in rows[-1]["姓名"]
    assert (mark["rows"], mark["left_off"], record[0]["details"]["left_off"]) == ("20", "True", True)


async def test_a_cadre_takes_the_own_township_and_who_may_not_see_the_list_takes_nothing(nodes: Nodes) -> None:
    context = await nodes.open(REGISTRY)
    async with (
        client_of(context) as client,
        client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre,
        client_of(context, "operator") as operator,
    ):
        await send(client, "people")
        own, refused = await cadre.get(f"{LABOURERS}.xlsx"), await operator.get(f"{LABOURERS}.xlsx")
        unknown = await client.get(f"{LABOURERS}.xlsx", params={"limit": "5"})
    assert {row["乡镇"] for row in read(own.content)[1]} == {"花垣镇"}
    assert (refused.status_code, unknown.status_code) == (403, 422)


async def test_what_was_searched_for_stays_out_of_the_file_and_of_the_trail(nodes: Nodes) -> None:
    context = await nodes.open(REGISTRY)
    async with client_of(context) as client, client_of(context, "auditor") as auditor:
        await send_bytes(client, a_file(a_row(a_number(), "麻十三郎")), "people.csv")
        taken = await client.get(f"{LABOURERS}.xlsx", params={"q": "麻十三"})
        record = (await auditor.get("/registry/v1/audit", params={"export": taken.headers[HEADER]})).json()["items"]
    told, rows, _ = read(taken.content)
    assert (len(rows), "十三" in told, "十三" in str(record)) == (1, False, False)


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://a")'])
async def test_no_cell_becomes_a_formula(nodes: Nodes, begins: str) -> None:
    context = await nodes.open(JOBS, "n440300")
    async with client_of(context) as client:
        await import_file(client, "employers")
        uscc = (await client.get("/jobs/v1/employers")).json()["items"][0]["uscc"]
        draft = {"employer_uscc": uscc, "title": begins, "openings": 1, "wage": 4500, "on": "2017-05-02"}
        made = await client.post("/jobs/v1/vacancies", json=draft)
        assert made.status_code == 201, made.text
        taken = await client.get("/jobs/v1/vacancies.xlsx")
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert f't="inlineStr"><is><t>{escape(begins)}</t>' in sheet
    assert "<f>" not in sheet
