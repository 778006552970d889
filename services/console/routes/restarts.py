"""What had to be started again at this node, for programs; the page shows it among the node's condition."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter
from pydantic import BaseModel, Field

from libs.common.api import ContextOf, allow
from libs.common.identity import Caller
from services.console.operations.restarts import Restarted, list_restarts
from services.console.settings import ConsoleSettings

router = APIRouter(prefix="/console/v1", tags=["node"])


class Restarts(BaseModel):
    """Parts that died and were started again since the node was put up."""

    parts: dict[str, Restarted] = Field(
        description="By part: PostgreSQL, Kafka, Xieli, MirrorMaker",
        examples=[{"Kafka": {"count": 1, "last": "2017-01-01T00:00:00Z", "why": "ended", "pause": 2.0}}],
    )


@router.get(
    "/restarts",
    summary="部件重启 Parts started again",
    description="Which parts of the node died and were started again, how often, when last and why; empty where nobody keeps such a record.",
)
async def show_restarts(_: Annotated[Caller, allow("node.backlog.show")], context: ContextOf) -> Restarts:
    return Restarts(parts=list_restarts(cast(ConsoleSettings, context.settings).console_restarts))
