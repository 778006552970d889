"""The node's condition (节点状况): how old the oldest unsent event is, what is parked or dead, what is missing, for each service."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Response

from libs.common.api import ContextOf
from services.console.clients import Answer
from services.console.operations.restarts import list_restarts
from services.console.routes.session import Visitor, visits
from services.console.rules.backlog import behind, heads_of
from services.console.settings import ConsoleSettings

pages = APIRouter(include_in_schema=False)

SERVICES = ("registry", "jobs", "matching", "retention", "console")


@pages.get("/health")
async def show_health(visitor: Annotated[Visitor, visits("node.backlog.show")], context: ContextOf) -> Response:
    """All five are asked at once; one that is away is shown as away."""
    paths = {service: f"/{service}/v1/backlog" for service in SERVICES}
    backlogs = await visitor.neighbours.ask_all(paths, visitor.token)
    announced = {service: answer.data["heads"] or [] for service, answer in backlogs.items() if answer.ok}
    heads = heads_of(visitor.frame.node, announced)
    received = [(service, row, behind(row, heads)) for service, row in rows_of(backlogs, "received")]
    parked, letters = rows_of(backlogs, "parked_events"), rows_of(backlogs, "letters")
    restarts = list_restarts(cast(ConsoleSettings, context.settings).console_restarts)
    return visitor.show(
        "health.html", backlogs=backlogs, parked=parked, letters=letters, received=received, restarts=restarts
    )


def rows_of(backlogs: dict[str, Answer], which: str) -> list[tuple[str, Any]]:
    """One list of all services' rows, each with its service."""
    return [(service, row) for service, answer in backlogs.items() if answer.ok for row in answer.data[which] or []]
