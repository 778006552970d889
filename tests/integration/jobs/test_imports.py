"""Sheets imported over HTTP into a real database: counts, refused rows, announcements, nothing twice."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from python_calamine import CalamineWorkbook

from libs.common.events.jobs import JobsIndicatorsStated, VacancyAnnounced
from libs.common.service import ServiceContext
from libs.common.sheets import read_table
from libs.common.sheets.model import CellValue
from libs.common.sheets.writer import write_sheet
from services.jobs.app import SERVICE
from services.jobs.rules.sheet_forms import VACANCIES_FORM
from tests.support.nodes import WAITING, Nodes, announced, client_of

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"
TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))["files"]


async def import_file(client: httpx.AsyncClient, kind: str, city: str = "440300", **headers: str) -> httpx.Response:
    path = DATA / f"{kind}-{city}.xlsx"
    files = {"file": (path.name, path.read_bytes())}
    return await client.post(
        "/jobs/v1/imports", data={"kind": kind, "as_of": "2017-03-31"}, files=files, headers={**WAITING, **headers}
    )


async def announced_by(context: ServiceContext) -> list[tuple[str, dict[str, Any]]]:
    return [(arrival.envelope.type, json.loads(arrival.data)) for arrival, _ in await announced(context)]


async def test_both_sheets_go_in_as_agreed_and_vetted_vacancies_are_announced(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    async with client_of(context) as client:
        employers, vacancies = (
            (await import_file(client, "employers")).json(),
            (await import_file(client, "vacancies")).json(),
        )
    truth = TRUTH["vacancies-440300.xlsx"]
    assert employers["accepted"] == TRUTH["employers-440300.xlsx"]["accepted"]
    assert {key: vacancies[key] for key in ("accepted", "vetted", "openings_vetted")} == {
        key: truth[key] for key in ("accepted", "vetted", "openings_vetted")
    }
    assert vacancies["findings"] == truth["findings"]
    told = [VacancyAnnounced(**data) for kind, data in await announced_by(context) if kind == VacancyAnnounced.TYPE]
    assert (len(told), sum(event.openings for event in told)) == (truth["vetted"], truth["openings_vetted"])
    assert {event.starts_by for event in told} == {date(2017, 3, 31)}
    assert not any(event.demands or event.accommodations or event.experience_points for event in told)


async def test_figures_are_stated_as_of_the_sheets_date(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    async with client_of(context) as client:
        await import_file(client, "employers")
        await import_file(client, "vacancies")
    stated = [
        JobsIndicatorsStated(**data) for kind, data in await announced_by(context) if kind == JobsIndicatorsStated.TYPE
    ]
    assert stated[-1].as_of == date(2017, 3, 31)
    counted = {"employers": 75, "vacancies": 101, "openings": 3031, "openings_left": 3031}
    assert stated[-1].figures == {**counted, "designations": 0, "intake": 0, "fairs": 0}


async def test_the_same_sheet_again_changes_nothing(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    async with client_of(context) as client:
        for kind in ("employers", "vacancies"):
            first, second = (await import_file(client, kind)).json(), (await import_file(client, kind)).json()
            assert (first["known"], second["added"], second["known"]) == (0, 0, first["added"])
    assert sum(kind == VacancyAnnounced.TYPE for kind, _ in await announced_by(context)) == 101


async def test_a_repeated_request_gets_the_same_answer(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    async with client_of(context) as client:
        first = await import_file(client, "employers", **{"Idempotency-Key": "march"})
        again = await import_file(client, "employers", **{"Idempotency-Key": "march"})
    assert (first.status_code, again.status_code, again.headers["Idempotent-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json()


async def test_refused_rows_come_back_with_their_reasons(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    async with client_of(context) as client:
        shown = (await import_file(client, "vacancies")).json()
        assert (await client.get(f"/jobs/v1/imports/{shown['id']}")).json() == shown
        workbook = await client.get(shown["refused_rows"])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook.content)).get_sheet_by_index(0).to_python()
    assert rows[0][-1] == "退回原因"
    assert [row[-1] for row in rows[1:]] == ["招聘人数：招聘人数不是数字"]
    assert "若干" in rows[1]


async def test_a_refused_vacancy_is_put_right_and_a_questioned_one_has_its_own_page(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    async with client_of(context) as client:
        shown = (await import_file(client, "vacancies")).json()
        path = f"/jobs/v1/imports/{shown['id']}/refused"
        [row] = (await client.get(path)).json()["items"]
        body = {"rows": [{"row": row["row"], "values": {"招聘人数": "12"}}]}
        done = await client.post(path, json=body, headers=WAITING)
        whole = (await client.get(f"/jobs/v1/imports/{shown['id']}")).json()
    assert {"code": "openings_unclear", "column": "招聘人数", "refuses": True} in row["findings"]
    assert set(done.json()["answers"].values()) == {"stored"}
    assert (whole["refused"], whole["accepted"], whole["open_questioned"]) == (0, shown["accepted"] + 1, 0)


async def test_a_tried_vacancy_is_put_right_with_its_yellow_cells_also_where_it_is_only_odd(nodes: Nodes) -> None:
    """In yellow it is reserved: in the grid, in the workbook that is handed out and when it comes back."""
    columns = ["企业名称", "岗位名称", "招聘人数", "薪资待遇"]
    lines: list[list[CellValue]] = [
        ["新厂", f"绿化工{n}", openings, "4400-5300元/月"] for n, openings in enumerate(("若干", "若干", 5))
    ]
    sheet = write_sheet(columns, lines, marked=[{1}, {0, 1, 2}, {1}])
    context = await nodes.open(SERVICE, "n440300")
    async with client_of(context) as client:
        data = {"kind": "vacancies", "as_of": "2017-03-31", "tried_first": "true"}
        files = {"file": ("vacancies.xlsx", sheet)}
        tried = (await client.post("/jobs/v1/imports", data=data, files=files, headers=WAITING)).json()
        path = f"/jobs/v1/imports/{tried['id']}"
        [odd] = (await client.get(f"{path}/refused", params={"questioned": True})).json()["items"]
        given = {2: {"招聘人数": "12"}, odd["row"]: {"招聘人数": "6"}}
        body = {"rows": [{"row": row, "values": values} for row, values in given.items()]}
        await client.post(f"{path}/refused", json=body, headers=WAITING)
        workbook = (await client.get(f"{path}/refused.xlsx")).content
        files = {"file": ("refused.xlsx", with_openings(workbook, 7))}
        back = await client.post(f"{path}/refused.xlsx", files=files, headers=WAITING)
        assert (await client.get("/jobs/v1/vacancies")).json()["items"] == []
        done = (await client.post(f"{path}/confirm", headers=WAITING)).json()
        listed = (await client.get("/jobs/v1/vacancies", params={"reserved": True})).json()["items"]
    assert (tried["state"], tried["accepted"], tried["open_questioned"]) == ("tried", 1, 1)
    assert back.json()["answers"] == {"3": "accepted"}
    assert (done["state"], done["added"], done["reserved"], done["repaired"]) == ("done", 3, 3, 3)
    assert sorted(item["openings"] for item in listed) == [6, 7, 12]


def with_openings(workbook: bytes, openings: int) -> bytes:
    """The workbook that was handed out, put right; what is yellow stays yellow."""
    [row] = read_table(workbook, "refused.xlsx", VACANCIES_FORM.numbered).rows
    said: dict[str, CellValue] = {**row.values, "招聘人数": openings}
    yellow = {place for place, column in enumerate(said) if column in row.marked}
    return write_sheet(list(said), [list(said.values())], marked=[yellow])


async def test_without_its_employer_list_every_vacancy_is_flagged_and_still_goes_in(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    async with client_of(context) as client:
        shown = (await import_file(client, "vacancies")).json()
    assert (shown["accepted"], shown["flagged"]) == (109, 109)


async def test_a_wrong_file_is_refused_and_changes_nothing(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    async with client_of(context) as client:
        for name, content in (("a.xlsx", b"no workbook"), ("a.csv", "序号,姓名\n1,某人\n".encode()), ("a.xlsx", b"")):
            files = {"file": (name, content)}
            answer = await client.post("/jobs/v1/imports", data={"kind": "vacancies"}, files=files, headers=WAITING)
            assert answer.status_code == 422
            assert answer.headers["content-type"] == "application/problem+json"
        path = DATA / "employers-440300.xlsx"
        wrong = await client.post(
            "/jobs/v1/imports",
            data={"kind": "vacancies"},
            files={"file": (path.name, path.read_bytes())},
            headers=WAITING,
        )
        assert wrong.status_code == 422
        assert (await client.get("/jobs/v1/vacancies")).json()["items"] == []
    assert await announced_by(context) == []


async def test_an_officer_imports_for_his_own_region_only_and_an_employer_not_at_all(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    async with client_of(context, regions=["430100"]) as elsewhere:
        assert (await import_file(elsewhere, "employers")).status_code == 403
    async with client_of(context, "employer", organisation="91440300XL0000066R") as employer:
        assert (await import_file(employer, "employers")).status_code == 403
