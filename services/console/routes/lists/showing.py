"""A list or a record on a page: asked of its service in the person's name, with names where the register tells them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from services.console.clients import Answer
from services.console.routes.offering import offered_steps
from services.console.routes.pages import ROWS
from services.console.routes.people_named import names_of
from services.console.routes.session import Visitor, visits
from services.console.rules.listings import Beside, Listing, Record


def add_listing(pages: APIRouter, path: str, listing: Listing) -> None:
    async def show_list(request: Request, visitor: Visitor = visits(listing.action)) -> Response:
        given, today = request.query_params, visitor.context.node.today()
        asked = {each.name: each.asked(given.get(each.name, ""), today) for each in listing.filters}
        answer = await visitor.ask_list(listing.address.format(**request.path_params), **asked)
        people = await names_of(visitor, answer.items)
        offered = offered_steps(visitor.frame, listing.steps, {})
        total = await _count(visitor, listing, asked)
        return await visitor.show_list(
            "list.html", answer, listing=listing, asked=asked, people=people, offered=offered, total=total
        )

    pages.add_api_route(path, show_list, methods=["GET"])


async def _count(visitor: Visitor, listing: Listing, asked: Mapping[str, str]) -> int | None:
    """How many rows there are in all; None where the service does not count them, or does not answer."""
    if listing.counted is None:
        return None
    address, member = listing.counted
    counted = await visitor.ask(address, **asked)
    return int(counted.data[member] or 0) if counted.ok else None


async def _lists_beside(visitor: Visitor, record: Record, row: Mapping[str, Any]) -> list[tuple[Beside, Answer]]:
    """Asked at once; whoever may not see one has none."""
    mine = [each for each in record.beside if visitor.frame.may(each.action)]
    asked = (visitor.ask(each.address.format_map(row), **each.asked(row), limit=ROWS) for each in mine)
    return list(zip(mine, await asyncio.gather(*asked), strict=True))


def add_record(pages: APIRouter, path: str, record: Record) -> None:
    async def show_record(request: Request, visitor: Visitor = visits(record.action)) -> Response:
        places = request.path_params
        answer = await visitor.ask(record.address.format(**places))
        row = answer.data if answer.ok else {}
        people = await names_of(visitor, [row] if row else [])
        offered = offered_steps(visitor.frame, record.steps, {**row, **places}) if row else []
        beside = await _lists_beside(visitor, record, {**row, **places}) if row else []
        return visitor.show("record.html", answer, record=record, people=people, offered=offered, beside=beside)

    pages.add_api_route(path, show_record, methods=["GET"])
