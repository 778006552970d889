"""A list as a workbook (Excel): what its service gives under the same filters, handed through in the person's name as it comes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from libs.common.exports import HEADER
from services.console.clients import Answer
from services.console.routes.lists import LISTINGS
from services.console.routes.session import Visitor, visits

pages = APIRouter(include_in_schema=False)

# Page -> what it asks the table for, and the list's address.
SHEETS = {
    "/people": ("registry.labourer.list", "/registry/v1/labourers"),
    "/people/figures": ("registry.village.list", "/registry/v1/villages"),
    "/quality/findings": ("registry.quality.show", "/registry/v1/quality/findings"),
    "/vacancies": ("jobs.vacancy.list", "/jobs/v1/vacancies"),
    "/rounds/{round}/people": ("registry.round.list_labourers", "/registry/v1/rounds/{round}/labourers"),
    "/supply": ("matching.supply.list", "/matching/v1/supply"),
    "/introductions": ("matching.introduction.list", "/matching/v1/introductions"),
    **{path: (listing.action, listing.address) for path, listing in LISTINGS.items()},
}
REFUSED = "不能导出 This list cannot be taken as a file"
_KEPT = ("content-type", "content-disposition", HEADER.lower())


def add_sheet(path: str, action: str, address: str) -> None:
    async def take_sheet(request: Request, visitor: Visitor = visits(action)) -> Response:
        asked = {name: value for name, value in request.query_params.items() if value and name not in ("after", "lang")}
        found = await visitor.neighbours.fetch(f"{address.format(**request.path_params)}.xlsx", visitor.token, **asked)
        return visitor.refuse(REFUSED, found) if isinstance(found, Answer) else hand_through(found)

    pages.add_api_route(f"{path}.xlsx", take_sheet, methods=["GET"])


def hand_through(found: httpx.Response) -> Response:
    """A file part by part, as it comes."""

    async def chunks() -> AsyncIterator[bytes]:
        try:
            async for chunk in found.aiter_raw():
                yield chunk
        finally:
            await found.aclose()

    return StreamingResponse(chunks(), headers={name: found.headers[name] for name in _KEPT if name in found.headers})


for _path, (_action, _address) in SHEETS.items():
    add_sheet(_path, _action, _address)
