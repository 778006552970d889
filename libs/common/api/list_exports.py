"""Every list as a workbook (名单导出): the operation that answers with pages is asked for one after another, and its rows leave as xlsx.

Nothing is read past the list itself: who may see it, whose rows, and what is masked are the same by construction.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import date
from typing import Any, BinaryIO, get_args
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from libs.common.api.dependencies import Tx, authorised
from libs.common.api.document import exported
from libs.common.database import ReadTransaction, Transaction
from libs.common.exports import HEADER, Basis, ExportMark, mark_export
from libs.common.imports.answers import XLSX
from libs.common.sheets.columns import ListSheet
from libs.common.sheets.conditions import say_conditions
from libs.common.sheets.list_workbook import ListWorkbook

# An answer is made whole before it leaves; a county's people go in, and one who asks for more is told so.
MOST_ROWS = 50_000
PAGE_ROWS = 200
_CHUNK = 64 * 1024
# What was searched for stays out of the trail and out of the file: it may be a name.
UNSAID = frozenset({"q", "lang"})
List = Callable[..., Awaitable[Any]]


def export_list(router: APIRouter, path: str, list_rows: List, sheet: ListSheet, *, tag: str | None = None) -> None:
    """Beside a list, `GET …/labourers.xlsx` with the same filters, for whoever may see the list."""
    _check_columns(list_rows, sheet)
    router.add_api_route(
        path,
        _exporting(list_rows, sheet),
        methods=["GET"],
        response_model=None,
        response_class=StreamingResponse,
        responses=exported(XLSX, "The rows of the list, with what they rest on and a mark"),
        tags=[tag] if tag else None,
        summary=f"{sheet.title}导出 The list as a workbook",
    )


def _check_columns(list_rows: List, sheet: ListSheet) -> None:
    page: type[BaseModel] = inspect.signature(list_rows, eval_str=True).return_annotation
    (row,) = get_args(page.model_fields["items"].annotation)
    if unknown := [column.name for column in sheet.columns if column.name not in row.model_fields]:
        raise TypeError(f"{sheet.what}: {row.__name__} has no {unknown}")


def _exporting(list_rows: List, sheet: ListSheet) -> Callable[..., Awaitable[Response]]:
    """An operation that takes what the list takes, but for the page."""

    async def export(*, request: Request, record: Transaction, **given: Any) -> Response:
        return await _export(list_rows, sheet, request, record, given)

    own = inspect.signature(list_rows, eval_str=True).parameters
    taken = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for name, each in own.items() if name not in _OF_A_PAGE]
    export.__signature__ = inspect.Signature([*_ADDED, *taken])  # type: ignore[attr-defined]
    export.__name__ = str(list_rows.__name__).replace("list_", "export_", 1)
    export.__doc__ = f"All pages of the list with the same filters, masked as it is, at most {MOST_ROWS} rows."
    return export


_OF_A_PAGE = frozenset({"after", "limit"})
_ADDED = [
    inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request),
    inspect.Parameter("record", inspect.Parameter.KEYWORD_ONLY, annotation=Tx),
]


async def _export(
    list_rows: List, sheet: ListSheet, request: Request, record: Transaction, given: Mapping[str, Any]
) -> Response:
    asked = {name: value for name, value in request.query_params.items() if name not in UNSAID}
    day = given.get("as_of") or record.node.today()
    with ListWorkbook(sheet.title, _told(sheet, record, day, asked), sheet.columns) as book:
        more = await _write_pages(book, list_rows, given)
        basis = Basis(day, sheet.rule, more)
        mark = mark_export(record, authorised(request), sheet.what, book.rows, basis=basis, **asked)
        file = await asyncio.to_thread(book.finish, mark)
    return _answer(file, sheet, mark)


async def _write_pages(book: ListWorkbook, list_rows: List, given: Mapping[str, Any]) -> bool:
    """Every page, while no connection is held over the writing of rows; whether more rows would follow."""
    after = None
    while True:
        page = await list_rows(**given, after=after, limit=PAGE_ROWS)
        for reading in given.values():
            if isinstance(reading, ReadTransaction):
                await reading.pause()
        await asyncio.to_thread(book.write, page.items)
        after = page.next
        if after is None or book.rows >= MOST_ROWS:
            return after is not None


def _told(sheet: ListSheet, tx: Transaction, day: date, asked: Mapping[str, str]) -> str:
    """What the list rests on, above its heads."""
    said = {
        "节点 node": f"{tx.node.name} {tx.node.id}",
        "截至 as of": str(day),
        "规则 rule": sheet.rule,
        "条件 filter": say_conditions(sheet, {name: value for name, value in asked.items() if name != "as_of"}),
    }
    return " · ".join(f"{name} {value}" for name, value in said.items() if value)


def _answer(file: BinaryIO, sheet: ListSheet, mark: ExportMark) -> Response:
    name = f"{sheet.title}-{mark.node}-{mark.as_of}.xlsx"
    plain = f"{sheet.what}-{mark.node}-{mark.as_of}.xlsx"
    place = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return StreamingResponse(
        _chunks(file), media_type=XLSX, headers={"Content-Disposition": place, HEADER: str(mark.export)}
    )


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk
