"""A list or a record on a page: asked of its service in the person's name, with names where the register tells them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from services.console.routes.offering import offered_steps
from services.console.routes.people_named import names_of
from services.console.routes.session import Visitor, visits
from services.console.rules.listings import Listing, Record


def add_listing(pages: APIRouter, path: str, listing: Listing) -> None:
    async def show_list(request: Request, visitor: Visitor = visits(listing.action)) -> Response:
        given, today = request.query_params, visitor.context.node.today()
        asked = {each.name: each.asked(given.get(each.name, ""), today) for each in listing.filters}
        answer = await visitor.ask_list(listing.address.format(**request.path_params), **asked)
        people = await names_of(visitor, answer.items)
        offered = offered_steps(visitor.frame, listing.steps, {})
        return await visitor.show_list(
            "list.html", answer, listing=listing, asked=asked, people=people, offered=offered
        )

    pages.add_api_route(path, show_list, methods=["GET"])


def add_record(pages: APIRouter, path: str, record: Record) -> None:
    async def show_record(request: Request, visitor: Visitor = visits(record.action)) -> Response:
        places = request.path_params
        answer = await visitor.ask(record.address.format(**places))
        row = answer.data if answer.ok else {}
        people = await names_of(visitor, [row] if row else [])
        offered = offered_steps(visitor.frame, record.steps, {**row, **places}) if row else []
        return visitor.show("record.html", answer, record=record, people=people, offered=offered)

    pages.add_api_route(path, show_record, methods=["GET"])
