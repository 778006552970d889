"""Introductions (介绍上岗): where each one stands and why, and why somebody did not get another vacancy."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.console.routes.pages import ROWS
from services.console.routes.session import Filter, Visitor, visits

pages = APIRouter(include_in_schema=False)


@pages.get("/introductions")
async def list_introductions(
    visitor: Annotated[Visitor, visits("matching.introduction.list")],
    state: Filter = "",
    city: Filter = "",
    run: Filter = "",
    after: Filter = "",
) -> Response:
    answer = await visitor.ask("/matching/v1/introductions", state=state, city=city, run=run, after=after, limit=ROWS)
    return visitor.show("introductions.html", answer, state=state, city=city, run=run)


@pages.get("/introductions/{introduction}")
async def show_introduction(
    visitor: Annotated[Visitor, visits("matching.introduction.show")], introduction: UUID
) -> Response:
    return visitor.show("introduction.html", await visitor.ask(f"/matching/v1/introductions/{introduction}"))


@pages.get("/explanations/{person}/{vacancy}")
async def explain(
    visitor: Annotated[Visitor, visits("matching.explanation.show")], person: UUID, vacancy: UUID, run: Filter = ""
) -> Response:
    """为什么是(不是)这个岗位: the rule, the cutoff or the lottery, with every number used."""
    answer = await visitor.ask(f"/matching/v1/people/{person}/explanations/{vacancy}", run=run)
    return visitor.show("explanation.html", answer)
