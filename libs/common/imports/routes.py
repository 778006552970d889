"""The addresses that every service's imports have (导入的共同地址): the list, confirmed, cancelled, rows that came back and are given again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, made_at
from libs.common.api.uploads import File
from libs.common.identity import Caller
from libs.common.imports.answers import (
    GIVEN_WORKBOOK,
    REFUSED_ROWS,
    answers_of_repair,
    confirmed_later,
    page_of_imports,
    refused_workbook,
)
from libs.common.imports.model import ListedImport
from libs.common.imports.receiving import Door, Wait
from libs.common.imports.refused import Refused
from libs.common.imports.rows import RowState
from libs.common.imports.schemas import ImportListed, RowsGiven, RowsRefused
from libs.common.values import Asked, Count, Flag

ListImports = Callable[..., Awaitable[list[ListedImport]]]


def add_import_routes(router: APIRouter, door: Door, shown: type[BaseModel], listed: ListImports) -> None:
    """`shown` is the shape in which the service shows an import, `listed` its query of them."""
    _add_list(router, door, listed)
    _add_confirm(router, door, shown)
    _add_cancel(router, door, shown)
    _add_refused(router, door)
    _add_repair_rows(router, door, shown)
    _add_repair_workbook(router, door, shown)
    _add_refused_workbook(router, door)


def _may(door: Door, what: str) -> Any:
    return allow(f"{door.imports.service}.import.{what}")


def _add_list(router: APIRouter, door: Door, listed: ListImports) -> None:
    may = _may(door, "list")

    @router.get("/imports", summary="导入清单 List imports")
    async def list_imports(tx: Reading, after: After = None, limit: Limit = 50, _: Caller = may) -> Page[ImportListed]:
        """The newest first, with their totals."""
        return page_of_imports(await listed(tx, before=after_id(after, ImportListed), limit=limit + 1), limit)


def _add_confirm(router: APIRouter, door: Door, shown: type[BaseModel]) -> None:
    may = _may(door, "confirm")

    @router.post(
        "/imports/{number}/confirm",
        response_model=shown,
        responses=confirmed_later(shown),
        summary="确认导入 Confirm a file that was tried",
    )
    async def confirm_import(
        request: Request, response: Response, tx: Tx, wait: Wait, number: UUID, caller: Caller = may
    ) -> Any:
        """What was tried goes in, with every row that was put right since, judged anew beside what is known by then: 202 with how far it
        is, 200 when it is over, also for whoever prefers to wait. Confirmed again, it answers the same. 409 while it, or rows of it, are
        still being judged, and for one that was cancelled, expired or failed.
        """
        return await door.confirm(request, response, caller, tx, number, wait)


def _add_cancel(router: APIRouter, door: Door, shown: type[BaseModel]) -> None:
    may = _may(door, "cancel")

    @router.post("/imports/{number}/cancel", response_model=shown, summary="取消导入 Cancel an import")
    async def cancel_import(tx: Tx, number: UUID, _: Caller = may) -> Any:
        """Nothing more of it goes in, or is taken back; what is in stays in (`progress.stored`). 409 for one that is over."""
        return door.show(await door.imports.cancel(tx, number))


def _add_refused(router: APIRouter, door: Door) -> None:
    may = _may(door, "list_refused")

    @router.get("/imports/{number}/refused", summary="退回的行清单 Rows of an import that came back")
    async def list_refused(
        tx: Reading,
        number: UUID,
        questioned: Annotated[
            Asked[Flag], Query(description="存疑的行: those that are in and in which something is odd")
        ] = False,
        row: Annotated[Asked[Count] | None, Query(description="This row alone")] = None,
        after: After = None,
        limit: Limit = 50,
        _: Caller = may,
    ) -> RowsRefused:
        """Rows that can still be put right, as they came, with what was found in each cell; masked as lists are."""
        state: RowState = "questioned" if questioned else "refused"
        return await Refused(door.imports).show_page(tx, number, state, row, after, limit)


def _add_repair_rows(router: APIRouter, door: Door, shown: type[BaseModel]) -> None:
    may, made = _may(door, "repair"), made_at(f"/{door.imports.service}/v1/imports/{{id}}")

    @router.post(
        "/imports/{number}/refused",
        status_code=202,
        response_model=shown,
        responses=answers_of_repair(made, shown),
        summary="更正退回的行 Give rows of an import again",
    )
    async def repair_rows(
        request: Request, tx: Tx, once: Idempotency, wait: Wait, number: UUID, asked: RowsGiven, caller: Caller = may
    ) -> Any:
        """Rows that were refused, or in which something is odd, put right: an import of its own (202), whose `answers` say of each row
        what became of it, and whose rows count as those of the first. `Prefer: wait=60` waits for the end (201).

        What is not said of a row stays as it came. A row that is put right twice counts once; one that is refused again stays open as it
        was given last. Of a row that is in, the number by which it is known stays.
        """
        return await door.repair_rows(request, caller, tx, once, number, asked, wait)


def _add_repair_workbook(router: APIRouter, door: Door, shown: type[BaseModel]) -> None:
    may, made = _may(door, "repair"), made_at(f"/{door.imports.service}/v1/imports/{{id}}")

    @router.post(
        "/imports/{number}/refused.xlsx",
        status_code=202,
        response_model=shown,
        responses=answers_of_repair(made, shown),
        openapi_extra=GIVEN_WORKBOOK,
        summary="交回退回的行 Give the workbook of refused rows again",
    )
    async def repair_workbook(
        request: Request, file: File, tx: Tx, once: Idempotency, wait: Wait, number: UUID, caller: Caller = may
    ) -> Any:
        """The workbook of refused rows, put right: each row is known by its 原行号. Answered as rows given as JSON are."""
        return await door.repair_workbook(request, caller, tx, once, number, file, wait)


def _add_refused_workbook(router: APIRouter, door: Door) -> None:
    may = _may(door, "refused")

    @router.get(
        "/imports/{number}/refused.xlsx",
        summary="退回的行 The refused rows with reasons",
        response_class=Response,
        responses=REFUSED_ROWS,
    )
    async def show_refused(tx: Tx, number: UUID, caller: Caller = may) -> Response:
        """An xlsx with the refused rows as they came and the reason in the last column; it says on a sheet of its own who took it."""
        workbook, mark = await Refused(door.imports).take_workbook(tx, caller, number)
        return refused_workbook(workbook, mark, number)
