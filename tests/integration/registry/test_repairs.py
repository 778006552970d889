"""Rows of an import that came back are given again, put right: each is answered, counts once, and belongs to the first import."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from libs.common.calendar import first_id_of
from libs.common.housekeeping import forget
from libs.common.imports import taking, worker
from libs.common.service import ServiceContext
from libs.common.sheets.writer import write_sheet
from services.registry.app import SERVICE
from services.registry.operations.imports import IMPORTS
from tests.integration.registry.files import a_file, a_row, listed, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import WAITING, Nodes, client_of

IMPORTED = "/registry/v1/imports"
FIRST, SECOND, THIRD = (a_number(order=order) for order in ("101", "107", "103"))
# Rows 2 to 6: one is good, one questioned, three are refused.
FILE = a_file(
    a_row(FIRST, "龙老大"),
    a_row(a_number(order="109"), "石大嫂", 文化程度="不详", 与户主关系="配偶", 户编号="430002"),
    a_row("433124198001017720", "龙老二", 户编号="430003"),
    a_row(SECOND, "", 户编号="430004"),
    a_row(THIRD, "龙老四", 户编号=""),
)
QUESTIONED, BAD_NUMBER, NO_NAME, NO_HOUSEHOLD = 3, 4, 5, 6


async def bring(client: httpx.AsyncClient, content: bytes = FILE) -> dict[str, Any]:
    answer = await send_bytes(client, content, "people.csv", as_of="2016-12-31")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def give(client: httpx.AsyncClient, number: str, rows: dict[int, dict[str, str | None]]) -> httpx.Response:
    body = {"rows": [{"row": row, "values": values} for row, values in rows.items()]}
    return await client.post(f"{IMPORTED}/{number}/refused", json=body, headers=WAITING)


async def refused(client: httpx.AsyncClient, number: str, **asked: Any) -> dict[str, Any]:
    answer = await client.get(f"{IMPORTED}/{number}/refused", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def look(client: httpx.AsyncClient, number: str) -> dict[str, Any]:
    return dict((await client.get(f"{IMPORTED}/{number}")).json())


def totals(shown: dict[str, Any]) -> tuple[int, ...]:
    return tuple(shown[name] for name in ("accepted", "refused", "open_refused", "repaired", "added"))


async def test_rows_given_again_are_answered_one_by_one_and_the_import_tells_what_is_still_open(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        brought = await bring(client)
        number = brought["id"]
        right = {"证件号码": a_number(order="105")}
        first = await give(client, number, {BAD_NUMBER: right, NO_NAME: {"姓名": "=龙"}})
        shown = await look(client, number)
        again = await give(
            client, number, {BAD_NUMBER: right, NO_NAME: {"姓名": "龙老三"}, NO_HOUSEHOLD: {"户编号": "430005"}}
        )
        whole = await look(client, number)
        assert len(await listed(client)) == 5
        [only] = (await client.get(IMPORTED)).json()["items"]
        none_left = await client.get(f"{IMPORTED}/{number}/refused.xlsx")
        undone = await client.post(f"{IMPORTED}/{number}/undo", headers=WAITING)
        assert await listed(client) == []
        late = await give(client, number, {NO_NAME: {"姓名": "龙老三"}})
    assert totals(brought) == (2, 3, 3, 0, 2)
    assert first.status_code == 201, first.text
    assert first.json()["answers"] == {"4": "stored", "5": "refused"}
    assert first.json()["findings"] == {"5": [{"code": "name_formula", "column": "姓名"}]}
    assert (first.json()["repairs"], first.json()["accepted"]) == (number, 1)
    assert totals(shown) == (3, 2, 2, 1, 3)
    assert shown["findings"]["5"] == first.json()["findings"]["5"]
    assert again.json()["answers"] == {"4": "already", "5": "stored", "6": "stored"}
    assert totals(whole) == (5, 0, 0, 3, 5)
    assert (whole["refused_rows"], none_left.status_code) == (None, 404)
    assert (only["id"], only["accepted"], only["refused"]) == (number, 5, 0)
    assert undone.json()["removed"] == 5
    assert (late.status_code, late.json()["type"]) == (409, "urn:xieli:problem:taken-back")


async def test_rows_that_came_back_are_masked_and_say_what_may_be_chosen(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = (await bring(client))["id"]
        page = await refused(client, number, limit=2)
        rest = await refused(client, number, limit=2, after=page["next"])
        odd = await refused(client, number, questioned=True)
    first = page["items"][0]
    assert [row["row"] for row in (*page["items"], *rest["items"])] == [BAD_NUMBER, NO_NAME, NO_HOUSEHOLD]
    assert (first["values"]["姓名"], first["values"]["证件号码"]) == ("龙**", "433124************")
    assert first["values"]["文化程度"] == "初中"
    assert {"姓名", "证件号码", "出生日期", "成员联系电话"} <= set(first["hidden"])
    assert first["findings"] == [{"code": "id_check_digit", "column": "证件号码", "refuses": True}]
    offered = {column["column"]: column["options"] for column in page["columns"]}
    assert offered["性别"] == ["男", "女"]
    assert [row["row"] for row in odd["items"]] == [QUESTIONED]
    assert "19800101" not in str((page, rest, odd))


async def test_a_row_that_is_in_is_put_right_but_for_the_number_by_which_it_is_known(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = (await bring(client))["id"]
        other = await give(client, number, {QUESTIONED: {"证件号码": SECOND}})
        done = await give(client, number, {QUESTIONED: {"文化程度": "小学"}})
        shown = await look(client, number)
        [known] = [one for one in await listed(client) if one["kinship"] == "配偶"]
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/rows/0/values/证件号码")
    assert (done.json()["answers"], known["education"]) == ({"3": "stored"}, "小学")
    assert (shown["flagged"], shown["open_questioned"], totals(shown)) == (0, 0, (2, 3, 3, 1, 2))


async def test_nobody_comes_in_twice_by_the_number_of_another_row(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = (await bring(client))["id"]
        done = await give(client, number, {BAD_NUMBER: {"证件号码": FIRST}})
        names = {one["name"] for one in await listed(client)}
    assert (done.json()["answers"], names) == ({"4": "refused"}, {"龙**", "石**"})
    assert done.json()["findings"]["4"][0]["code"] == "id_duplicate"


async def test_the_workbook_that_was_handed_out_comes_back_put_right(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        brought = await bring(client)
        path = brought["refused_rows"]
        content = (await client.get(path)).content
        head, *lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        for line, column, said in zip(
            lines, ("证件号码", "姓名", "户编号"), (a_number(order="105"), "龙老三", "430005"), strict=True
        ):
            line[head.index(column)] = said
        fixed = write_sheet([str(each) for each in head], lines)  # type: ignore[arg-type]
        done = await client.post(path, files={"file": ("refused.xlsx", fixed)}, headers=WAITING)
        again = await client.post(path, files={"file": ("refused.xlsx", fixed)}, headers=WAITING)
        shown = await look(client, brought["id"])
        plain = await client.post(path, files={"file": ("people.csv", FILE)}, headers=WAITING)
    assert head[-2:] == ["原行号", "退回原因"]
    assert (done.status_code, done.json()["answers"]) == (201, {"4": "stored", "5": "stored", "6": "stored"})
    assert set(again.json()["answers"].values()) == {"already"}
    assert totals(shown) == (5, 0, 0, 3, 5)
    assert (plain.status_code, plain.json()["errors"][0]["code"]) == (422, "missing_column")


@pytest.mark.parametrize(
    ("row", "values", "pointer"), [(99, {"姓名": "龙"}, "/rows/0/row"), (5, {"没有": "龙"}, "/rows/0/values/没有")]
)
async def test_what_cannot_be_given_again_is_said_by_its_place(
    nodes: Nodes, row: int, values: dict[str, str | None], pointer: str
) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        told = await give(client, (await bring(client))["id"], {row: values})
    assert (told.status_code, told.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_who_may_import_may_repair_and_nobody_else(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = (await bring(client))["id"]
        assert (await give(client, number, {NO_NAME: {"姓名": "龙老三"}})).status_code == 201
    for role in ("cadre", "auditor", "analyst"):
        async with client_of(context, role) as client:
            assert (await give(client, number, {NO_NAME: {"姓名": "龙老三"}})).status_code == 403, role
            assert (await client.get(f"{IMPORTED}/{number}/refused")).status_code == 403, role


async def test_rows_that_came_back_are_kept_for_a_time(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = (await bring(client))["id"]
        await forget(context)
        before = (await look(client, number))["open_refused"]
        await later(context)
        shown = await look(client, number)
        told = await give(client, number, {NO_NAME: {"姓名": "龙老三"}})
    assert (before, shown["open_refused"], shown["refused"], told.status_code) == (3, 0, 3, 422)


async def later(context: ServiceContext) -> None:
    """The house is kept when the setting of days is over."""
    async with context.database.transaction() as tx:
        first = tx.node.clock.now() + timedelta(days=1)
        await IMPORTS.tables.rows.delete_before(tx, first_id_of(first), 100)


async def test_a_repair_that_is_killed_amid_its_rows_goes_on_where_it_was(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "PORTION", 10)
    context = await nodes.open(SERVICE)
    rows = [a_row(a_number("19800202", f"{n:03}"), "", 户编号=f"44{n:04}") for n in range(30)]
    async with client_of(context) as client:
        number = (await bring(client, a_file(*rows)))["id"]
        nodes.stop_working()
        body = {"rows": [{"row": n + 2, "values": {"姓名": "龙老大"}} for n in range(30)]}
        repair = (await client.post(f"{IMPORTED}/{number}/refused", json=body)).json()
        asked = await client.post(f"{IMPORTED}/{number}/undo")
        with monkeypatch.context() as patched:
            patched.setattr(taking.Taking, "_write_portion", dying(taking.Taking._write_portion))
            with pytest.raises(asyncio.CancelledError):
                await worker.take_next_in(context, IMPORTS)
        half = await look(client, number)
        assert await worker.take_next_in(context, IMPORTS)
        done, whole = await look(client, repair["id"]), await look(client, number)
        assert len(await listed(client)) == 30
        async with context.database.reading() as tx:
            left = (await tx.execute(text("SELECT count(*) FROM import_row WHERE content IS NOT NULL"))).scalar_one()
    assert (repair["state"], asked.status_code) == ("received", 409)
    assert totals(half) == (10, 20, 20, 10, 10)
    assert set(done["answers"].values()) == {"stored"}
    assert (totals(whole), left) == ((30, 0, 0, 30, 30), 0)


def dying(write: Any, *, after: bool = True) -> Any:
    """One portion is in, or none, then the process ends."""
    written = [] if after else [()]

    async def write_once(*given: Any) -> Any:
        if written:
            raise asyncio.CancelledError
        written.append(given)
        return await write(*given)

    return write_once
