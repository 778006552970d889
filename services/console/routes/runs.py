"""Matching runs (匹配轮次): how far each is, what crossed each channel, and the versions of the weights they name."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.console.routes.session import Visitor, visits

pages = APIRouter(include_in_schema=False)


@pages.get("/runs")
async def list_runs(visitor: Annotated[Visitor, visits("matching.run.list")]) -> Response:
    return await visitor.show_list("runs.html", await visitor.ask_list("/matching/v1/runs"))


@pages.get("/weights")
async def list_weights(visitor: Annotated[Visitor, visits("matching.weights.list")]) -> Response:
    """For whoever convenes runs and for whoever publishes weights."""
    return await visitor.show_list("weights.html", await visitor.ask_list("/matching/v1/weights"))


@pages.get("/runs/{run}")
async def show_run(visitor: Annotated[Visitor, visits("matching.run.show")], run: UUID) -> Response:
    return visitor.show("run.html", await visitor.ask(f"/matching/v1/runs/{run}"))
