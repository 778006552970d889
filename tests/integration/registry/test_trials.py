"""A file that is tried first (先试后存): kept and judged, put right while nothing of it is in, confirmed whole, or let go."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from libs.common.imports import taking, worker
from libs.common.imports.forgetting import forgets_trials
from libs.common.service import ServiceContext
from libs.common.sheets.writer import write_sheet
from services.registry.app import SERVICE
from services.registry.operations.imports import IMPORTS
from tests.integration.registry.files import a_file, a_row, listed, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.integration.registry.test_repairs import (
    BAD_NUMBER,
    FILE,
    FIRST,
    IMPORTED,
    NO_HOUSEHOLD,
    NO_NAME,
    QUESTIONED,
    SECOND,
    dying,
    give,
    look,
    refused,
    totals,
)
from tests.support.nodes import WAITING, Nodes, client_of

RIGHT = {BAD_NUMBER: {"证件号码": a_number(order="105")}, NO_NAME: {"姓名": "龙老三"}}


async def attempt(client: httpx.AsyncClient, content: bytes = FILE) -> dict[str, Any]:
    answer = await send_bytes(client, content, "people.csv", as_of="2016-12-31", tried_first="true")
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "tried"
    return dict(answer.json())


async def confirm(client: httpx.AsyncClient, number: str) -> httpx.Response:
    return await client.post(f"{IMPORTED}/{number}/confirm", headers=WAITING)


async def pieces(context: ServiceContext) -> tuple[int, int]:
    """How much is kept of files, and of rows."""
    async with context.database.reading() as tx:
        counts = "(SELECT count(*) FROM import_file), (SELECT count(*) FROM import_row WHERE content IS NOT NULL)"
        row = (await tx.execute(text(f"SELECT {counts}"))).one()
    return int(row[0]), int(row[1])


async def test_a_file_is_tried_put_right_confirmed_and_taken_back(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        tried = await attempt(client)
        number = tried["id"]
        before = await listed(client)
        first = await give(client, number, RIGHT | {NO_HOUSEHOLD: {"姓名": "=龙"}})
        again = await give(client, number, {BAD_NUMBER: RIGHT[BAD_NUMBER]})
        odd = await give(client, number, {QUESTIONED: {"文化程度": "小学", "证件号码": a_number(order="111")}})
        mended = await look(client, number)
        early = await client.post(f"{IMPORTED}/{number}/undo")
        assert await listed(client) == []
        done = await confirm(client, number)
        twice = await confirm(client, number)
        people = await listed(client)
        late = await give(client, number, {NO_HOUSEHOLD: {"姓名": "龙老四", "户编号": "430005"}})
        assert (await pieces(context))[0] == 0
        undone = await client.post(f"{IMPORTED}/{number}/undo", headers=WAITING)
        assert await listed(client) == []
    assert (before, totals(tried), tried["open_questioned"]) == ([], (2, 3, 3, 0, 0), 1)
    assert [each["name"] for each in tried["rows"].values()] == ["龙**", "石**"]
    assert first.json()["answers"] == {"4": "accepted", "5": "accepted", "6": "refused"}
    assert (first.json()["accepted"], first.json()["state"]) == (2, "done")
    assert (again.json()["answers"], odd.json()["answers"]) == ({"4": "already"}, {"3": "accepted"})
    assert (totals(mended), mended["state"], mended["flagged"]) == ((4, 1, 1, 3, 0), "tried", 0)
    assert early.status_code == 409
    assert (done.status_code, done.json()["state"], totals(done.json())) == (200, "done", (4, 1, 1, 3, 4))
    assert (done.json()["rows"], done.json()["findings"]["6"][-1]["code"]) == ({}, "name_formula")
    assert (twice.status_code, twice.json()) == (200, done.json())
    assert {one["education"] for one in people if one["kinship"] == "配偶"} == {"小学"}
    assert late.json()["answers"] == {"6": "stored"}
    assert undone.json()["removed"] == 5


async def test_the_workbook_of_a_tried_file_comes_back_and_the_whole_file_is_judged_when_it_is_confirmed(
    nodes: Nodes,
) -> None:
    """Two rows with one number are seen by the whole file alone: the later one comes back."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = (await attempt(client))["id"]
        path = f"{IMPORTED}/{number}/refused.xlsx"
        book = CalamineWorkbook.from_filelike(io.BytesIO((await client.get(path)).content))
        head, *lines = book.get_sheet_by_index(0).to_python()
        for line, column, said in zip(lines, ("证件号码", "姓名", "户编号"), (FIRST, "龙老三", "430005"), strict=True):
            line[head.index(column)] = said
        fixed = write_sheet([str(each) for each in head], lines)  # type: ignore[arg-type]
        given = await client.post(path, files={"file": ("refused.xlsx", fixed)}, headers=WAITING)
        done = await confirm(client, number)
        [open_row] = (await refused(client, number))["items"]
        right = await give(client, number, {BAD_NUMBER: {"证件号码": a_number(order="105")}})
    assert set(given.json()["answers"].values()) == {"accepted"}
    assert totals(done.json()) == (4, 1, 1, 2, 4)
    assert (open_row["row"], open_row["findings"][0]["code"]) == (BAD_NUMBER, "id_duplicate")
    assert right.json()["answers"] == {"4": "stored"}


async def test_nothing_is_left_of_what_is_let_go_or_forgotten(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        first, second = (await attempt(client))["id"], (await attempt(client))["id"]
        await give(client, first, RIGHT)
        let_go = await client.post(f"{IMPORTED}/{first}/cancel")
        async with context.database.transaction() as tx:
            forget = forgets_trials(IMPORTS)
            settings = context.settings
            assert await forget(tx, settings, 10) == 0
            assert await forget(tx, settings.model_copy(update={"trial_days": -1}), 10) == 1
        shown, listing = await look(client, second), (await client.get(IMPORTED)).json()["items"]
        asked = [await confirm(client, number) for number in (first, second)]
        told = await give(client, second, RIGHT)
        assert await pieces(context) == (0, 0)
        assert await listed(client) == []
    assert (let_go.status_code, let_go.json()["state"], let_go.json()["rows"]) == (200, "cancelled", {})
    assert (shown["state"], shown["rows"], shown["open_refused"]) == ("expired", {}, 0)
    assert [each["state"] for each in listing] == ["expired", "cancelled"]
    assert [each.status_code for each in asked] == [409, 409]
    assert told.status_code == 422


async def test_what_is_not_judged_yet_is_not_confirmed(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = (await attempt(client))["id"]
        nodes.stop_working()
        body = {"rows": [{"row": NO_NAME, "values": {"姓名": "龙老三"}}]}
        await client.post(f"{IMPORTED}/{number}/refused", json=body)
        other = await client.post(
            IMPORTED, data={"kind": "people", "tried_first": "true"}, files={"file": ("people.csv", FILE)}
        )
        asked = [await client.post(f"{IMPORTED}/{each}/confirm") for each in (number, other.json()["id"])]
    assert other.json()["state"] == "trying"
    assert [each.status_code for each in asked] == [409, 409]


async def test_a_confirmed_file_that_is_killed_amid_its_rows_loses_nothing_that_was_put_right(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed when some rows are in, and again when the rows that come back are being kept."""
    monkeypatch.setattr(taking, "PORTION", 10)
    context = await nodes.open(SERVICE)
    rows = [a_row(a_number("19800202", f"{n:03}"), "", 户编号=f"44{n:04}") for n in range(30)]
    async with client_of(context) as client:
        number = (await attempt(client, a_file(*rows)))["id"]
        await give(client, number, {n + 2: {"姓名": "龙老大" if n else "=龙"} for n in range(30)})
        nodes.stop_working()
        assert (await client.post(f"{IMPORTED}/{number}/confirm")).status_code == 202
        for name in ("_write_portion", "settle"):
            with monkeypatch.context() as patched:
                patched.setattr(
                    taking.Taking, name, dying(getattr(taking.Taking, name), after=name == "_write_portion")
                )
                with pytest.raises(asyncio.CancelledError):
                    await worker.take_next_in(context, IMPORTS)
        assert await worker.take_next_in(context, IMPORTS)
        done = await look(client, number)
        assert len(await listed(client)) == 29
    assert totals(done) == (29, 1, 1, 29, 29)
    assert (done["state"], done["findings"]["2"][0]["code"]) == ("done", "name_formula")
    assert (await pieces(context))[0] == 0


async def test_what_was_put_right_and_did_not_get_in_can_be_given_again(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fall(*_: Any) -> None:
        raise RuntimeError("a fault of ours")

    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = (await attempt(client))["id"]
        await give(client, number, RIGHT)
        with monkeypatch.context() as patched:
            patched.setattr(taking.Taking, "_write_portion", fall)
            failed = await confirm(client, number)
        again = (await refused(client, number))["items"]
        done = await give(client, number, {NO_HOUSEHOLD: {"户编号": "430005"}, NO_NAME: {"村": "老寨村"}})
        assert SECOND not in str(again)
    assert failed.json()["state"] == "failed"
    assert [(row["row"], row["findings"] != []) for row in again] == [(4, False), (5, False), (6, True)]
    assert done.json()["answers"] == {"5": "stored", "6": "stored"}


async def test_who_may_import_may_confirm_and_nobody_else(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = (await attempt(client))["id"]
    for role in ("cadre", "auditor", "analyst"):
        async with client_of(context, role) as client:
            assert (await confirm(client, number)).status_code == 403, role
